"""Everything that works on batch jobs while the server runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from octavo.domain.stores import BatchLedger
from octavo.services.dispatcher import Dispatcher, LineAnswerer
from octavo.services.files import FileService
from octavo.services.finisher import Finisher
from octavo.services.loops import Loop
from octavo.services.outcomes import OutcomeWriter
from octavo.services.planner import Planner

HEARTBEAT = 15.0
"""Seconds between two signs of life; a lease lasts four times as long."""


@dataclass(slots=True, kw_only=True, eq=False)
class BatchWork:
    """Plans, dispatches, records and finishes; one for each server.

    Attributes:
        holder: the name under which this server leases, never used before.
        spool_dir: where the folder of each line is made.
        capacity: pages that are read at the same time.
        lines: that were recorded since the start, by what became of them.
    """

    ledger: BatchLedger
    files: FileService
    spool_dir: Path
    capacity: int
    holder: str = field(default_factory=lambda: str(uuid4()))
    lines: Counter[str] = field(default_factory=lambda: Counter(succeeded=0, failed=0))
    _loops: tuple[Loop, ...] = ()
    _working: list[asyncio.Task[None]] = field(default_factory=list)
    _dispatcher: Dispatcher | None = None
    _finisher: Finisher | None = None

    @property
    def running(self) -> int:
        """Lines that are worked on now."""
        return self._dispatcher.running if self._dispatcher else 0

    def wake(self) -> None:
        """There may be something to do, or to stop."""
        for loop in self._loops:
            loop.wake()

    @asynccontextmanager
    async def going_on(self, answerer: LineAnswerer) -> AsyncIterator[None]:
        """Work while entered, or until `stop`."""
        writer = OutcomeWriter(ledger=self.ledger, files=self.files, holder=self.holder, lines=self.lines)
        dispatcher = Dispatcher(
            ledger=self.ledger,
            files=self.files,
            writer=writer,
            answerer=answerer,
            spool_dir=self.spool_dir,
            slots=2 * self.capacity + 2,
        )
        dispatching = Loop("the dispatcher", dispatcher.step)
        dispatcher.changed = dispatching.wake
        planner = Planner(ledger=self.ledger, files=self.files, changed=dispatching.wake)
        finisher = Finisher(ledger=self.ledger, files=self.files, changed=self.wake)
        finishing = Loop("the finisher", finisher.step)
        dispatcher.done = finishing.wake
        self._dispatcher, self._finisher = dispatcher, finisher
        self._loops = (Loop("the planner", planner.step), dispatching, finishing)
        beating = Loop("the heartbeat", self._beat, idle=HEARTBEAT)
        self._working = [asyncio.create_task(loop.run()) for loop in (*self._loops, beating)]
        writing = asyncio.create_task(writer.run())
        try:
            yield
        finally:
            await self.stop()
            await _ended([writing])

    async def stop(self) -> None:
        """Begin nothing more, record what is answered, and give the rest back."""
        await _ended(self._working)
        if self._finisher is not None:
            await self._finisher.close()
        if self._dispatcher is not None:
            await self._dispatcher.close()

    async def _beat(self) -> bool:
        """Keep the own leases, and free those of servers that are gone."""
        await self.files.threads.run(self.ledger.extend, self.holder)
        if self._dispatcher is not None:
            self._dispatcher.lives()
        if await self.files.threads.run(self.ledger.reap, self.holder):
            self.wake()
        return False


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
