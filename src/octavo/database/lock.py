"""Who owns a folder with an SQLite database: one process at a time, told by a locked file beside the database.

The system takes the lock away when a process ends, however it does. The file says who holds it: `{"pid", "url"}`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from octavo.domain.errors import InvalidSettings

DATABASE = "octavo.db"
"""Name of the database in its folder."""
_TRIES = 20
_PAUSE = 0.05  # seconds; one who only looks holds the lock for a moment
_BEHIND = 1 << 20  # where Windows, which lets nobody read what is locked, puts the lock


class FolderLock:
    """The folder of a database is ours until `close`.

    Raises:
        InvalidSettings: another process holds it, or the folder cannot be written to.
    """

    def __init__(self, database: Path) -> None:
        self._path = lock_of(database)
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InvalidSettings(
                f"The folder {database.parent} cannot be used ({error.strerror}). Name another one."
            ) from None
        if not _patiently(self._file):
            os.close(self._file)
            raise InvalidSettings(_taken(database.parent, _said(self._path)))
        self.tell(None)

    def tell(self, url: str | None) -> None:
        """Say at which address this process answers."""
        said = json.dumps({"pid": os.getpid(), "url": url}).encode()
        # In one piece, so that nobody reads a half of it; blanks cover what stood there.
        before = os.fstat(self._file).st_size
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, said.ljust(before))
        os.ftruncate(self._file, len(said))

    def close(self) -> None:
        """Let others have the folder."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1


def lock_of(database: Path) -> Path:
    """The file that is locked."""
    return database.with_name(f"{database.name}.lock")


def holder_of(folder: Path) -> tuple[int, str | None] | None:
    """Process and address of who holds the folder; None if nobody does.

    Raises:
        InvalidSettings: the folder may not be looked into.
    """
    path = lock_of(folder / DATABASE)
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidSettings(f"The folder {folder} cannot be used ({error.strerror}). Name another one.") from None
    try:
        return None if _is_locked_now(file) else _said(path)
    finally:
        os.close(file)


def _said(path: Path) -> tuple[int, str | None]:
    """What its holder wrote; process 0 if it has not come to write anything."""
    for _ in range(_TRIES):
        try:
            said = json.loads(path.read_bytes())
            return int(said["pid"]), said["url"]
        except (ValueError, KeyError, TypeError):
            time.sleep(_PAUSE)
    return 0, None


def _taken(folder: Path, holder: tuple[int, str | None]) -> str:
    pid, url = holder
    who = f"process {pid}" if pid else "another process"
    where = f", which answers at {url}" if url else ""
    return (
        f"The data folder {folder} is in use by {who}{where}. Talk to that one, end it, or name another folder with "
        "OCTAVO_DATA_DIR."
    )


def _patiently(file: int) -> bool:
    for _ in range(_TRIES):
        if _is_locked_now(file):
            return True
        time.sleep(_PAUSE)
    return False


def _is_locked_now(file: int) -> bool:
    """Lock the file until it is closed; False if another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _BEHIND, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
