"""An answer whose bytes are checked while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.record import record_of
from octavo.api.sending import while_client_stays
from octavo.domain.errors import OctavoError


class BrokenOff(Exception):
    """An answer that has begun cannot be brought to its end; the connection is closed so that clients notice."""


class CheckedAnswer(Response):
    """Sends pieces when it is called.

    What cannot be read at all is still its own status; bytes that turn out damaged break the answer off before its end,
    so that nobody takes them for the whole.
    """

    def __init__(self, pieces: Callable[[], AsyncIterator[bytes]]) -> None:
        """`pieces`: asynchronous generator; nothing of it runs before the answer is sent."""
        super().__init__()
        del self.headers["content-length"]
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; stop when the client leaves."""
        await while_client_stays(receive, self._answer(scope, send))

    async def _answer(self, scope: Scope, send: Send) -> None:
        async with aclosing(cast(Any, self._pieces())) as pieces:
            first = await anext(pieces, b"")
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            try:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except OctavoError as error:
                record_of(scope).error = error.code
                raise BrokenOff from error
            await send({"type": "http.response.body", "body": b"", "more_body": False})
