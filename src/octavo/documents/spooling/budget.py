"""How many bytes of documents lie on disk for requests at a time: one count for a whole server."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from pathlib import Path

from octavo.domain.errors import Overloaded

_FEW = 64


class SpoolBudget:
    """Counts bytes by the folder that they lie in; what was in a folder counts no more once the folder is gone.

    So nothing has to be given back by a request that ends, however it ends. Any thread.

    Attributes:
        max_bytes: at a time, in all folders together.
        refused: how often there was no room.
    """

    def __init__(self, max_bytes: int = sys.maxsize) -> None:
        """`max_bytes`: of all folders together; without it there is no limit."""
        self.max_bytes = max_bytes
        self.refused = 0
        self._taken: Counter[Path] = Counter()
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
        """Count `size` bytes that are about to be written into `folder`.

        Raises:
            Overloaded: there would be too many; none is counted.
        """
        with self._lock:
            if self._sum + size > self.max_bytes or len(self._taken) > self._many:
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

    def _forget(self) -> None:
        """Drop the folders that are gone; done again when there are twice as many as are left."""
        self._taken = Counter({folder: size for folder, size in self._taken.items() if folder.exists()})
        self._sum = self._taken.total()
        self._many = 2 * len(self._taken) + _FEW
