"""Bytes to disk: written to a new file that only we may read, hashed and counted as they come, never decoded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from octavo.domain.document import SpooledDocument
from octavo.domain.errors import FileTooLarge, InvalidDocumentReference

PIECE = 1 << 20


class Spool:
    """A new file in `folder`, under a name of its own, mode 0600; removed again when its context ends in an error.

    Attributes:
        size: bytes written so far; never more than `max_bytes`.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        handle, name = tempfile.mkstemp(prefix="document-", dir=folder)
        self._path = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._hash = hashlib.sha256()
        self._max_bytes = max_bytes
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Append `chunk`.

        Raises:
            FileTooLarge: it would go over the limit; nothing of it is written.
        """
        check_size(self.size + len(chunk), self._max_bytes)
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def document(self, name: str) -> SpooledDocument:
        """What was written, flushed; `name` is for messages only."""
        self._file.flush()
        return SpooledDocument(path=self._path, name=name, size=self.size, sha256=self._hash.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)


def check_size(size: int, max_bytes: int) -> None:
    """Compare bytes with the limit.

    Raises:
        FileTooLarge: there are more.
    """
    if size > max_bytes:
        raise FileTooLarge(
            f"The document is larger than {max_bytes:,} bytes, the most that is taken here. Send a smaller one, "
            "or raise the limit with OCTAVO_LIMITS__MAX_FILE_BYTES."
        )


def spool_stream(chunks: Iterable[bytes], folder: Path, *, name: str, max_bytes: int) -> SpooledDocument:
    """Write chunks to a new file in `folder`.

    Raises:
        FileTooLarge: more than `max_bytes` come; nothing stays on disk.
    """
    with Spool(folder, max_bytes) as spool:
        for chunk in chunks:
            spool.write(chunk)
        return spool.document(name)


def spool_bytes(data: bytes, folder: Path, *, name: str, max_bytes: int) -> SpooledDocument:
    """Write `data` to a new file in `folder`.

    Raises:
        FileTooLarge: there are more than `max_bytes`.
    """
    return spool_stream(
        (data[start : start + PIECE] for start in range(0, len(data), PIECE)), folder, name=name, max_bytes=max_bytes
    )


def spool_file(path: Path, *, max_bytes: int | None = None) -> SpooledDocument:
    """A local file where it lies, hashed but not copied.

    Raises:
        InvalidDocumentReference: there is no such file, or it may not be read.
        FileTooLarge: it has more than `max_bytes`.
    """
    if not path.is_file():
        raise InvalidDocumentReference(
            f"{path} is {'no file' if path.exists() else 'not there'}. Name a PDF or an image."
        )
    try:
        return _hashed(path, max_bytes)
    except OSError as error:
        raise InvalidDocumentReference(f"{path} cannot be read: {error.strerror or error}.") from error


def _hashed(path: Path, max_bytes: int | None) -> SpooledDocument:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        check_size(size, size if max_bytes is None else max_bytes)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SpooledDocument(path=path, name=path.name, size=size, sha256=digest)
