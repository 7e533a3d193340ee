"""Threads for work that waits for a disk or a database, apart from those that decode documents."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Threads:
    """A few threads of their own: however many documents are decoded, the ledger answers."""

    def __init__(self, most: int = 8) -> None:
        """`most`: calls that may wait at the same time."""
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="octavo-ledger")

    async def run(self, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """What `work` returns or raises; it runs to its end even when the caller is cancelled."""
        call = partial(contextvars.copy_context().run, partial(work, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Wait for what runs; nothing more is taken."""
        self._pool.shutdown(cancel_futures=True)
