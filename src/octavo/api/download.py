"""The bytes of a file as an answer, in constant memory."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.answer import while_client_stays
from octavo.api.record import record_of
from octavo.domain.errors import OctavoError
from octavo.domain.file import StoredFile


class Octets(Response):
    """Bytes of whatever kind; clients of Mistral take no other label for the content of a file."""

    media_type = "application/octet-stream"


class BrokenOff(Exception):
    """An answer that has begun cannot be brought to its end; the connection is closed so that clients notice."""


class FileAnswer(Octets):
    """Sends a file when it is called.

    What cannot be read at all is still its own status; bytes that turn out damaged break the answer off before its end,
    so that nobody takes them for the file.
    """

    def __init__(self, file: StoredFile, content: Callable[[], AsyncIterator[bytes]]) -> None:
        super().__init__()
        self.headers["content-length"] = str(file.blob.size)
        self.headers["content-disposition"] = disposition(file.name)
        digest = base64.b64encode(bytes.fromhex(file.blob.sha256)).decode("ascii")
        self.headers["repr-digest"] = f"sha-256=:{digest}:"  # RFC 9530
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; stop when the client leaves."""
        await while_client_stays(receive, self._answer(scope, send))

    async def _answer(self, scope: Scope, send: Send) -> None:
        async with aclosing(cast(Any, self._content())) as pieces:
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


def disposition(name: str) -> str:
    """To be saved under its name, whatever is in that (RFC 6266): plain for old clients, and whole for all others."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
