"""How long the body of a request may take: between two pieces, and in all."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octavo.api.accept import wants_events
from octavo.api.admission import Admission
from octavo.api.errors import Fault, Refused
from octavo.api.paths import is_upload
from octavo.api.record import record_of
from octavo.domain.errors import RequestTimeout

SLOWEST = 1024
"""Bytes a second that a body has to come with on average, once the first patience is over."""

STALLED = Fault(408, "request_timeout", headers={"Connection": "close"})


class Patience:
    """Raises, where a route reads its body, when that stops coming or does not come in time.

    Uploads, and requests whose answer comes as events, have all the time that they need.
    """

    def __init__(self, app: ASGIApp, admission: Admission, idle: float, request_timeout: float | None) -> None:
        self.app = app
        self._admission = admission
        self._idle = idle
        self._request_timeout = request_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            timeout = None if is_upload(scope) or wants_events(scope) else self._request_timeout
            receive = self._limited(receive, record_of(scope).deadline(timeout))
        await self.app(scope, receive, send)

    def _limited(self, receive: Receive, deadline: float | None) -> Receive:
        """`receive`, with an end to patience until the body is there."""
        arriving, came, patient = True, 0, time.monotonic() + self._idle

        async def limited() -> Message:
            nonlocal arriving, came
            idle = min(self._idle, patient + came / SLOWEST - time.monotonic())
            message = await (self._next(receive, deadline, idle) if arriving else receive())
            came += len(message.get("body", b""))
            arriving = arriving and message.get("more_body", False)
            return message

        return limited

    async def _next(self, receive: Receive, deadline: float | None, idle: float) -> Message:
        left = idle if deadline is None else deadline - time.monotonic()
        try:
            async with asyncio.timeout(min(idle, left)):
                return await receive()
        except TimeoutError:
            if left < idle:
                self._admission.refused["late"] += 1
                raise RequestTimeout(
                    f"The {self._request_timeout:g} seconds that a request may take here were up before its body had "
                    "come. Send it over a faster line, send a smaller document, or send the document's address."
                ) from None
            self._admission.refused["stalled"] += 1
            raise Refused(
                STALLED, f"The request's body came too slowly, or nothing of it came for {self._idle:g} seconds."
            ) from None
