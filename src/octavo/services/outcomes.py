"""What became of lines, written down in groups: one blob and one transaction for all that came at the same time."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from octavo.documents.spooling.pieces import pieces_of_file
from octavo.domain.batch import Lease, Outcome, Span
from octavo.domain.errors import DatabaseFailed, OutOfSpace, StorageFailed
from octavo.domain.stores import BatchLedger
from octavo.services.files import FileService

Made = TypeVar("Made")

_LOG = logging.getLogger(__name__)
GATHER = 0.25
"""Seconds for which results are gathered: fewer blobs and transactions, and no more work to lose than that."""
MOST = 256
"""Results of one blob."""
PAUSE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What became of one line.

    Attributes:
        lease: under which it was worked on.
        custom_id: the caller's name for it, if it could be read.
        error: why it failed, in few words that many lines share; None is success.
        content: the line of the output or error file, with its line break: in memory, or on disk if it is large.
        pages: that were read.
    """

    lease: Lease
    custom_id: str | None
    error: str | None
    content: bytes | Path
    pages: int = 0

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


@dataclass(slots=True, kw_only=True, eq=False)
class OutcomeWriter:
    """Writes results into blobs, and outcomes into the ledger; waits for as long as disk or database fail.

    Attributes:
        holder: who holds the leases.
        lines: counts those that were recorded, by what became of them.
        stuck: whether it waits for disk or database at the moment.
    """

    ledger: BatchLedger
    files: FileService
    holder: str
    lines: Counter[str] = field(default_factory=Counter)
    stuck: bool = False
    _pending: list[tuple[LineResult, asyncio.Future[None]]] = field(default_factory=list)
    _some: asyncio.Event = field(default_factory=asyncio.Event)
    _hurried: asyncio.Event = field(default_factory=asyncio.Event)

    async def record(self, result: LineResult) -> None:
        """Return when the result is written down, or somebody else works on the line since the lease ran out."""
        done = asyncio.get_running_loop().create_future()
        self._pending.append((result, done))
        self._some.set()
        await done

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._some.wait()
            await self._gather()
            await self.flush()

    def hurry(self) -> None:
        """No more results come for now: write what is there, and what is recorded next, without waiting for others."""
        self._hurried.set()

    async def _gather(self) -> None:
        if len(self._pending) < MOST:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER):
                    await self._hurried.wait()
        self._hurried.clear()

    async def flush(self) -> None:
        """Write what is there; whoever waits learns what breaks on it."""
        group, self._pending = self._pending[:MOST], self._pending[MOST:]
        if not self._pending:
            self._some.clear()
        results = [result for result, done in group if not done.done()]
        broken: Exception | None = None
        try:
            if results:
                await self._write(results)
        except Exception as error:  # noqa: BLE001  those who come next must not wait for ever
            _LOG.exception("results could not be written, and their lines are begun again")
            broken = error
        for _, done in group:
            if not done.done():
                done.set_result(None) if broken is None else done.set_exception(broken)

    async def _write(self, results: list[LineResult]) -> None:
        while True:
            blob = await self._patiently(lambda: self._store(results))
            outcomes = _outcomes(results, blob)
            try:
                counted = await self._patiently(partial(self.ledger.record, self.holder, outcomes), OutOfSpace)
            except StorageFailed as error:
                _LOG.warning("results are written anew: %s", error)
                await asyncio.sleep(PAUSE)
                continue
            if not counted:
                await self.files.threads.run(self.files.discard, blob)
            kinds = ("failed" if one.error else "succeeded" for one in outcomes if (one.job_id, one.number) in counted)
            self.lines.update(kinds)
            return

    async def _patiently(self, work: Callable[[], Made], full: type[StorageFailed] = StorageFailed) -> Made:
        """Do it as soon as disk and database let us.

        Raises:
            StorageFailed: one that is not `full`: no patience helps.
        """
        while True:
            try:
                made = await self.files.threads.run(work)
            except (DatabaseFailed, full) as error:
                if not self.stuck:
                    _LOG.warning("results wait to be written: %s", error)
                self.stuck = True
                await asyncio.sleep(PAUSE)
            else:
                if self.stuck:
                    _LOG.info("results are written again")
                self.stuck = False
                return made

    def _store(self, results: list[LineResult]) -> str:
        """In a thread: all results in one blob; its name."""
        return self.files.store_blob(_chunks(results)).name


def _chunks(results: list[LineResult]) -> Iterator[bytes]:
    for result in results:
        if isinstance(result.content, bytes):
            yield result.content
        else:
            yield from pieces_of_file(result.content)


def _outcomes(results: list[LineResult], blob: str) -> list[Outcome]:
    outcomes, offset = [], 0
    for result in results:
        outcomes.append(
            Outcome(
                job_id=result.lease.job_id,
                number=result.lease.number,
                result=Span(blob=blob, offset=offset, length=result.size),
                custom_id=result.custom_id,
                error=result.error,
                pages=result.pages,
            )
        )
        offset += result.size
    return outcomes
