"""Connections that are slow, stop half-way or come in crowds, under uvicorn.

uvicorn waits without end for the headers of a request, for the rest of a body whose request is answered already, and
for clients that do not read their answers; and it accepts connections until no file can be opened any more. This is
its protocol over h11 with an end to each of these. Bodies that routes read have their limits in `patience.py`.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from octavo.api.open_files import allow_open_files, connections_for

MOST = 4096
"""Connections at a time, where the system lets us have as many files."""


def protocol_for(max_waiting: int) -> Callable[..., PatientProtocol]:
    """What uvicorn takes for the class of its protocol, on a server that lets in so many requests at a time."""
    return Crowd(connections_for(allow_open_files(), max(MOST, 2 * max_waiting))).protocol


class Crowd:
    """The connections that wait for the headers of a request, the longest-waiting first.

    Args:
        most: connections of any kind at a time.
        header_seconds: for the headers of a request, from its first byte or from the start of the connection on.
        linger_seconds: for the rest of a body whose request is answered.
        stall_seconds: in which a client must have taken something of its answer.
    """

    def __init__(
        self,
        most: int = MOST,
        *,
        header_seconds: float = 10.0,
        linger_seconds: float = 10.0,
        stall_seconds: float = 30.0,
    ) -> None:
        self.most = most
        self.header_seconds = header_seconds
        self.linger_seconds = linger_seconds
        self.stall_seconds = stall_seconds
        self.dropped = 0
        self._idle: OrderedDict[PatientProtocol, None] = OrderedDict()

    def protocol(self, *args: Any, **kwargs: Any) -> PatientProtocol:
        """A connection of this crowd; what uvicorn takes for the class of its protocol."""
        return PatientProtocol(self, *args, **kwargs)

    def note(self, connection: PatientProtocol, *, idle: bool) -> None:
        """It begins to wait for headers, or does not wait for them any more."""
        if idle:
            self._idle.setdefault(connection)
        else:
            self._idle.pop(connection, None)

    def make_room(self, newcomer: PatientProtocol, number: int) -> None:
        """Close the connection that has waited for headers for longest, when there are too many; else the newcomer."""
        if number > self.most:
            self.dropped += 1
            next(iter(self._idle), newcomer).drop()


class PatientProtocol(H11Protocol):
    """One connection."""

    def __init__(self, crowd: Crowd, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._crowd = crowd
        self._waits_for = ""
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """It is open; when there are too many, one has to go."""
        super().connection_made(transport)
        self._crowd.make_room(self, len(self.connections))
        self._watch("headers")

    def data_received(self, data: bytes) -> None:
        """Some bytes came."""
        super().data_received(data)
        self._watch(self._awaited())

    def on_response_complete(self) -> None:
        """The answer is written; the body may still be coming."""
        super().on_response_complete()
        self._watch(self._awaited())

    def pause_writing(self) -> None:
        """The client takes its answer more slowly than it is made."""
        super().pause_writing()
        self._expect_less(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has taken most of it."""
        super().resume_writing()
        self._stop(self._stall)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        super().connection_lost(exc)
        self._watch("")
        self._stop(self._stall)

    def drop(self) -> None:
        """Close it at once, whatever is under way."""
        self._watch("")
        self.transport.abort()

    def _awaited(self) -> str:
        """What the client owes: headers that have begun, the rest of a body that nobody reads, or nothing.

        Between two requests it owes nothing; there uvicorn has its own limit.
        """
        if self.transport.is_closing():
            return ""
        if self.conn.their_state is h11.IDLE:
            return "headers" if self.conn.trailing_data[0] or self.cycle is None else "request"
        if self.conn.their_state is h11.SEND_BODY and self.cycle.response_complete:
            return "rest"
        return ""

    def _watch(self, awaited: str) -> None:
        """Let the clock run from when something begins to be awaited; what comes in drips does not stop it."""
        if awaited == self._waits_for:
            return
        self._stop(self._timer)
        self._waits_for = awaited
        self._crowd.note(self, idle=awaited in ("headers", "request"))
        if awaited in ("headers", "rest"):
            seconds = self._crowd.header_seconds if awaited == "headers" else self._crowd.linger_seconds
            self._timer = self.loop.call_later(seconds, self.drop)

    def _expect_less(self, before: int) -> None:
        """Look after a while whether the client took something of what waits for it."""
        self._stall = self.loop.call_later(self._crowd.stall_seconds, self._check_less, before)

    def _check_less(self, before: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now >= before:
            self.drop()
        else:
            self._expect_less(now)

    def _stop(self, timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
