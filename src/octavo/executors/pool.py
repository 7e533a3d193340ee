"""Which worker processes there are: as many as asked for, and a warm one to spare for each that dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from octavo.executors.failures import never_warm
from octavo.executors.messages import Failure
from octavo.executors.process import WorkerProcess

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_GRACE = 1.0
_CALM = 0.5
"""The spare starts when nobody works, which is looked for this often: to load takes as much CPU time as a page;"""
_LOOKS = 20
"""after so many looks it starts all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """What one worker may take.

    Attributes:
        page_timeout: seconds for a page, then the worker is killed.
        inspect_timeout: seconds for the inspection of a document, then the worker is killed.
        start_timeout: seconds until it is warm.
        max_memory: bytes; a worker that takes more is killed, one that holds more than half of it after a page is
            replaced.
        max_calls: a worker that was given so many pages (or documents to inspect) is replaced.
        max_seconds: a worker that is so old, and has worked, is replaced.
        max_threads: CPUs that one page may use, however few are read; 0 is all that are free.
    """

    page_timeout: float = 45.0
    inspect_timeout: float = 10.0
    start_timeout: float = 120.0
    max_memory: int = 4 * 1024**3
    max_calls: int = 5000
    max_seconds: float = 3600.0
    max_threads: int = 0


