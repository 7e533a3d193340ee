"""Whether an executor can read now."""

from __future__ import annotations

import asyncio

from octavo.domain.errors import OctavoError
from octavo.domain.ports import Executor
from octavo.domain.status import Readiness

PATIENCE = 0.05
"""Seconds for which a worker is waited for before it is said that none is warm."""


async def readiness(executor: Executor) -> tuple[Readiness, str]:
    """Whether a page can be read now, and why not; nothing where it can."""
    try:
        async with asyncio.timeout(PATIENCE):
            await executor.ready()
    except TimeoutError:
        return "starting", "The models are being loaded."
    except OctavoError as error:
        return "failed", str(error)
    return "ready", ""
