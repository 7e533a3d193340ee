"""Pages that are read once, however many requests wait for them, and kept for those that ask again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TypeVar

from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.errors import EngineTimeout, OctavoError, WorkerEvicted, WorkerLost
from octavo.domain.ports import Executor
from octavo.domain.stores import PageStore
from octavo.domain.work import PageTask, ReadOptions
from octavo.services.folder import RequestFolder
from octavo.services.quarantine import Quarantine
from octavo.services.stages import Stages
from octavo.services.turns import Turns

Made = TypeVar("Made")

QUICK = 10.0
"""Seconds after which a page that killed its worker is not tried a second time while somebody waits for the answer."""


def page_key(owner: str, document: SpooledDocument, index: int, options: ReadOptions, fingerprint: str) -> str:
    """Names a page as it is read.

    Args:
        owner: who asks, for nobody learns what others read.
        document: its bytes. What opens them, a password, makes no other page.
        index: its place.
        options: how it is read.
        fingerprint: of all that reads (`reading_fingerprint`).
    """
    told = "\n".join((fingerprint, owner, document.sha256, str(index), repr(options)))
    return sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asker:
    """One request, as the line of those who wait knows it.

    Attributes:
        owner: whose it is.
        folder: where its document lies; kept as long as a page of it is read.
        job: the batch job that it is a line of.
    """

    owner: str
    folder: RequestFolder
    job: str | None = None

    @property
    def behind(self) -> bool:
        """Whether it stands behind all those whom somebody waits for."""
        return self.job is not None


@dataclass(slots=True, kw_only=True)
class PageReader:
    """Reads pages, each at most once at a time, in fair turns.

    A page that runs is finished even when everybody who asked for it has left, for a worker cannot be stopped in the
    middle; what only waits is dropped with its request.

    Attributes:
        executor: where they are read.
        store: where finished ones lie.
        turns: who is next.
        fingerprint: tells what all that reads is made of, so that no page of another model or code is taken for one
            of this; blocks when it is called first.
    """

    executor: Executor
    store: PageStore
    turns: Turns
    fingerprint: Callable[[], str]
    quarantine: Quarantine = field(default_factory=Quarantine)
    stages: Stages = field(default_factory=Stages)
    _running: dict[str, asyncio.Task[OctavoError | None]] = field(default_factory=dict)

    async def inspect(self, document: SpooledDocument, password: str | None, asker: Asker) -> DocumentFacts:
        """Tell what the document is. The asker must `turns.forgo` once it asks for no page any more.

        Raises:
            DocumentError, EngineError.
        """
        await self.turns.take(asker.owner, asker, behind=asker.behind)
        running = asyncio.create_task(self._inspect(document, password, asker))
        try:
            found = await asyncio.shield(running)
        except asyncio.CancelledError:
            running.add_done_callback(lambda _: self.turns.give_back())
            raise
        except BaseException:  # a mistake of ours: no turn is lost with it
            self.turns.give_back()
            raise
        self.turns.give_back(keep_for=None if asker.behind else asker)
        if isinstance(found, OctavoError):
            raise found
        return found

    async def read(self, key: str, task: PageTask, asker: Asker) -> None:
        """Return when the page lies in the store, where the caller holds its key already.

        Raises:
            DocumentError, EngineError: it cannot be read.
        """
        if self.store.has(key):
            self.stages.note("kept")
            return
        with self.stages.timed("wait"):
            await self.turns.take(asker.owner, asker, behind=asker.behind)
        running = self._running.get(key)
        if running is not None or self.store.has(key):
            self.turns.give_back()
        else:
            running = self._begin(key, task, asker)
        error = await asyncio.shield(running) if running else None
        if error is not None:
            raise error

    @property
    def waiting(self) -> dict[str, int]:
        """Pages, and documents to open, that wait for their turn: of requests, and of lines of batch jobs."""
        return dict(zip(("request", "batch"), self.turns.waiting, strict=True))

    @property
    def running(self) -> int:
        """Pages that are read now."""
        return len(self._running)

    async def finished(self) -> None:
        """Wait for the pages at hand."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _begin(self, key: str, task: PageTask, asker: Asker) -> asyncio.Task[OctavoError | None]:
        """Start to read; the turn is given back at the end."""
        running = asyncio.create_task(self._read(key, task, asker))
        self._running[key] = running
        running.add_done_callback(lambda _: self._running.pop(key))
        return running

    async def _inspect(
        self, document: SpooledDocument, password: str | None, asker: Asker
    ) -> DocumentFacts | OctavoError:
        try:
            async with asker.folder.held():
                with self.stages.timed("inspect"):
                    return await self._tried(
                        f"{asker.owner}\n{document.sha256}",
                        "This document",
                        lambda: self.executor.inspect(document, password),
                        patient=asker.behind,
                    )
        except OctavoError as error:
            return error

    async def _read(self, key: str, task: PageTask, asker: Asker) -> OctavoError | None:
        """Read one page into the store; its error comes back as a value, for perhaps nobody waits for it any more."""
        try:
            self.store.hold(key, asker.job)
            async with asker.folder.held():
                task = replace(task, figures_dir=self.store.folder(key))
                with self.stages.timed("read"):
                    page = await self._tried(
                        key, f"Page {task.index}", lambda: self.executor.recognize(task), patient=asker.behind
                    )
                await asyncio.to_thread(self.store.keep, key, page)
        except OctavoError as error:
            self.stages.note("failed")
            return error
        finally:
            self.turns.give_back()
            self.store.release([key], asker.job)
        self.stages.note("read")
        return None

    async def _tried(self, key: str, subject: str, work: Callable[[], Awaitable[Made]], *, patient: bool) -> Made:
        """Do it, and once more when it quickly cost a worker, which may have been somebody else's fault.

        Those who are `patient` do so however long it took.
        """
        began = time.monotonic()
        self.quarantine.admit(key, subject)
        try:
            return await work()
        except (WorkerLost, WorkerEvicted, EngineTimeout) as error:
            self._note(key, error)
            if isinstance(error, EngineTimeout) or (not patient and time.monotonic() - began > QUICK):
                raise
        self.quarantine.admit(key, subject)
        try:
            return await work()
        except (WorkerLost, EngineTimeout) as error:
            self._note(key, error)
            raise

    def _note(self, key: str, error: OctavoError) -> None:
        """One that was ended for others' sake is no fault of the page."""
        if not isinstance(error, WorkerEvicted):
            self.quarantine.note_loss(key)
