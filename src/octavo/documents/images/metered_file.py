"""A file that can be read only so often: no loop over its parts, however many it claims to have, is endless."""

from __future__ import annotations

import io
from pathlib import Path

from octavo.domain.errors import CorruptDocument

_SPARE_BYTES = 1 << 20
_TIMES_READ = 2
"""Decoders read some parts twice; whoever reads more follows pointers that lead to the same bytes again and again."""


class MeteredFile(io.BufferedReader):
    """A file with a budget of reads and of bytes (twice its size); `refill` sets it for the next step."""

    def __init__(self, path: Path, reads: int) -> None:
        super().__init__(io.FileIO(path))
        self._size = path.stat().st_size
        self.refill(reads)

    def refill(self, reads: int) -> None:
        """Allow so many reads, and as many bytes as one decent pass needs."""
        self._reads, self._bytes = reads, _TIMES_READ * self._size + _SPARE_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as any file does, but set no more memory aside than the file has bytes, whatever `size` says.

        Raises:
            CorruptDocument: the budget is used up.
        """
        data = super().read(size if size is None else min(size, self._size))
        self._reads -= 1
        self._bytes -= len(data)
        if self._reads < 0 or self._bytes < 0:
            raise CorruptDocument(
                "The image is damaged: it has far more parts than its size allows, or refers to the same bytes again "
                "and again. Save it anew as PNG or JPEG."
            )
        return data
