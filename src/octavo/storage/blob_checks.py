"""What is checked of every blob, wherever it lies: its name, its size, its digest."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from octavo.domain.disk import space_on_disk
from octavo.domain.errors import StorageFailed
from octavo.domain.file import Blob

PIECE = 1024 * 1024
"""Bytes that are read at a time."""
READ_ONLY = 0o400 if os.name == "posix" else 0o600
"""Mode of what never changes; elsewhere what may not be written to may not be removed either."""
_NAME = re.compile(r"[A-Za-z0-9-]{1,128}")
LOST = (
    "The bytes of this file got lost on the server. Upload it again; whoever runs the server should see to its storage."
)
DAMAGED = (
    "The bytes of this file are damaged on the server: they are not those that were stored. Upload it again; whoever "
    "runs the server should see to its storage."
)


def is_name(name: str) -> bool:
    """Whether a blob may be called so: a name never leaves its folder, for it has neither dots nor slashes."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> str:
    """The name itself.

    Raises:
        ValueError: no blob is called so.
    """
    if not is_name(name):
        raise ValueError("the name of a blob has 1 to 128 letters, digits and -")
    return name


def check_range(offset: int, length: int | None) -> None:
    """Before anything is read.

    Raises:
        ValueError: a number is negative.
    """
    if offset < 0 or (length or 0) < 0:
        raise ValueError("a blob is read from 0 or more on, and for 0 bytes or more")


class Tally:
    """Size and digest of bytes that pass by."""

    def __init__(self) -> None:
        self._digest = sha256()
        self._size = 0

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, counted."""
        for chunk in chunks:
            self._digest.update(chunk)
            self._size += len(chunk)
            yield chunk

    def blob(self, name: str) -> Blob:
        """What passed by, under this name."""
        return Blob(name=name, size=self._size, sha256=self._digest.hexdigest())

    def check(self, blob: Blob) -> None:
        """All bytes of the blob passed by.

        Raises:
            StorageFailed: they are not those that were put.
        """
        if self.blob(blob.name) != blob:
            raise StorageFailed(DAMAGED)


def write_checked(pieces: Iterable[bytes], blob: Blob, path: Path) -> None:
    """Write the blob to `path`, which is there whole and right, or as it was before.

    Raises:
        OutOfSpace: the disk is full.
        StorageFailed: the pieces are not the blob.
    """
    tally, half = Tally(), path.with_name(f"{path.name}.{token_hex(8)}")
    try:
        with space_on_disk():
            with half.open("xb") as file:
                for piece in tally.of(pieces):
                    file.write(piece)
            tally.check(blob)
            half.chmod(READ_ONLY)
            half.replace(path)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
