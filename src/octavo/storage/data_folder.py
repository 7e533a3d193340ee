"""The data folder of a server: who may look into it, and what lies where.

`spool/N` holds the documents of requests, `pages/N` finished pages, `pages/N.jobs` the batch jobs that they are kept
for. N is the first number that no other server holds, so that several may share a data folder; a lock tells, which the
system takes away when a process ends, however it does.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from octavo.domain.errors import InvalidSettings

MOST_SERVERS = 64
"""That share one data folder."""
_SERVERS = "servers"


class DataFolder:
    """One server's share of the data folder, for as long as this object lives.

    Raises:
        InvalidSettings: the folder cannot be made or written to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            root.chmod(0o700)
            lock, self._number = _claim(root)
        except OSError as error:
            reason = f"The data folder {root} cannot be used: {error.strerror}."
            raise InvalidSettings(f"{reason} Name another one with OCTAVO_DATA_DIR.") from None
        weakref.finalize(self, os.close, lock)
        # What a killed server left in the spool belongs to nobody.
        shutil.rmtree(self.spool, ignore_errors=True)
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def spool(self) -> Path:
        """Where documents of requests lie."""
        return self._root / "spool" / self._number

    @property
    def pages(self) -> Path:
        """Where finished pages lie, with those of an earlier server; made by who fills it."""
        return self._root / "pages" / self._number

    def sweep(self, keeps: float) -> None:
        """Remove what servers left that are gone: their documents, and pages finished more than `keeps` seconds ago.

        These go though they are kept for jobs, for no other server reads them; with the last of them, what says so.
        """
        for number in {path.name for path in (self._root / _SERVERS).iterdir()} - {self._number}:
            with suppress(OSError), _held(self._root / _SERVERS / number) as is_gone:
                if is_gone:
                    shutil.rmtree(self._root / "spool" / number, ignore_errors=True)
                    _remove_old(self._root / "pages" / number, keeps)


def _claim(root: Path) -> tuple[int, str]:
    """The first free number, and the descriptor of the file whose lock holds it."""
    folder = root / _SERVERS
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in map(str, range(MOST_SERVERS)):
        file = os.open(folder / number, os.O_RDWR | os.O_CREAT, 0o600)
        if _is_locked_now(file):
            return file, number
        os.close(file)
    raise InvalidSettings(f"{MOST_SERVERS} servers use the data folder {root} already. Name another one.")


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold the number of another server while it is looked after; False if that server runs."""
    file = os.open(path, os.O_RDWR)
    try:
        yield _is_locked_now(file)
    finally:
        os.close(file)


def _remove_old(pages: Path, keeps: float) -> None:
    since = time.time() - keeps
    for folder in pages.glob("*"):
        if folder.stat().st_mtime <= since:
            shutil.rmtree(folder, ignore_errors=True)
    if not any(pages.glob("*")):
        shutil.rmtree(pages.with_name(f"{pages.name}.jobs"), ignore_errors=True)


def _is_locked_now(file: int) -> bool:
    """Lock the file until it is closed; False if another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
