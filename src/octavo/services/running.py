"""All services together, and what keeps them going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.errors import OctavoError
from octavo.domain.ports import Executor
from octavo.domain.stores import PageStore
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService

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
        tidy: removes what others left, now and then, in a thread; None where there are no others.
        files: those that callers uploaded; None where nobody can.
    """

    ocr: OcrService
    models: ModelCatalog
    executor: Executor
    pages: PageStore
    budget: SpoolBudget | None = None
    claim: object = None
    tidy: Callable[[], None] | None = None
    files: FileService | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While entered, pages can be read; workers start in the background."""
        await self.executor.start()
        sweeping = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            await self.close()

    async def close(self) -> None:
        """End the workers, and remove what is not to be kept."""
        await self.executor.close()
        await self.ocr.reader.finished()
        await asyncio.to_thread(self.pages.close)
        if self.files is not None:
            await asyncio.to_thread(self.files.close)

    async def _sweep(self) -> None:
        """Remove finished pages when their time is up."""
        while True:
            if self.tidy is not None:
                await asyncio.to_thread(self.tidy)
            await asyncio.sleep(SWEEP)
            await asyncio.to_thread(self.pages.sweep)
            if self.files is not None:
                await self._sweep_files(self.files)

    async def _sweep_files(self, files: FileService) -> None:
        """Remove files when their time is up, and bytes that nothing uses; what fails now may work next time."""
        try:
            await asyncio.to_thread(files.sweep)
        except OctavoError as error:
            _LOG.warning("files are not swept: %s", error.code)
