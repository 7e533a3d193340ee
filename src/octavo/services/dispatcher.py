"""Lines that are worked on: leased in small blocks, in turn between owners, answered like any request, recorded."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from octavo.documents.spooling.unbroken import finished
from octavo.domain.batch import Lease
from octavo.domain.errors import (
    DatabaseFailed,
    NoWorker,
    OctavoError,
    OutOfSpace,
    Overloaded,
    ShuttingDown,
    StorageFailed,
    WorkerEvicted,
)
from octavo.domain.stores import BatchLedger
from octavo.services.files import FileService
from octavo.services.folder import RequestFolder
from octavo.services.job_turns import JobTurns
from octavo.services.outcomes import LineResult, OutcomeWriter
from octavo.services.setbacks import Setbacks
from octavo.services.stock import Stock

_LOG = logging.getLogger(__name__)
PAUSE = 5.0
"""Seconds for which no line is begun, or none of one job, after one could not be worked on by no fault of its own."""
TRIES = 5
"""After so many tries a line fails that cannot be worked on for a reason that may yet be its own."""
REFUSALS = 12
REFUSED = 60.0
"""After so many tries over so many seconds a line fails for whose document there is no room."""
CLOSING = 5.0
"""Seconds for which results are still written down when the server ends; what is not by then is done again."""
LASTING = 45.0
"""Seconds after a sign of life for which leases are surely not run out."""
MOST_UNRECORDED = 1024
LOOK = 0.5
"""Seconds between two looks for jobs that shall stop."""
REFILL = 0.1
"""Seconds between two looks for jobs of which nothing is in stock, as long as there is something."""
MOST_JOBS = 4
"""Jobs of one owner of which lines are in stock."""
BLOCK_LASTS = 0.5
"""Seconds for which lines are leased that are done in no time; others in small blocks, for other servers want some."""
MOST_LEASED = 256
"""Lines of a block."""

_PATIENT = (ShuttingDown, OutOfSpace, DatabaseFailed, NoWorker)
"""These stop every line."""
_DOUBTFUL = (Overloaded, StorageFailed, WorkerEvicted)
"""These may be the line's own doing, and stop its job alone."""


