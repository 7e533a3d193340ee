"""Workers that are there while somebody calls, and end when nobody has called for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from octavo.domain.ports import WorkerStats
from octavo.domain.view import PageView, ViewTask
from octavo.executors import system
from octavo.executors.failures import closing, error_of
from octavo.executors.landlock import Folders
from octavo.executors.local import Builder, LocalExecutor
from octavo.executors.pool import WorkerLimits

REST = 300.0
"""Seconds without a call, after which the workers end."""
SHARE_OF_MEMORY = 8
"""Of the machine's memory, of which those that read may take three quarters, one part in so many."""
LEAST_MEMORY, MOST_MEMORY = 512 * 1024**2, 1024**3
"""Bytes that a worker may take, however small or large the machine is."""


class RestingRenderer:
    """A `PageRenderer` of one worker and its spare; for one event loop.

    They start with the first page, and with the first one after each rest.
    """

    def __init__(
        self,
        builder: Builder,
        arguments: Mapping[str, Any],
        folder: Path,
        page_timeout: float,
        max_memory: int,
        *,
        rest: float = REST,
    ) -> None:
        """Nothing starts yet.

        Args:
            builder: as of `LocalExecutor`, and
            arguments: as well.
            folder: all that the workers may read, if the system can keep them out of others; they write nothing.
            page_timeout: seconds for a page.
            max_memory: bytes of a worker that reads; one of these takes no more either, and mostly less.
            rest: seconds without a call, after which the workers end.
        """
        memory = memory_of(max_memory, system.usable_memory())
        self._make = partial(
            LocalExecutor,
            builder,
            arguments,
            workers=1,
            cpus=1,
            limits=WorkerLimits(page_timeout=page_timeout, max_memory=memory),
            folders=Folders(readable=(folder,)),
            memory=memory,
        )
        self._rest = rest
        self._awake: LocalExecutor | None = None
        self._calls = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def render(self, task: ViewTask) -> PageView:
        """Make the image of one page; workers are started if there are none."""
        async with self._used() as executor:
            return await executor.render(task)

    async def wake(self) -> None:
        """Begin to start workers, if there are none."""
        if not self._closed:
            async with self._used():
                pass

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[LocalExecutor]:
        if self._closed:
            raise error_of(closing())
        self._calls += 1
        if self._timer is not None:
            self._timer.cancel()
        try:
            if self._awake is None:
                self._awake = self._make()
                await self._awake.start()
            yield self._awake
        finally:
            self._calls -= 1
            if not self._calls and not self._closed:
                self._timer = asyncio.get_running_loop().call_later(self._rest, self._lie_down)

    def stats(self) -> WorkerStats:
        """Numbers of this moment, and sums since the workers were started last."""
        return self._awake.stats() if self._awake else WorkerStats(workers=0, busy=0)

    async def close(self) -> None:
        """End every worker; waiting calls get `ShuttingDown`."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._lie_down()
        await asyncio.gather(*self._ending)

    def _lie_down(self) -> None:
        if self._awake is not None:
            ending = asyncio.get_running_loop().create_task(self._awake.close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            self._awake = None


def memory_of(most: int, usable: int | None) -> int:
    """Bytes that a worker may take where one that reads may take `most`; one of them works at a time."""
    share = MOST_MEMORY if usable is None else usable // SHARE_OF_MEMORY
    return min(most, max(LEAST_MEMORY, min(share, MOST_MEMORY)))
