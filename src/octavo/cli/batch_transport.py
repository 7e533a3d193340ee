"""The API without a network: requests go straight into the application in this process, answers stream out of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import suppress
from typing import Any

import httpx
from fastapi import FastAPI

_PIECES = 4
"""Of an answer that wait until they are asked for."""

_Message = MutableMapping[str, Any]


class AppTransport(httpx.AsyncBaseTransport):
    """Speaks with `app`, whose lifespan is not its business; httpx's own transport keeps whole answers in memory."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask; the answer comes as soon as it begins."""
        exchange = _Exchange(self._app, request)
        try:
            start = await exchange.next()
        except BaseException:
            await exchange.aclose()
            raise
        return httpx.Response(start["status"], headers=start.get("headers", []), stream=exchange)


class _Exchange(httpx.AsyncByteStream):
    """One request and its answer."""

    def __init__(self, app: FastAPI, request: httpx.Request) -> None:
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101  an asynchronous client made it
        self._sent = aiter(request.stream)
        self._answered: asyncio.Queue[_Message] = asyncio.Queue(_PIECES)
        self._asked = False
        self._over = asyncio.Event()
        self._task = asyncio.ensure_future(app(_scope_of(request), self._receive, self._answered.put))

    async def next(self) -> _Message:
        """The next message of the application.

        Raises:
            httpx.RemoteProtocolError: there is none.
        """
        getting = asyncio.ensure_future(self._answered.get())
        try:
            await asyncio.wait({getting, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return getting.result()
        finally:
            getting.cancel()
        if not self._answered.empty():
            return self._answered.get_nowait()
        self._task.result()
        raise httpx.RemoteProtocolError("The answer broke off.")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self.next()
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def aclose(self) -> None:
        """Hang up."""
        self._over.set()
        if not self._task.done():
            await asyncio.wait({self._task}, timeout=0)  # one that has answered in full only has to return
            self._task.cancel()
        with suppress(Exception, asyncio.CancelledError):
            await self._task

    async def _receive(self) -> _Message:
        if self._asked:
            await self._over.wait()
            return {"type": "http.disconnect"}
        piece = await anext(self._sent, None)
        self._asked = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": not self._asked}


def _scope_of(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port or 80),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
