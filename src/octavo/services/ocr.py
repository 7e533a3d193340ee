"""Read one document: fetch it, read the pages asked for, put the answer together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from octavo.domain.errors import TooManyPages
from octavo.domain.ports import DocumentFetcher, Executor
from octavo.domain.result import OcrResult
from octavo.domain.work import ReadRequest
from octavo.pipeline.document import assemble
from octavo.services.deadlines import Deadlines
from octavo.services.folder import RequestFolder
from octavo.services.pages import Asker, PageReader
from octavo.services.progress import Progress
from octavo.services.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrService:
    """Reads documents.

    Attributes:
        fetcher: brings documents to disk.
        reader: reads pages, in fair turns.
        spool_dir: where the folder of each request is made, and removed with it.
        max_pages: of a whole document, however few are asked for.
        deadlines: when requests must be done.
    """

    fetcher: DocumentFetcher
    reader: PageReader
    spool_dir: Path
    max_pages: int = 1000
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def executor(self) -> Executor:
        """Where pages are read."""
        return self.reader.executor

    @asynccontextmanager
    async def read(
        self, request: ReadRequest, progress: Progress | None = None, folder: RequestFolder | None = None
    ) -> AsyncIterator[OcrResult]:
        """The answer; its pages can be gone through, and their pictures lie on disk, until the context ends.

        Args:
            request: what to read.
            progress: is told how far it came.
            folder: where what came with the request lies already; None makes one.

        Raises:
            OctavoError: the document cannot be had, or no page of it could be read.
            RequestTimeout: not all pages were read by the request's deadline; what is read is kept for the next try.
            ShuttingDown: the server is about to end.
        """
        folder, stages = folder or RequestFolder(self.spool_dir), self.reader.stages
        asker = Asker(owner=request.owner, folder=folder, job=request.job)
        found = Reading(reader=self.reader, request=request, asker=asker, progress=progress)
        async with folder.held(), found as reading:
            async with self.deadlines.limit(request.deadline, reading.story):
                with stages.timed("fetch"):
                    document = await self.fetcher.fetch(request.document, folder.path)
                try:
                    facts = await self.reader.inspect(document, request.password, asker)
                    self._check_length(facts.page_count)
                    await reading.read(document, facts)
                finally:
                    self.reader.turns.forgo(asker)
            with stages.timed("assemble"):  # in a thread, for it looks through all pages
                result = await asyncio.to_thread(
                    assemble, reading.outcomes(), request.answer, request.read.model, document.size
                )
            yield result

    async def drain(self, seconds: float) -> None:
        """Take no new requests, and let those that run go on for so long; they end with ShuttingDown then."""
        await self.deadlines.close(seconds)

    def _check_length(self, page_count: int) -> None:
        if page_count > self.max_pages:
            raise TooManyPages(
                f"This document has {page_count} pages, which is more than the maximum allowed of {self.max_pages}. "
                "Split it, or raise the limit with OCTAVO_LIMITS__MAX_PAGES."
            )
