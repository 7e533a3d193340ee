"""Blobs as `LocalBlobs` lays them out, in a folder that nobody uses yet: written at once, and settled on the disk once.

A blob that is put into a store that is in use waits for the disk; hundreds of thousands had to wait for hours.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from octavo.domain.backup import NamedBlob
from octavo.domain.errors import StorageFailed
from octavo.domain.file import Blob
from octavo.storage.blob_checks import DAMAGED, LOST, PIECE, READ_ONLY, Tally, check_name, is_name
from octavo.storage.half_files import sync_folder


def place_of(name: str) -> str:
    """Where a blob lies, seen from the folder of all blobs."""
    return f"{sha256(check_name(name).encode()).hexdigest()[:2]}/{name}"


class BlobTree:
    """Blobs below a folder of which nobody else knows. OSErrors are those of its disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(mode=0o700)

    def put(self, blob: NamedBlob, pieces: Iterable[bytes]) -> Blob:
        """Write a blob; nothing stays of one that is not what it should be.

        Raises:
            StorageFailed: it is damaged.
        """
        path, tally = self._root / place_of(blob.name), Tally()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with path.open("xb") as file:
                for piece in tally.of(pieces):
                    file.write(piece)
            path.chmod(READ_ONLY)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        written = tally.blob(blob.name)
        if not _is_right(blob, written):
            path.unlink()
            raise StorageFailed(DAMAGED)
        return written

    def has(self, name: str) -> bool:
        """Whether it was put."""
        return (self._root / place_of(name)).exists()

    def look(self, name: str) -> Blob:
        """Size and digest of one that was put.

        Raises:
            StorageFailed: it was not.
        """
        try:
            with (self._root / place_of(name)).open("rb") as file:
                return blob_in(name, iter(lambda: file.read(PIECE), b""))
        except FileNotFoundError:
            raise StorageFailed(LOST) from None

    def size(self, name: str) -> int:
        """Bytes of one that was put."""
        return (self._root / place_of(name)).stat().st_size

    def names(self) -> Iterator[str]:
        """All of them."""
        for folder in self._root.iterdir():
            yield from (file.name for file in folder.iterdir() if is_name(file.name))

    def remove(self, name: str) -> None:
        """It is not needed."""
        (self._root / place_of(name)).unlink()


def blob_in(name: str, pieces: Iterable[bytes]) -> Blob:
    """Size and digest of what passes by."""
    tally = Tally()
    for _ in tally.of(pieces):
        pass
    return tally.blob(name)


def settle(folder: Path) -> None:
    """Let all below a folder reach the disk.

    Raises:
        OSError: something cannot.
    """
    if _settle_disk(folder):
        return
    for root, _, files in os.walk(folder):
        for name in files:
            number = os.open(Path(root) / name, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)
        sync_folder(Path(root))


def _settle_disk(folder: Path) -> bool:
    """Wait once for a whole file system, not for each of a hundred thousand files; False where none can.

    From Linux 5.8 on it tells of what could not be written (syncfs(2)).
    """
    if sys.platform != "linux":
        return False
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    number = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(number):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(number)
    return True


def _is_right(known: NamedBlob, written: Blob) -> bool:
    return known.size in {None, written.size} and known.sha256 in {None, written.sha256} and written.size >= known.least
