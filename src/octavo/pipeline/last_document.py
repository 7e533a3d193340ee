"""The document of the last page stays open for the next, which is most often of the same one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from octavo.domain.ports import DocumentReader

OpenDocument = Callable[[Path, str | None], DocumentReader]
"""Opens the document at a path with a password (or None)."""


class LastDocument:
    """Holds at most one open document; one thread at a time."""

    def __init__(self, open_document: OpenDocument) -> None:
        """Nothing is opened yet."""
        self._open_document = open_document
        self._key: tuple[Path, str | None] | None = None
        self._reader: DocumentReader | None = None

    def opened(self, path: Path, password: str | None) -> DocumentReader:
        """The document at `path`, opened now unless it is the last one.

        Raises:
            UnsupportedDocument, CorruptDocument, EncryptedDocument, FileTooLarge.
        """
        if self._reader is None or self._key != (path, password):
            self.close()
            self._reader = self._open_document(path, password)
            self._key = (path, password)
        return self._reader

    def close(self) -> None:
        """Close it, if there is one."""
        if self._reader is not None:
            self._reader.close()
        self._reader, self._key = None, None