class LineAnswerer(Protocol):
    """Answers one line as `/v1/ocr` answers a request."""

    async def answer(self, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        """What becomes of the line; a large result may lie in `folder`, which stays until it is recorded.

        Raises:
            OctavoError: one that concerns no line in particular, so that this one is to be tried again.
        """
        ...

    def failure(self, lease: Lease, error: Exception) -> LineResult:
        """The result of a line that could not be read itself."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class Dispatcher:
    """Keeps `slots` lines at work.

    Attributes:
        slots: more than there are workers, so that one line is fetched while others are recognised or written.
        spool_dir: where the folder of each line is made.
        changed: told when a line is done.
        done: told when all are that were begun.
    """

    ledger: BatchLedger
    files: FileService
    writer: OutcomeWriter
    answerer: LineAnswerer
    spool_dir: Path
    slots: int
    changed: Callable[[], None] = lambda: None
    done: Callable[[], None] = lambda: None
    _stock: Stock = field(default_factory=Stock)
    _turns: JobTurns = field(default_factory=JobTurns)
    _served: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _reading: dict[asyncio.Task[None], Lease] = field(default_factory=dict)
    _recording: set[asyncio.Task[None]] = field(default_factory=set)
    _undone: list[Lease] = field(default_factory=list)
    _doubts: Counter[tuple[str, int]] = field(default_factory=Counter)
    _refusals: Counter[tuple[str, int]] = field(default_factory=Counter)
    _refused_since: dict[tuple[str, int], float] = field(default_factory=dict)
    _setbacks: Setbacks = field(default_factory=Setbacks)
    _trouble: str = ""
    _resume: float = 0.0
    _looked: float = 0.0
    _alive: float = 0.0
    _refilled: float = 0.0
    _begun: int = 0

    @property
    def running(self) -> int:
        """Lines that are worked on now."""
        return len(self._reading)

    async def step(self) -> bool:
        """Drop what shall stop, give back what is undone, begin lines while there are slots; whether any was begun."""
        await self._stop()
        await self._give_back()
        if asyncio.get_running_loop().time() < self._resume or self.writer.stuck:
            return False
        if not self._is_alive():
            return False
        await self._refill()
        return self._is_alive() and self._begin()

    def lives(self) -> None:
        """The leases begin anew; what was leased before a long silence may be another's by now, and is let go."""
        if not self._is_alive():
            self._undone += self._stock.drop()
        self._alive = asyncio.get_running_loop().time()
        self.changed()

    def _is_alive(self) -> bool:
        return asyncio.get_running_loop().time() - self._alive < LASTING

    async def close(self) -> None:
        """Stop working, record what is answered, give the rest back."""
        for task in self._reading:
            task.cancel()
        await self._recorded()
        self._undone += self._stock.drop()
        try:
            await self._give_back()
        except (DatabaseFailed, StorageFailed) as error:
            _LOG.warning("lines are not given back, and begun again once that is seen: %s", error)

    async def _recorded(self) -> None:
        """Wait for what is being recorded, but not for a disk or a database that do not answer."""
        tasks = {*self._reading, *self._recording}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=CLOSING)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stop(self) -> None:
        """Let go of jobs that were cancelled or are out of time."""
        now = asyncio.get_running_loop().time()
        if now - self._looked < LOOK:
            return
        self._looked = now
        if not self._reading and not len(self._stock):
            return
        stopping = set(await self.files.threads.run(self.ledger.stopping))
        for task, lease in self._reading.items():
            if lease.job_id in stopping:
                task.cancel()
        self._let_go(stopping)

    def _let_go(self, jobs: Collection[str]) -> None:
        """Begin no more lines of these."""
        self._undone += self._stock.drop(jobs)

    async def _give_back(self) -> None:
        if self._undone:
            undone, self._undone = self._undone, []
            try:
                await self.files.threads.run(self.ledger.release, self.writer.holder, undone)
            except BaseException:
                self._undone += undone
                raise

    async def _refill(self) -> None:
        """Lease lines for owners who have few jobs in stock, whoever was served longest ago first."""
        now = asyncio.get_running_loop().time()
        if len(self._stock) and now - self._refilled < REFILL:
            return
        block = self._block(now)
        self._refilled, self._begun = now, 0
        jobs = self._turns.next_of(await self.files.threads.run(self.ledger.queues))
        waiting = self._setbacks.waiting()
        order = [*(owner for owner in self._served if owner in jobs), *(jobs.keys() - self._served.keys())]
        for owner in order:
            new = [job for job in jobs[owner] if job not in waiting and job not in self._stock.jobs_of(owner)]
            for job in new[: MOST_JOBS - len(self._stock.jobs_of(owner))]:
                # To its end, even when the server ends: what is leased must be known to be given back.
                await finished(self._lease(job, self.slots if self._stock.jobs_of(owner) else block))

    def _block(self, now: float) -> int:
        """Lines to lease of the first job of an owner: as many as are done in a while, at their present pace."""
        fast = int(self._begun * BLOCK_LASTS / max(now - self._refilled, BLOCK_LASTS / MOST_LEASED))
        return min(max(2 * self.slots, fast), MOST_LEASED)

    async def _lease(self, job: str, block: int) -> None:
        self._stock.put(await self.files.threads.run(self.ledger.lease, self.writer.holder, job, block))
        self._turns.served(job)

    def _begin(self) -> bool:
        """Begin lines, one of each owner in turn."""
        begun = 0
        while len(self._stock) and len(self._reading) < self.slots and len(self._recording) < MOST_UNRECORDED:
            lease = self._stock.take()
            self._served[lease.owner] = None
            self._served.move_to_end(lease.owner)
            self._reading[asyncio.create_task(self._work(lease))] = lease
            begun += 1
        self._begun += begun
        return begun > 0

    async def _work(self, lease: Lease) -> None:
        """Answer one line and record it; only the answering may be cancelled."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  it runs as one
        try:
            async with RequestFolder(self.spool_dir).held() as folder:
                result = await self._answered(lease, folder)
                self._reading.pop(task)
                self._recording.add(task)
                self.changed()
                if not self._reading:
                    self.writer.hurry()
                if result is not None:
                    await self.writer.record(result)
                    self._goes_on(lease)
        except asyncio.CancelledError:
            self._undone.append(lease)
        except Exception as error:  # noqa: BLE001  the line has no place on disk, or its result cannot be written
            self._put_back(lease, error)
        finally:
            self._reading.pop(task, None)
            self._recording.discard(task)
            self.changed()
            if not self._reading and not self._recording:
                self.done()

    async def _answered(self, lease: Lease, folder: Path) -> LineResult | None:
        """The result; None if the line is to be tried again."""
        line = lease.line
        try:
            return await self.answerer.answer(lease, self.files.blobs.read(line.blob, line.offset, line.length), folder)
        except _PATIENT as error:
            self._put_back(lease, error)
        except _DOUBTFUL as error:
            if self._is_hopeless(lease, error):
                return self.answerer.failure(lease, error)
            self._put_off(lease, error)
        except Exception as error:  # noqa: BLE001  whatever breaks on a line is that line's failure
            _LOG.exception("line %d of job %s broke down", lease.number, lease.job_id)
            return self.answerer.failure(lease, error)
        return None

    def _is_hopeless(self, lease: Lease, error: Exception) -> bool:
        """Leases are no measure: most end for reasons that concern no line, such as a server that was killed."""
        this, now = (lease.job_id, lease.number), asyncio.get_running_loop().time()
        if isinstance(error, Overloaded):
            # Others may have filled the spool, so time has to pass as well.
            since = self._refused_since.setdefault(this, now)
            self._refusals[this] += 1
            return self._refusals[this] >= REFUSALS and now - since >= REFUSED
        self._doubts[this] += 1
        return self._doubts[this] >= TRIES

    def _put_off(self, lease: Lease, error: OctavoError) -> None:
        """Its job goes on after a pause, others at once; why is told once."""
        if self._setbacks.add(lease.job_id, PAUSE) == 1:
            _LOG.warning("line %d of job %s waits, and its job with it: %s", lease.number, lease.job_id, error)
        self._undone.append(lease)
        self._let_go({lease.job_id})

    def _put_back(self, lease: Lease, error: Exception) -> None:
        """It is begun again after a pause; why is told once."""
        kind = error.code if isinstance(error, OctavoError) else type(error).__name__
        if kind != self._trouble:
            _LOG.warning("line %d of job %s waits: %s", lease.number, lease.job_id, _said(error))
        self._trouble = kind
        self._undone.append(lease)
        self._resume = asyncio.get_running_loop().time() + PAUSE

    def _goes_on(self, lease: Lease) -> None:
        """A line is recorded."""
        this = (lease.job_id, lease.number)
        self._doubts.pop(this, None)
        self._refusals.pop(this, None)
        self._refused_since.pop(this, None)
        if self._trouble:
            _LOG.info("lines go on")
            self._trouble = ""


def _said(error: Exception) -> str:
    """Messages of foreign errors may quote documents."""
    return str(error) if isinstance(error, OctavoError) else type(error).__name__