class Pool:
    """Keeps `size` workers and one spare. Every method is called on the event loop.

    The spare is no special process: all are warm alike, at most `size` of them are busy, and the one that worked last
    works next, so that the spare is one that nobody needed. It starts once the others are warm, and if possible while
    nobody works. When a start fails, the next one waits, twice as long each time. A worker that is worn leaves only
    while there is a warm one to spare.

    Attributes:
        restarts: warm workers that died or were killed.
        recycled: workers replaced for their work, age or memory.
        closed: nothing is started any more.
        settled: set while there is a warm worker or an `outage`.
    """

    def __init__(self, *, size: int, limits: WorkerLimits, launch: Callable[[], WorkerProcess]) -> None:
        self.restarts = 0
        self.recycled = 0
        self.settled = asyncio.Event()
        self._size = size
        self._limits = limits
        self._launch = launch
        self._starting: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._warm: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._leaving: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._error: Failure | None = None
        self._pause = 0.0
        self._resume: asyncio.TimerHandle | None = None
        self._next_look: asyncio.TimerHandle | None = None
        self._looks = 0
        self.closed = False
        self._empty = asyncio.Event()

    @property
    def warm(self) -> int:
        """Workers that are ready or at work."""
        return len(self._warm)

    @property
    def workers(self) -> tuple[WorkerProcess, ...]:
        """Those that are ready or at work; any thread may ask."""
        return tuple(self._warm)

    @property
    def starting(self) -> int:
        """Workers that are not warm yet."""
        return len(self._starting)

    @property
    def outage(self) -> Failure | None:
        """Why there is no worker, while there is none."""
        return None if self._warm or self._starting else self._error

    def replenish(self) -> None:
        """Start what is missing."""
        if self.closed or self._resume is not None:
            return
        missing = self._size - self.warm - self.starting
        for _ in range(min(missing, 1) if self._pause else missing):
            self._start()
        if self._lacks_spare() and self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(_CALM, self._look_for_calm)
        self._settle()

    def _start(self) -> None:
        worker = self._launch()
        loop = asyncio.get_running_loop()
        self._starting[worker] = loop.call_later(self._limits.start_timeout, worker.kill)

    def _lacks_spare(self) -> bool:
        return self.warm == self._size and not self._starting

    def _look_for_calm(self) -> None:
        """Start the spare, or look again later."""
        self._next_look = None
        if self.closed or self._resume is not None or not self._lacks_spare():
            return
        self._looks += 1
        if len(self._idle) == self.warm or self._looks >= _LOOKS:
            self._looks = 0
            self._start()
        else:
            self._next_look = asyncio.get_running_loop().call_later(_CALM, self._look_for_calm)

    def take(self) -> WorkerProcess | None:
        """A warm worker for one call, if there is one."""
        return self._idle.pop() if self._idle else None

    def put_back(self, worker: WorkerProcess) -> None:
        """The worker has done its call; it works again, or it is worn and the spare takes its place."""
        if not worker.doomed:
            self._idle.append(worker)
            self._retire_worn()

    def _retire_worn(self) -> None:
        """Let go of idle workers that are worn, as far as there are warm ones to spare."""
        for worker in [idle for idle in self._idle if self._is_worn(idle)][: max(0, self.warm - self._size)]:
            _LOG.info("a worker is replaced after %d calls, holding %s bytes", worker.calls, worker.memory)
            self.recycled += 1
            self._idle.remove(worker)
            self._drop(worker)
            self._leaving.add(worker)
            worker.stop()
            self.replenish()

    def _is_worn(self, worker: WorkerProcess) -> bool:
        """One that never worked is as good as new, however old."""
        limits, age = self._limits, asyncio.get_running_loop().time() - worker.born
        heavy = (worker.memory or 0) > limits.max_memory / 2
        return worker.calls > 0 and (worker.calls >= limits.max_calls or heavy or age >= limits.max_seconds)

    def _drop(self, worker: WorkerProcess) -> None:
        self._warm.pop(worker).cancel()

    def warmed(self, worker: WorkerProcess) -> None:
        """The worker is ready for its first call."""
        if worker not in self._starting or worker.doomed:
            return
        self._starting.pop(worker).cancel()
        self._warm[worker] = asyncio.get_running_loop().call_later(self._limits.max_seconds, self._retire_worn)
        self._idle.insert(0, worker)
        self._error = None
        self._pause = 0.0
        self._retire_worn()
        self.replenish()
        self._settle()

    def ended(self, worker: WorkerProcess) -> None:
        """The worker's process is gone."""
        if worker in self._starting:
            self._starting.pop(worker).cancel()
            self._error = worker.start_failure or never_warm(worker.how)
            _LOG.error("%s [%s]", self._error.message, self._error.detail)
            self._back_off()
        elif worker in self._warm:
            _LOG.warning("a worker is gone after %d calls: %s", worker.calls, worker.how)
            self.restarts += 1
            self._drop(worker)
            if worker in self._idle:
                self._idle.remove(worker)
            if not worker.calls:
                self._back_off()
        self._leaving.discard(worker)
        self.replenish()
        self._settle()

    def _back_off(self) -> None:
        """A worker ended before it did anything: the next may fare the same, so wait a little."""
        if self.closed or self._resume is not None:
            return
        self._pause = min(max(_FIRST_PAUSE, 2 * self._pause), _LONGEST_PAUSE)
        self._resume = asyncio.get_running_loop().call_later(self._pause, self._try_again)

    def _try_again(self) -> None:
        self._resume = None
        self.replenish()

    def _settle(self) -> None:
        if self._warm or self.outage is not None or self.closed:
            self.settled.set()
        else:
            self.settled.clear()
        if not (self._starting or self._warm or self._leaving):
            self._empty.set()

    async def close(self) -> None:
        """End every worker: idle ones are told, others are terminated; what is left after a second is killed."""
        self.closed = True
        if self._resume is not None:
            self._resume.cancel()
        if self._next_look is not None:
            self._next_look.cancel()
        for timer in (*self._starting.values(), *self._warm.values()):
            timer.cancel()
        for worker in (*self._starting, *self._warm):
            worker.stop() if worker in self._idle else worker.terminate()
        self._leaving |= {*self._warm, *self._starting}
        self._warm.clear()
        self._starting.clear()
        self._idle.clear()
        self._settle()
        await self._wait_until_empty()
        for worker in self._leaving:
            worker.kill()
        await self._wait_until_empty()

    async def _wait_until_empty(self) -> None:
        if self._leaving:
            self._empty.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GRACE):
                    await self._empty.wait()
