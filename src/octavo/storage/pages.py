"""Finished pages on disk, a folder for each: the page, and the pictures that were cut from it.

Names are digests. A page is there when its file has its final name, so that nothing half-written is ever read. Who
holds what is known in memory alone: after a restart nobody holds anything, and the pages of before are kept until
their time is up.
"""

from __future__ import annotations

import shutil
import stat
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from octavo.domain.disk import space_on_disk
from octavo.domain.errors import EngineFailed
from octavo.domain.portable import from_bytes, to_bytes
from octavo.domain.result import RecognizedPage

FRESH = 16
"""Pages that are at hand in memory as well: most requests have few pages, and read them back at once."""
FRESH_BYTES = 256 * 1024
"""Of a page on disk. Larger ones are read back from there, for in memory they take several times as much."""
_FILE = "page.bin"
_GONE = ".gone"
"""How folders end that are about to be removed."""
NO_ROOM = "The disk of the server is full, so this page cannot be kept. Make room there."


@dataclass(frozen=True, slots=True)
class _Kept:
    """A finished page: when its time is up (seconds since 1970), and its bytes with those of its pictures."""

    until: float
    size: int


class PageFolders:
    """The `PageStore` of one process, in a folder of its own."""

    def __init__(self, folder: Path, *, keeps: float, max_bytes: int, clock: Callable[[], float] = time.time) -> None:
        """Take up what lies in `folder`, which is made if need be.

        Args:
            folder: nobody else writes there.
            keeps: seconds for which a finished page is kept though nobody holds it.
            max_bytes: of all pages together; those that were finished first go first, and none that is held.
            clock: seconds since 1970.
        """
        self._root = folder
        self._keeps = keeps
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._holders: Counter[str] = Counter()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._removals = count()
        self._fresh: OrderedDict[str, RecognizedPage] = OrderedDict()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_up()

    @property
    def keeps(self) -> float:
        """Seconds for which a finished page is kept though nobody holds it; 0 is not at all."""
        return self._keeps

    @property
    def size(self) -> int:
        """Bytes of all finished pages."""
        return self._size

    def hold(self, key: str) -> None:
        """Let a page stay."""
        with self._lock:
            self._holders[self._name(key)] += 1

    def release(self, keys: Iterable[str]) -> None:
        """Let pages go: those that nobody else holds, and that were never finished or whose time is up.

        The time of all others begins anew, so that a long document finds its first pages again however long it takes.
        """
        now = self._clock()
        with self._lock:
            names = [self._name(key) for key in keys]
            idle = [name for name in names if self._is_let_go(name)]
            doomed = [name for name in idle if name not in self._kept or self._kept[name].until <= now]
            self._forget(doomed)
            self._prolong(names, now + self._keeps)
            gone = self._set_aside(doomed)
        _remove(gone)

    def has(self, key: str) -> bool:
        """Whether the page is finished and there."""
        return self._name(key) in self._kept

    def folder(self, key: str) -> Path:
        """An empty folder for the pictures of a page that is about to be read."""
        path = self._root / self._name(key)
        with space_on_disk(full=NO_ROOM):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(mode=0o700)
        return path

    def keep(self, key: str, page: RecognizedPage) -> None:
        """The page is finished.

        Raises:
            EngineFailed: it names a picture that is not in its folder.
            OutOfSpace: the disk is full.
        """
        name = self._name(key)
        path = self._root / name
        try:
            _check_pictures(page, path)
        except (OSError, ValueError) as error:
            raise EngineFailed(
                "The reading engine broke down: a picture is not where it belongs. Try again."
            ) from error
        with space_on_disk(full=NO_ROOM):
            half = path / "half"
            written = half.write_bytes(to_bytes(page))
            half.rename(path / _FILE)
        with self._lock:
            self._enter(name, _Kept(self._clock() + self._keeps, _size_of(path)))
            if written <= FRESH_BYTES:
                self._fresh[name] = page
            if len(self._fresh) > FRESH:
                self._fresh.popitem(last=False)
        if self._size > self._max_bytes:
            self.sweep()

    def load(self, key: str) -> RecognizedPage:
        """A finished page that the caller holds."""
        name = self._name(key)
        if (page := self._fresh.get(name)) is not None:
            return page
        try:
            page = from_bytes((self._root / name / _FILE).read_bytes(), RecognizedPage)
            _check_pictures(page, self._root / name)
        except (OSError, ValueError) as error:
            with self._lock:
                self._forget([name])
            raise EngineFailed("A page that was read got lost on the disk of the server. Try again.") from error
        return page

    def sweep(self) -> None:
        """Remove pages whose time is up, and the oldest while there are too many bytes; none that is held."""
        now = self._clock()
        with self._lock:
            excess, doomed = self._size - self._max_bytes, []
            for name, kept in self._kept.items():
                if kept.until > now and excess <= 0:
                    break
                if not self._holders[name]:
                    excess -= kept.size
                    doomed.append(name)
            self._forget(doomed)
            gone = self._set_aside(doomed)
        _remove(gone)

    def close(self) -> None:
        """Nothing more is asked; what is not to be kept goes."""
        with self._lock:
            self._holders.clear()
        self.sweep()
        if not self._keeps:
            shutil.rmtree(self._root, ignore_errors=True)

    def _name(self, key: str) -> str:
        """The folder's own place is part of it, for pages name their pictures by path."""
        return sha256(f"{self._root}\n{key}".encode()).hexdigest()

    def _is_let_go(self, name: str) -> bool:
        """Locked: one holder less; whether it was the last one."""
        self._holders[name] -= 1
        if self._holders[name] > 0:
            return False
        del self._holders[name]
        return True

    def _enter(self, name: str, kept: _Kept) -> None:
        """Locked."""
        self._forget([name])
        self._kept[name] = kept
        self._size += kept.size

    def _prolong(self, names: Iterable[str], until: float) -> None:
        """Locked."""
        for name in names:
            if name in self._kept:
                self._kept[name] = replace(self._kept[name], until=until)
                self._kept.move_to_end(name)

    def _forget(self, names: Iterable[str]) -> None:
        """Locked."""
        for name in names:
            self._fresh.pop(name, None)
            if (kept := self._kept.pop(name, None)) is not None:
                self._size -= kept.size

    def _set_aside(self, names: Iterable[str]) -> list[Path]:
        """Locked: out of the way, for removing takes a while, and the same page may be read again meanwhile."""
        gone = []
        for name in names:
            with suppress(OSError):  # nothing was ever read into it
                gone.append((self._root / name).rename(self._root / f"{next(self._removals)}{_GONE}"))
        return gone

    def _take_up(self) -> None:
        """Enter the pages of an earlier process, oldest first; what it left unfinished goes."""
        _remove(self._root.glob(f"*{_GONE}"))
        found = [(file.stat().st_mtime, file.parent) for file in self._root.glob(f"*/{_FILE}")]
        for finished, path in sorted(found) if self._keeps else ():
            self._enter(path.name, _Kept(min(finished, self._clock()) + self._keeps, _size_of(path)))
        _remove(path for path in self._root.iterdir() if path.name not in self._kept)
        self.sweep()


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _check_pictures(page: RecognizedPage, folder: Path) -> None:
    """Pages come from workers, which hostile documents may have taken over, and may not make us open what they cannot.

    Raises:
        ValueError: a picture of the page is no plain file in `folder`.
        OSError: it is not there.
    """
    for picture in (block.figure.path for block in page.blocks if block.figure is not None):
        if picture.parent != folder or not stat.S_ISREG(picture.lstat().st_mode):
            raise ValueError("a picture lies elsewhere")


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
