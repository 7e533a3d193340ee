"""Files that are written under a passing name, and get their own when they are whole and on the disk itself.

Each is locked as long as its writer lives, which the system sees to, so that those of killed processes can be told.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from octavo.domain.disk import space_on_disk
from octavo.storage.blob_checks import READ_ONLY

_BUFFER = 256 * 1024


class HalfFile:
    """A file that is being written."""

    def __init__(self, folder: Path) -> None:
        self._path, number = _create(folder)
        self._file = os.fdopen(number, "wb", _BUFFER)

    def write(self, chunk: bytes) -> None:
        """Go on.

        Raises:
            OutOfSpace: the disk is full.
            StorageFailed: it cannot be written to.
        """
        with space_on_disk():
            self._file.write(chunk)

    def finish(self, path: Path) -> None:
        """Give it its name, once the bytes have reached the disk: whoever reads them after a power cut finds all.

        Raises:
            OutOfSpace: the disk is full.
            StorageFailed: it cannot be written to.
        """
        with space_on_disk():
            self._file.flush()
            self._path.chmod(READ_ONLY)
            os.fsync(self._file.fileno())
            make_folder(path.parent)
            if sys.platform == "win32":  # where nobody renames an open file
                self._file.close()
            self._path.replace(path)
            self._path = path
            sync_folder(path.parent)

    def close(self) -> None:
        """Nothing more is written."""
        with suppress(OSError):  # what could not be written before cannot be now
            self._file.close()

    def remove(self) -> None:
        """It was not finished, or nobody shall find it."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


@contextmanager
def half_file(folder: Path) -> Iterator[HalfFile]:
    """A new file in `folder`, which goes when what is inside fails.

    Raises:
        OutOfSpace: the disk is full.
        StorageFailed: it cannot be made.
    """
    with space_on_disk():
        file = HalfFile(folder)
    try:
        yield file
    except BaseException:
        file.close()
        file.remove()
        raise
    file.close()


def remove_half_files(folder: Path) -> None:
    """Remove what processes that are gone left in `folder`."""
    for path in folder.iterdir():
        with suppress(OSError):  # its writer just finished it, or the system lets nobody remove an open file
            if sys.platform == "win32":
                path.unlink()
                continue
            number = os.open(path, os.O_RDWR)  # some network disks lock nothing else
            try:
                if _lock(number, wait=False):
                    path.unlink()
            finally:
                os.close(number)


def make_folder(folder: Path) -> None:
    """Make a folder that its owner alone looks into, and its parents, to last.

    Raises:
        OSError: it cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk.

    Raises:
        OSError: they cannot.
    """
    if sys.platform == "win32":  # which keeps a journal of names, and opens no folders
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _create(folder: Path) -> tuple[Path, int]:
    """A file of our own, locked; another one where somebody else took it for left behind before it was locked."""
    while True:
        path = folder / token_hex(16)
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _lock(number, wait=True)
            if os.fstat(number).st_nlink:
                return path, number
        except OSError:
            path.unlink(missing_ok=True)
            os.close(number)
            raise
        os.close(number)


def _lock(number: int, *, wait: bool) -> bool:
    """Lock an open file until it is closed; False if another has, and we do not wait."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(number, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
