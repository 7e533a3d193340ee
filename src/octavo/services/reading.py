"""The pages of one request: read, or found in the store, and held there until the answer is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import Self

from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.errors import (
    DatabaseFailed,
    NoWorker,
    OctavoError,
    Overloaded,
    ShuttingDown,
    StorageFailed,
    WorkerEvicted,
)
from octavo.domain.result import PageFailure
from octavo.domain.work import PageTask, ReadOptions, ReadRequest
from octavo.pipeline.document import Outcome
from octavo.services.pages import Asker, PageReader, page_key
from octavo.services.progress import FinishedPage, OpenedDocument, Progress

_LOST_FOR_OTHERS = (NoWorker, WorkerEvicted, Overloaded, DatabaseFailed)


@dataclass(slots=True, kw_only=True)
class Reading:
    """What became of the pages so far; holds them in the store while entered."""

    reader: PageReader
    request: ReadRequest
    asker: Asker
    progress: Progress | None = None
    _keys: dict[int, str] = field(default_factory=dict)
    _errors: dict[int, OctavoError | None] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # In a thread, for it may remove the folders of a thousand pages.
        await unbroken(self.reader.store.release, list(self._keys.values()), self.request.job)

    async def read(self, document: SpooledDocument, facts: DocumentFacts) -> None:
        """Read the pages asked for, as many at a time as the executor takes.

        Raises:
            InvalidPageRange: there is no such page.
            OctavoError: the first page's error, when not a single page could be read; or one that is not the page's.
        """
        if facts.page_count == 1 and self.request.job is None:
            self._hold(document, facts)
        else:  # ten thousand ranges of a thousand pages take a while, and so does what the store may note for a job
            await unbroken(self._hold, document, facts)
        indices = tuple(self._keys)
        if self.progress:
            self.progress.opened(OpenedDocument(indices=indices, page_count=facts.page_count, size=document.size))
        waiting = iter(indices)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(len(indices), self.reader.executor.capacity)):
                    group.create_task(self._read_some(document, waiting))
        except BaseExceptionGroup as broken:  # what `except*` raises is a group again on Python 3.11.2
            ours, others = broken.split(OctavoError)
            if ours is None or others is not None:
                raise
            raise ours.exceptions[0] from None
        errors = [error for error in self._errors.values() if error is not None]
        if errors and len(errors) == len(indices):
            raise errors[0]

    def _hold(self, document: SpooledDocument, facts: DocumentFacts) -> None:
        request, fingerprint = self.request, self.reader.fingerprint()
        options = _that_matter(request.read, facts)
        for index in request.pages.resolve(facts.page_count):
            self._keys[index] = page_key(request.owner, document, index, options, fingerprint)
            self.reader.store.hold(self._keys[index], request.job)

    async def _read_some(self, document: SpooledDocument, waiting: Iterator[int]) -> None:
        for index in waiting:
            task = PageTask(
                path=document.path,
                index=index,
                options=self.request.read,
                figures_dir=self.asker.folder.path,
                password=self.request.password,
            )
            try:
                await self.reader.read(self._keys[index], task, self.asker)
                self._errors[index] = None
            except (ShuttingDown, StorageFailed):
                raise
            except OctavoError as error:
                if self.request.job is not None and isinstance(error, _LOST_FOR_OTHERS):
                    raise  # nobody waits, so the whole line is tried again; what is read is kept
                self._errors[index] = error
            if self.progress:
                self.progress.finished(
                    FinishedPage(done=len(self._errors), pages=len(self._keys), outcome=self._outcome(index))
                )

    def outcomes(self) -> list[Outcome]:
        """What became of each page, in the order asked for."""
        return [self._outcome(index) for index in self._keys]

    def _outcome(self, index: int) -> Outcome:
        error = self._errors[index]
        return partial(self.reader.store.load, self._keys[index]) if error is None else _failure(index, error)

    def story(self) -> str:
        """How far it came, and how to go on."""
        done = sum(error is None for error in self._errors.values())
        asked, kept = len(self._keys), self.reader.store.keeps
        far = f"{done} of {asked} pages are read" if asked else "the document is not open yet"
        if kept and (done or not asked):
            advice = (
                f"Send the same request again: what is read is kept for {kept / 60:.0f} minutes, and it goes on there."
            )
        elif kept:
            advice = "The server is busy: send the same request again."
        else:
            advice = (
                "It cannot go on where it stopped, for nothing is kept here (OCTAVO_RETENTION=none): ask for fewer "
                "pages at a time; whoever runs the server can raise OCTAVO_LIMITS__REQUEST_TIMEOUT."
            )
        return f"The time of this request is up, and {far}. {advice} Or send it as a batch, which has no such limit."


def _that_matter(options: ReadOptions, facts: DocumentFacts) -> ReadOptions:
    """Without what makes no other page: an image has the pixels that it has."""
    return replace(options, dpi=0) if facts.media_type.startswith("image/") else options


def _failure(index: int, error: OctavoError) -> PageFailure:
    """An error of one page as data, so that the other pages go on."""
    return PageFailure(index=index, code=error.code, reason=str(error))
