"""Images of the pages of files, for people to look at: each made once at a time, in turn between owners."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from octavo import __version__
from octavo.domain.errors import EngineTimeout, OctavoError, Overloaded, WorkerLost
from octavo.domain.file import StoredFile
from octavo.domain.ports import PageRenderer, WorkerStats
from octavo.domain.view import PageView, View, ViewTask
from octavo.services.files import FileService
from octavo.services.kept_documents import KeptDocuments
from octavo.services.quarantine import Quarantine
from octavo.services.turns import Turns

_LOG = logging.getLogger(__name__)
MOST_WAITING = 100
"""Images that are made, or waited for, for one owner: browsers ask for six at a time."""
SHARE_OF_SPOOL = 4
"""Of the room in the spool, documents that nobody uses at the moment may take one part in so many."""
MOST_COST = 6
"""Workers that the pages of one document may cost together, before none of them is tried for a while."""


@dataclass(slots=True, eq=False, kw_only=True)
class _Wanted:
    """One image that is made.

    Attributes:
        owner: whose it is.
        making: makes it; an error comes back as a value.
        waiters: how many wait for it.
    """

    owner: str
    making: asyncio.Task[PageView | OctavoError]
    waiters: int = 0


@dataclass(slots=True, kw_only=True)
class PageViews:
    """Shows pages. Reading them is not held up: workers of their own do it.

    Attributes:
        renderer: where images are made.
        documents: brings files to disk.
        slots: images that are made at the same time.
        most_waiting: images of one owner that are made or waited for at a time; more are refused.
        outcomes: how many were `made` and `failed` since the start.
    """

    renderer: PageRenderer
    documents: KeptDocuments
    slots: int = 1
    most_waiting: int = MOST_WAITING
    outcomes: Counter[str] = field(default_factory=lambda: Counter(made=0, failed=0))
    _turns: Turns = field(init=False)
    _pages: Quarantine = field(default_factory=Quarantine)
    _files: Quarantine = field(default_factory=lambda: Quarantine(patience=MOST_COST))
    _running: set[asyncio.Task[PageView]] = field(default_factory=set)
    _wanted: dict[tuple[str, View, str | None], _Wanted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._turns = Turns(self.slots)

    @property
    def workers(self) -> WorkerStats:
        """How those are doing that make images; there may be none while nobody looks."""
        return self.renderer.stats()

    async def image(self, file: StoredFile, view: View, password: str | None = None) -> PageView:
        """The image of a page of a file of which the caller may know.

        A caller who leaves frees its place; with the last one the image is given up, unless it has its turn.

        Raises:
            DocumentError, EngineError, InvalidPageRange, UnsupportedDocument, FileTooLarge: the page cannot be shown.
            Overloaded: too many images are wanted already, or there is no room for the document.
        """
        key = (file.id, view, password)
        wanted = self._wanted.get(key) or self._begin(key, file)
        wanted.waiters += 1
        try:
            found = await asyncio.shield(wanted.making)
        finally:
            wanted.waiters -= 1
            if not wanted.waiters:
                self._drop(key, wanted)
                wanted.making.cancel()
        if isinstance(found, OctavoError):
            raise found
        return found

    async def wake(self) -> None:
        """Somebody is about to look, so that the first image need not wait for a process to start; never an error."""
        try:
            await self.renderer.wake()
        except Exception:  # noqa: BLE001  whoever asks for an image is told
            _LOG.exception("Nothing that makes images of pages could be started")

    def forget(self, file_id: str) -> None:
        """The file is deleted."""
        self.documents.forget(file_id)

    async def close(self) -> None:
        """End what makes images, and remove what lies on disk."""
        await self.renderer.close()
        await asyncio.gather(*self._running, return_exceptions=True)
        await asyncio.gather(*(wanted.making for wanted in self._wanted.values()), return_exceptions=True)
        await self.documents.close()

    def _begin(self, key: tuple[str, View, str | None], file: StoredFile) -> _Wanted:
        if sum(other.owner == file.owner for other in self._wanted.values()) >= self.most_waiting:
            raise Overloaded(
                f"You wait for {self.most_waiting} images of pages already, the most that is taken from one owner. "
                "Ask again when some of them have come."
            )
        making = asyncio.get_running_loop().create_task(self._outcome(file, key[1], key[2]))
        wanted = self._wanted[key] = _Wanted(owner=file.owner, making=making)
        making.add_done_callback(lambda _: self._drop(key, wanted))
        return wanted

    def _drop(self, key: tuple[str, View, str | None], wanted: _Wanted) -> None:
        if self._wanted.get(key) is wanted:
            del self._wanted[key]

    async def _outcome(self, file: StoredFile, view: View, password: str | None) -> PageView | OctavoError:
        """The error comes back as a value, for several may wait for it, or nobody any more."""
        try:
            await self._turns.take(file.owner, file.id)
            made = await asyncio.shield(self._start(file, view, password))
        except OctavoError as error:
            self.outcomes["failed"] += 1
            return error
        self.outcomes["made"] += 1
        return made

    def _start(self, file: StoredFile, view: View, password: str | None) -> asyncio.Task[PageView]:
        """What has its turn runs to its end, whoever leaves: neither bytes on their way nor a worker can be stopped."""
        running = asyncio.get_running_loop().create_task(self._made(file, view, password))
        self._running.add(running)
        running.add_done_callback(self._end)
        return running

    def _end(self, running: asyncio.Task[PageView]) -> None:
        self._running.discard(running)
        self._turns.give_back()
        if not running.cancelled():
            running.exception()  # whoever wanted to know is told, or gone

    async def _made(self, file: StoredFile, view: View, password: str | None) -> PageView:
        """Make it; once more where the worker died, which may have been somebody else's fault."""
        async with self.documents.held(file) as document:
            task = ViewTask(path=document.path, view=view, password=password)
            try:
                return await self._tried(file, task)
            except WorkerLost:
                return await self._tried(file, task)

    async def _tried(self, file: StoredFile, task: ViewTask) -> PageView:
        document = f"{file.owner}\n{file.blob.sha256}"
        page = f"{document}\n{task.view.index}"
        self._files.admit(document, "This document")
        self._pages.admit(page, f"Page {task.view.index}")
        try:
            return await self.renderer.render(task)
        except (WorkerLost, EngineTimeout):
            self._files.note_loss(document)
            self._pages.note_loss(page)
            raise


def views_of(files: FileService, renderer: PageRenderer, spool_dir: Path, max_spool_bytes: int) -> PageViews:
    """Shows the pages of `files`; of the room in the spool, a part is for those that are looked at."""
    return PageViews(
        renderer=renderer, documents=KeptDocuments(files, spool_dir, max_bytes=max_spool_bytes // SHARE_OF_SPOOL)
    )


def fingerprint(file: StoredFile, view: View) -> str:
    """Names an image by all that it is made of."""
    told = f"{__version__} {file.blob.sha256} {view.index} {view.width} {view.turned}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]
