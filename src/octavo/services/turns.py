"""Whose page is next: interactive requests before batches; then in turn between owners, and between their requests."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import TypeAlias

from octavo.services.rota import Rota

_Ticket: TypeAlias = "asyncio.Future[None]"


class Turns:
    """A semaphore that is fair to owners, and to the requests within each owner (round robin at both levels).

    Somebody who asks for four hundred pages and somebody who asks for one are served alternately. Those who ask to
    stand behind get a turn only when nobody else waits. For one event loop.
    """

    def __init__(self, slots: int) -> None:
        """`slots`: turns that may be taken at the same time."""
        self._free = slots
        self._lines: tuple[Rota[_Ticket], Rota[_Ticket]] = (Rota(), Rota())
        self._kept: set[Hashable] = set()

    @property
    def waiting(self) -> tuple[int, int]:
        """Turns that are waited for: by those in front, and by those behind."""
        front, behind = self._lines
        return len(front), len(behind)

    async def take(self, owner: str, request: Hashable, *, behind: bool = False) -> None:
        """Wait for a turn, which `give_back` ends; `behind` all those who did not say so."""
        if request in self._kept:
            self._kept.discard(request)
            return
        if self._free and not any(self._lines):
            self._free -= 1
            return
        line = self._lines[behind]
        ticket: _Ticket = asyncio.get_running_loop().create_future()
        line.put(owner, request, ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():  # it was given in the same moment
                self.give_back()
            else:
                line.remove(owner, request, ticket)
            raise

    def give_back(self, keep_for: Hashable | None = None) -> None:
        """The turn is over; the next in line gets it.

        Args:
            keep_for: a request that is about to ask again: those behind do not get in between.
        """
        if keep_for is not None and not self._lines[False] and self._lines[True]:
            self._kept.add(keep_for)
            return
        self._free += 1
        while self._free and (line := next(filter(None, self._lines), None)):
            ticket = line.take()
            if not ticket.done():  # or its holder is about to leave
                self._free -= 1
                ticket.set_result(None)

    def forgo(self, request: Hashable) -> None:
        """The request will not ask again: what was kept for it goes to the next in line."""
        if request in self._kept:
            self._kept.discard(request)
            self.give_back()
