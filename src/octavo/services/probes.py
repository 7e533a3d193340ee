"""Questions that block, such as how much room a disk has: asked aside, and never waited for without end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Probe(Generic[Made]):
    """One question. It is never asked twice at a time, so that what hangs costs one thread. For one event loop."""

    def __init__(self, ask: Callable[[], Made], *, fresh: float, patience: float) -> None:
        """Nothing is asked yet.

        Args:
            ask: blocks; called in a thread that does not keep the process from ending.
            fresh: seconds for which an answer is good.
            patience: seconds after which an answer is not waited for any more; it counts when it comes.
        """
        self._ask = ask
        self._fresh = fresh
        self._patience = patience
        self._asked = 0.0
        self._answer: asyncio.Future[Made] | None = None

    async def answer(self) -> Made | None:
        """The newest answer; None while it is overdue. What `ask` raises is raised."""
        age = time.monotonic() - self._asked
        if self._answer is None or (self._answer.done() and age >= self._fresh):
            self._answer, self._asked, age = _asked(self._ask), time.monotonic(), 0.0
        await asyncio.wait([self._answer], timeout=max(0.0, self._patience - age))
        return self._answer.result() if self._answer.done() else None


def _asked(ask: Callable[[], Made]) -> asyncio.Future[Made]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Made] = loop.create_future()
    future.add_done_callback(asyncio.Future.exception)  # seen, so that nothing is logged where nobody asks again

    def asking() -> None:
        try:
            tell = partial(future.set_result, ask())
        except Exception as error:  # noqa: BLE001  it is for whoever asked
            tell = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=asking, name="octavo-probe", daemon=True).start()
    return future
