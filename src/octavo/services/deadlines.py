"""When requests must be done: each by its own deadline, all of them soon once the server is about to end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from octavo.domain.errors import RequestTimeout, ShuttingDown


class Deadlines:
    """Watches the requests of one event loop."""

    def __init__(self) -> None:
        self._running: set[asyncio.Timeout] = set()
        self._end: float | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def limit(self, deadline: float | None, story: Callable[[], str]) -> AsyncIterator[None]:
        """Cancel what is entered when its time is up.

        Args:
            deadline: on the clock of `time.monotonic`; None is no limit.
            story: says how far the request came and what to do, when its time is up.

        Raises:
            RequestTimeout: the deadline came.
            ShuttingDown: the server is about to end.
        """
        if self._end is not None:
            raise _ending()
        try:
            async with asyncio.timeout_at(_on_loop(deadline)) as running, self._watched(running):
                yield
        except TimeoutError:
            if not running.expired():
                raise
            if self._end is not None and (deadline is None or self._end < deadline):
                raise _ending() from None
            raise RequestTimeout(story()) from None

    @asynccontextmanager
    async def _watched(self, running: asyncio.Timeout) -> AsyncIterator[None]:
        self._running.add(running)
        self._idle.clear()
        try:
            yield
        finally:
            self._running.discard(running)
            if not self._running:
                self._idle.set()

    async def close(self, seconds: float) -> None:
        """Let nothing new begin; return when all that runs is done, or was ended after `seconds`."""
        self._end = time.monotonic() + seconds
        end = _on_loop(self._end)
        for running in self._running:
            when = running.when()
            if not running.expired() and (when is None or (end is not None and end < when)):
                running.reschedule(end)
        await self._idle.wait()


def _on_loop(moment: float | None) -> float | None:
    """The same moment on the clock of the event loop."""
    return None if moment is None else asyncio.get_running_loop().time() + moment - time.monotonic()


def _ending() -> ShuttingDown:
    return ShuttingDown("The server is about to end. Ask again in a moment: pages that were read are kept.")
