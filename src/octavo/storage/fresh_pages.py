"""Pages that are at hand in memory as well as on disk: most are read back at once, and twice, for the answer."""

from __future__ import annotations

from collections import OrderedDict

from octavo.domain.result import RecognizedPage

MOST_BYTES = 4 * 1024 * 1024
"""Of all pages on disk: a hundred and more of most documents. In memory they take four to six times as much."""


class FreshPages:
    """The pages that were put in last. The caller holds a lock; but for `get`."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, tuple[RecognizedPage, int]] = OrderedDict()
        self._size = 0

    def get(self, name: str) -> RecognizedPage | None:
        """A page, if it is at hand."""
        page, _ = self._pages.get(name, (None, 0))
        return page

    def put(self, name: str, page: RecognizedPage, size: int) -> None:
        """Another page, of `size` bytes on disk; others make room."""
        self.drop(name)
        self._pages[name] = page, size
        self._size += size
        while self._size > MOST_BYTES:
            self.drop(next(iter(self._pages)))

    def drop(self, name: str) -> None:
        """The page is not needed any more, or is another one now."""
        _, size = self._pages.pop(name, (None, 0))
        self._size -= size
