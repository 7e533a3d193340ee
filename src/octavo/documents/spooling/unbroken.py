"""Work on files in threads, which end before the folder they work in is removed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


async def unbroken(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Run `work` in a thread; a caller that is cancelled meanwhile goes on when the thread has ended.

    A thread cannot be stopped. One that still writes while its folder is being removed would leave the folder behind.
    """
    call = partial(copy_context().run, work, *args, **kwargs)
    return await finished(asyncio.get_running_loop().run_in_executor(None, call))


async def finished(threaded: Awaitable[Made]) -> Made:
    """Wait for what runs in a thread of any kind, in the same way."""
    working = asyncio.ensure_future(threaded)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        if not working.cancelled():
            working.exception()  # whoever wanted to know is gone
        raise
