"""Work that goes on as long as the server does: steps that are done again and again, and survive what breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from octavo.domain.errors import DatabaseFailed, OctavoError, StorageFailed

_LOG = logging.getLogger(__name__)
PAUSE = 2.0
"""Seconds between two tries while the database or the disk does not answer."""


class Loop:
    """Does `step` again at once as long as that finds work, else when woken or after a while."""

    def __init__(self, name: str, step: Callable[[], Awaitable[bool]], idle: float = 1.0) -> None:
        """Nothing runs yet.

        Args:
            name: for the log.
            step: one piece of work; whether there was any.
            idle: seconds after which it looks for work though nobody woke it.
        """
        self._name = name
        self._step = step
        self._idle = idle
        self._woken = asyncio.Event()
        self._trouble = ""

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            self._woken.clear()
            if not await self._tried():
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._idle):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _tried(self) -> bool:
        """One step; trouble is told once, and waited out."""
        try:
            worked = await self._step()
        except (DatabaseFailed, StorageFailed) as error:
            self._tell(error)
        except Exception:  # noqa: BLE001  nobody else would go on with the work
            _LOG.exception("%s broke down and is tried again", self._name)
        else:
            if self._trouble:
                _LOG.info("%s goes on", self._name)
                self._trouble = ""
            return worked
        await asyncio.sleep(PAUSE)
        return False

    def _tell(self, error: OctavoError) -> None:
        if self._trouble != error.code:
            _LOG.warning("%s waits: %s", self._name, error)
        self._trouble = error.code
