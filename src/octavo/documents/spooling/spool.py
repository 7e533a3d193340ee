"""Bytes to disk: written to a new file that only we may read, hashed and counted as they come, never decoded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.disk import space_on_disk
from octavo.domain.document import SpooledDocument
from octavo.domain.errors import FileTooLarge, InvalidDocumentReference

PIECE = 1 << 20
"""No space, no quota, or (RLIMIT_FSIZE, small file systems) no larger file."""


class SpoolFile:
    """A new file in `folder`, under a name of its own, mode 0600; removed again when its context ends in an error.

    Attributes:
        path: where it lies.
        size: bytes written so far.
    """

    def __init__(self, folder: Path, budget: SpoolBudget | None = None) -> None:
        """Make it.

        Args:
            folder: where.
            budget: what all files of the server may take together; none is no limit.

        Raises:
            OutOfSpace: the disk is full.
        """
        with space_on_disk():
            handle, name = tempfile.mkstemp(prefix="document-", dir=folder)
        self.path = Path(name)
        self.size = 0
        self._folder = folder
        self._budget = budget or SpoolBudget()
        self._file = os.fdopen(handle, "wb", buffering=0)

    def write(self, chunk: bytes) -> None:
        """Append `chunk`.

        Raises:
            Overloaded: all files of the server together would take too much; nothing of it is written.
            OutOfSpace: the disk is full.
        """
        self._budget.take(self._folder, len(chunk))
        self.size += len(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._budget.with_room(partial(self._put, rest)) :]

    def _put(self, piece: memoryview) -> int:
        """How many bytes of it were written."""
        with space_on_disk():
            return self._file.write(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is not None:
            self.path.unlink(missing_ok=True)
            self._budget.give_back(self._folder, self.size)


class Spool(SpoolFile):
    """A document that comes in pieces: hashed, and never more than `max_bytes`."""

    def __init__(self, folder: Path, max_bytes: int, budget: SpoolBudget | None = None) -> None:
        super().__init__(folder, budget)
        self._hash = hashlib.sha256()
        self._max_bytes = max_bytes

    def write(self, chunk: bytes) -> None:
        """Append `chunk`.

        Raises:
            FileTooLarge: it would go over the limit; nothing of it is written.
            Overloaded: all files of the server together would take too much; nothing of it is written.
            OutOfSpace: the disk is full.
        """
        check_size(self.size + len(chunk), self._max_bytes)
        super().write(chunk)
        self._hash.update(chunk)

    def document(self, name: str) -> SpooledDocument:
        """What was written; `name` is for messages only."""
        return SpooledDocument(path=self.path, name=name, size=self.size, sha256=self._hash.hexdigest())


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


def spool_stream(
    chunks: Iterable[bytes], folder: Path, *, name: str, max_bytes: int, budget: SpoolBudget | None = None
) -> SpooledDocument:
    """Write chunks to a new file in `folder`.

    Raises:
        FileTooLarge: more than `max_bytes` come; nothing stays on disk.
        Overloaded: all files of the server together would take too much; nothing stays on disk.
        OutOfSpace: the disk is full; nothing stays on it.
    """
    with Spool(folder, max_bytes, budget) as spool:
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
