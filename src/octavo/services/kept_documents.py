"""Documents of files that lie on disk for a little while longer than they are needed, for who asks again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from octavo.domain.document import SpooledDocument
from octavo.domain.file import StoredFile
from octavo.services.files import FileService
from octavo.services.folder import RequestFolder

IDLE = 120.0
"""Seconds after the last use, after which a document is removed."""
MOST = 16
"""Documents that are kept though nobody uses them; the one that was not used for longest goes first."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Kept:
    """One document.

    Attributes:
        folder: where it lies, held by `keeping`.
        size: bytes.
        bringing: brings it there.
        users: who need it now.
        timer: runs while there are none.
    """

    folder: RequestFolder
    size: int
    bringing: asyncio.Task[SpooledDocument]
    keeping: AsyncExitStack = field(default_factory=AsyncExitStack)
    users: int = 0
    timer: asyncio.TimerHandle | None = None


class KeptDocuments:
    """Brings the bytes of files to disk, each once, however many ask for it; for one event loop.

    Those that nobody uses are given up as soon as anybody else needs their room. They are copies: a worker, which meets
    hostile documents, may write into the spool, but must not reach what is kept.

    Args:
        files: have the bytes; what is on disk counts in their budget.
        spool_dir: where folders are made.
        max_bytes: of documents that are kept though nobody uses them.
        idle: seconds after the last use, after which a document is removed.
    """

    def __init__(self, files: FileService, spool_dir: Path, *, max_bytes: int, idle: float = IDLE) -> None:
        self._files = files
        self._spool_dir = spool_dir
        self._max_bytes = max_bytes
        self._idle = idle
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._leaving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def held(self, file: StoredFile) -> AsyncIterator[SpooledDocument]:
        """The document of a file of which the caller may know; it stays on disk while this is entered, and for a while.

        Raises:
            FileTooLarge: it is no document of a size that is read.
            StorageFailed, OutOfSpace, Overloaded: its bytes cannot be had.
        """
        kept = self._present(file.id) or await self._begin(file)
        kept.users += 1
        self._kept.move_to_end(file.id)
        try:
            async with kept.folder.held():
                yield await asyncio.shield(kept.bringing)
        finally:
            kept.users -= 1
            self._rest(file.id, kept)

    def forget(self, file_id: str) -> None:
        """Remove the document of a file that is deleted, as soon as nobody uses it."""
        if file_id in self._kept:
            self._let_go(file_id)

    async def close(self) -> None:
        """Remove all that nobody uses; the rest goes with its last user."""
        for file_id in tuple(self._kept):
            self.forget(file_id)
        await asyncio.gather(*self._leaving)

    def _present(self, file_id: str) -> _Kept | None:
        """The document, unless there is none, or it was given up."""
        kept = self._kept.get(file_id)
        if kept is None or kept.timer is None:
            return kept
        kept.timer.cancel()
        kept.timer = None
        if self._files.budget.claim(kept.folder.path):
            return kept
        self._let_go(file_id)
        return None

    async def _begin(self, file: StoredFile) -> _Kept:
        folder = RequestFolder(self._spool_dir)
        bringing = asyncio.get_running_loop().create_task(self._files.spool(file, folder.path))
        kept = self._kept[file.id] = _Kept(folder=folder, size=file.blob.size, bringing=bringing)
        bringing.add_done_callback(lambda _: self._rest(file.id, kept))  # whoever asked for it may have left
        await kept.keeping.enter_async_context(folder.held())
        return kept

    def _let_go(self, file_id: str) -> None:
        """Forget it; it is held by its users alone from now on."""
        kept = self._kept.pop(file_id)
        if kept.timer is not None:
            kept.timer.cancel()
        leaving = asyncio.get_running_loop().create_task(self._removed(kept))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _rest(self, file_id: str, kept: _Kept) -> None:
        """Once it is brought and nobody uses it: it goes now, if it failed or there are too many, or in a while."""
        if kept.users or not kept.bringing.done() or self._kept.get(file_id) is not kept:
            return
        if kept.bringing.cancelled() or kept.bringing.exception():
            self.forget(file_id)
            return
        if kept.timer is not None:
            kept.timer.cancel()
        self._files.budget.spare(kept.folder.path)
        kept.timer = asyncio.get_running_loop().call_later(self._idle, self.forget, file_id)
        idle = [(each, other.size) for each, other in self._kept.items() if not other.users]
        surplus = sum(size for _, size in idle) - self._max_bytes
        for place, (each, size) in enumerate(idle):
            if surplus <= 0 and len(idle) - place <= MOST:
                break
            self.forget(each)
            surplus -= size

    async def _removed(self, kept: _Kept) -> None:
        """Let go of the folder, once nothing is written into it any more."""
        await asyncio.wait({kept.bringing})
        if not kept.bringing.cancelled():
            kept.bringing.exception()  # whoever wanted to know was told
        await kept.keeping.aclose()
        self._files.budget.claim(kept.folder.path)  # there is no such folder any more
