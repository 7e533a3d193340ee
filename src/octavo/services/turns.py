"""Whose page is next: in turn between owners, and between the requests of one owner."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import TypeAlias

_Tickets: TypeAlias = deque["asyncio.Future[None]"]


class Turns:
    """A semaphore that is fair to owners, and to the requests within each owner (round robin at both levels).

    Somebody who asks for four hundred pages and somebody who asks for one are served alternately. For one event loop.
    """

    def __init__(self, slots: int) -> None:
        """`slots`: turns that may be taken at the same time."""
        self._free = slots
        self._queues: OrderedDict[str, OrderedDict[Hashable, _Tickets]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Turns that are waited for."""
        return sum(len(tickets) for requests in self._queues.values() for tickets in requests.values())

    async def take(self, owner: str, request: Hashable) -> None:
        """Wait for a turn, which `give_back` ends."""
        if self._free and not self._queues:
            self._free -= 1
            return
        ticket = asyncio.get_running_loop().create_future()
        self._queues.setdefault(owner, OrderedDict()).setdefault(request, deque()).append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            self._leave(owner, request, ticket)
            raise

    def give_back(self) -> None:
        """The turn is over; the next in line gets it."""
        self._free += 1
        while self._free and self._queues:
            ticket = self._next()
            if not ticket.done():  # or its holder is about to leave
                self._free -= 1
                ticket.set_result(None)

    def _next(self) -> asyncio.Future[None]:
        """The ticket whose turn it is; its owner, and its request among the owner's, go to the end of the line."""
        owner, requests = self._queues.popitem(last=False)
        request, tickets = requests.popitem(last=False)
        ticket = tickets.popleft()
        if tickets:
            requests[request] = tickets
        if requests:
            self._queues[owner] = requests
        return ticket

    def _leave(self, owner: str, request: Hashable, ticket: asyncio.Future[None]) -> None:
        if ticket.done() and not ticket.cancelled():  # it was given in the same moment
            self.give_back()
            return
        requests = self._queues.get(owner, OrderedDict())
        tickets = requests.get(request, deque())
        if ticket in tickets:
            tickets.remove(ticket)
        if requests and not tickets:
            requests.pop(request, None)
        if not requests:
            self._queues.pop(owner, None)
