"""All services together, and what keeps them going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.errors import OctavoError
from octavo.domain.installation import DatabaseState
from octavo.domain.ports import Executor
from octavo.domain.stores import PageStore
from octavo.services.batch_work import BatchWork
from octavo.services.batches import BatchService
from octavo.services.dispatcher import LineAnswerer
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService
from octavo.services.views import PageViews

SWEEP = 60.0
"""Seconds between two looks for finished pages, and for files, whose time is up."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the command line, the library and the server work with.

    Attributes:
        ocr: reads documents.
        models: what can be asked for.
        executor: where pages are read.
        pages: those that are finished.
        budget: what lies on disk for requests; None where nobody counts.
        claim: kept alive as long as the services are; of a server, its claim on the data folder.
        tell: lets others know at which address this process answers; None where nobody asks.
        let_go: others may have the database, and nothing more is asked of the services; None where there is none.
        look: tells what database the services work with; None where there is none.
        tidy: removes what others left, now and then, in a thread; None where there are no others.
        files: those that callers uploaded; None where nobody can.
        views: shows their pages; None where there are none.
        batches: jobs, as their owners see them; None where there are no files.
        work: what works on them.
        keep_jobs: seconds that jobs are kept once they are over; 0 is until they are deleted.
    """

    ocr: OcrService
    models: ModelCatalog
    executor: Executor
    pages: PageStore
    budget: SpoolBudget | None = None
    claim: object = None
    tell: Callable[[str], None] | None = None
    let_go: Callable[[], None] | None = None
    look: Callable[[], DatabaseState] | None = None
    tidy: Callable[[], None] | None = None
    files: FileService | None = None
    views: PageViews | None = None
    batches: BatchService | None = None
    work: BatchWork | None = None
    keep_jobs: float = 0

    @asynccontextmanager
    async def running(self, answerer: LineAnswerer | None = None) -> AsyncIterator[None]:
        """While entered, pages can be read; workers start in the background.

        Args:
            answerer: answers the lines of batch jobs; without it nobody works on them.
        """
        await self.executor.start()
        sweeping = asyncio.create_task(self._sweep())
        try:
            async with self.work.going_on(answerer) if self.work and answerer else nullcontext():
                yield
        finally:
            sweeping.cancel()
            await self.close()

    async def drain(self, seconds: float) -> None:
        """Let requests that run go on for so long, and batch jobs not at all: they go on after the next start."""
        if self.work is not None:
            await self.work.stop()
        await self.ocr.drain(seconds)

    async def close(self) -> None:
        """End the workers, and remove what is not to be kept."""
        await self.executor.close()
        if self.views is not None:
            await self.views.close()
        await self.ocr.reader.finished()
        await asyncio.to_thread(self.pages.close)
        if self.files is not None:
            await asyncio.to_thread(self.files.close)

    async def _sweep(self) -> None:
        """Remove what is not to be kept any longer, now and then."""
        while True:
            await self._swept()
            await asyncio.sleep(SWEEP)

    async def _swept(self) -> None:
        """Once; what fails now may work next time."""
        try:
            if self.tidy is not None:
                await asyncio.to_thread(self.tidy)
            await asyncio.to_thread(self.pages.sweep)
            if self.files is not None:
                await asyncio.to_thread(self.files.sweep)
            if self.batches is not None:
                await self.batches.sweep(self.keep_jobs)
                await asyncio.to_thread(self.batches.drop_strangers, self.pages.jobs())
        except OctavoError as error:
            _LOG.warning("not everything is swept: %s", error.code)
