"""How many bytes of documents lie on disk for requests at a time: one count for a whole server."""

from __future__ import annotations

import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from octavo.domain.errors import OutOfSpace, Overloaded

Written = TypeVar("Written")
_FEW = 64


class SpoolBudget:
    """Counts bytes by the folder that they lie in; what was in a folder counts no more once the folder is gone.

    So nothing has to be given back by a request that ends, however it ends. Folders that are kept for convenience alone
    are told to it, and removed where somebody needs their room. Any thread.

    Attributes:
        max_bytes: at a time, in all folders together.
        refused: how often there was no room.
    """

    def __init__(self, max_bytes: int = sys.maxsize) -> None:
        """`max_bytes`: of all folders together; without it there is no limit."""
        self.max_bytes = max_bytes
        self.refused = 0
        self._taken: Counter[Path] = Counter()
        self._spare: dict[Path, None] = {}
        self._sum = 0
        self._many = _FEW
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes that lie on disk now."""
        with self._lock:
            self._forget()
            return self._sum

    def take(self, folder: Path, size: int) -> None:
        """Count `size` bytes that are about to be written into `folder`; spare folders make room for them.

        Raises:
            Overloaded: there would be too many; none is counted.
        """
        with self._lock:
            if self._sum + size > self.max_bytes or len(self._taken) > self._many:
                self._forget()
            while self._sum + size > self.max_bytes and self._spare:
                self._remove_spare()
                self._forget()
            if self._sum + size > self.max_bytes:
                self.refused += 1
                raise Overloaded(
                    f"The documents of all requests together are larger than {self.max_bytes:,} bytes at the moment, "
                    "the most that is kept on disk at a time. Try again in a while; whoever runs the server can raise "
                    "the limit with OCTAVO_LIMITS__MAX_SPOOL_BYTES."
                )
            self._taken[folder] += size
            self._sum += size

    def give_back(self, folder: Path, size: int) -> None:
        """`size` bytes were removed from `folder`, which itself stays."""
        with self._lock:
            if folder in self._taken:
                self._taken[folder] -= size
                self._sum -= size

    def spare(self, folder: Path) -> None:
        """`folder` may be removed for others from now on, those that were told before it first, until it is claimed."""
        with self._lock:
            self._spare[folder] = None

    def claim(self, folder: Path) -> bool:
        """`folder` is needed again, or removed by whoever told of it; False where it is no spare one, or gone."""
        with self._lock:
            if folder not in self._spare:
                return False
            del self._spare[folder]
            return True

    def with_room(self, write: Callable[[], Written]) -> Written:
        """What `write` gives; where the disk is full, it is called again once a spare folder is removed.

        Raises:
            OutOfSpace: the disk is full, and there is none.
        """
        while True:
            try:
                return write()
            except OutOfSpace:
                with self._lock:
                    if not self._spare:
                        raise
                    self._remove_spare()

    def _remove_spare(self) -> None:
        folder = next(iter(self._spare))
        del self._spare[folder]
        shutil.rmtree(folder, ignore_errors=True)

    def _forget(self) -> None:
        """Drop the folders that are gone; done again when there are twice as many as are left."""
        self._taken = Counter({folder: size for folder, size in self._taken.items() if folder.exists()})
        self._sum = self._taken.total()
        self._many = 2 * len(self._taken) + _FEW
