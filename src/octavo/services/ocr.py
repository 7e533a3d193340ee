"""Read one document: fetch it, read the pages asked for, put the answer together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from octavo.domain.document import SpooledDocument
from octavo.domain.errors import OctavoError, TooManyPages
from octavo.domain.ports import DocumentFetcher, Executor
from octavo.domain.result import OcrResult, PageFailure, RecognizedPage
from octavo.domain.work import PageTask, ReadRequest
from octavo.pipeline.document import assemble

Progress = Callable[[int, int], None]
"""Told after each page: pages done, pages asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrService:
    """Reads documents.

    Attributes:
        fetcher: brings documents to disk.
        executor: reads pages.
        spool_dir: where the folder of each request is made, and removed with it.
        max_pages: of a whole document, however few are asked for.
    """

    fetcher: DocumentFetcher
    executor: Executor
    spool_dir: Path
    max_pages: int = 1000

    @asynccontextmanager
    async def read(self, request: ReadRequest, progress: Progress | None = None) -> AsyncIterator[OcrResult]:
        """The answer; the pictures that it names lie in the spool until the context ends.

        Raises:
            OctavoError: the document cannot be had, or no page of it could be read.
        """
        with TemporaryDirectory(prefix="ocr-", dir=self.spool_dir, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            document = await self.fetcher.fetch(request.document, folder)
            facts = await self.executor.inspect(document, request.password)
            self._check_length(facts.page_count)
            pages = request.pages.resolve(facts.page_count)
            outcomes = await self._read_pages(request, document, folder, pages, progress)
            yield await asyncio.to_thread(assemble, outcomes, request.answer, request.read.model, document.size)

    def _check_length(self, page_count: int) -> None:
        if page_count > self.max_pages:
            raise TooManyPages(
                f"This document has {page_count} pages, which is more than the maximum allowed of {self.max_pages}. "
                "Split it, or raise the limit with OCTAVO_LIMITS__MAX_PAGES."
            )

    async def _read_pages(
        self,
        request: ReadRequest,
        document: SpooledDocument,
        folder: Path,
        pages: tuple[int, ...],
        progress: Progress | None,
    ) -> list[RecognizedPage | PageFailure]:
        """Reads with as many pages in flight as the executor takes.

        Raises:
            OctavoError: the first page's error, when not a single page could be read.
        """
        outcomes: dict[int, RecognizedPage | OctavoError] = {}
        waiting = iter(pages)

        async def reader(indices: Iterator[int]) -> None:
            for index in indices:
                task = PageTask(
                    path=document.path,
                    index=index,
                    options=request.read,
                    figures_dir=folder,
                    password=request.password,
                )
                try:
                    outcomes[index] = await self.executor.recognize(task)
                except OctavoError as error:
                    outcomes[index] = error
                if progress:
                    progress(len(outcomes), len(pages))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(len(pages), self.executor.capacity)):
                group.create_task(reader(waiting))
        errors = [outcome for outcome in outcomes.values() if isinstance(outcome, OctavoError)]
        if errors and len(errors) == len(pages):
            raise errors[0]
        return [_failure(index, outcomes[index]) for index in pages]


def _failure(index: int, outcome: RecognizedPage | OctavoError) -> RecognizedPage | PageFailure:
    """An error of one page as data, so that the other pages go on."""
    if isinstance(outcome, OctavoError):
        return PageFailure(index=index, code=outcome.code, reason=str(outcome))
    return outcome
