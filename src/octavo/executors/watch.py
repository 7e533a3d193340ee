"""Watches how much memory workers take while they read, and ends the one that takes too much."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from octavo.executors.process import Excess, WorkerProcess

_PAUSE = 0.2
_ORDINARY = 1024**3
"""Bytes. Pages that take less are what workers are for: they are not ended for the sake of others."""


class MemoryWatch:
    """One thread for all workers of an executor. A worker that has no call is never ended."""

    def __init__(self, workers: Callable[[], Iterable[WorkerProcess]], limit: int, together: int | None) -> None:
        """Nothing starts yet.

        Args:
            workers: those that are warm now; called in the thread of the watch.
            limit: bytes that one worker may take.
            together: bytes that all may take; past it, the one that holds most is ended, unless that is no more than
                an ordinary page takes. None is no limit.
        """
        self._workers = workers
        self._limit = limit
        self._together = together
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="octavo-memory", daemon=True)

    def start(self) -> None:
        """Begin to watch, once."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Watch no more, for good."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(_PAUSE):
            self._look()

    def _look(self) -> None:
        held = {worker: worker.resident() for worker in self._workers() if not worker.doomed}
        busy = [(size, call, worker) for worker, size in held.items() if (call := worker.current) is not None]
        for size, call, worker in busy:
            if size > self._limit:
                worker.kill_for(Excess(call=call, held=size))
        together = sum(size for worker, size in held.items() if not worker.doomed)
        if busy and self._together is not None and together > self._together:
            size, call, worker = max(busy, key=lambda each: each[0])
            if size > _ORDINARY:
                worker.kill_for(Excess(call=call, held=size, together=together))
