"""The outermost layer of every request: its id, its line in the log, and an answer when all else breaks."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octavo.api.admission import GUARDED
from octavo.api.errors import BROKEN, answer
from octavo.api.record import CLIENT_LEFT, RequestRecord, keep
from octavo.api.traffic import Traffic

REQUEST_ID: ContextVar[str] = ContextVar("octavo_request_id", default="")
"""Of the request that is being served; log lines carry it."""

_LOG = logging.getLogger("octavo.access")
_SANE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}", re.ASCII)


class RequestContext:
    """Gives each request an id and a line in the log, and turns what nobody expected into a typed 500."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self.app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        record = RequestRecord(request_id=_request_id(scope))
        keep(scope, record)
        token = REQUEST_ID.set(record.request_id)
        answering = _Answer(send, record.request_id)
        path = scope["path"]
        try:
            await self._guarded(scope, receive, answering)
        finally:
            status = record.status or answering.status or CLIENT_LEFT
            seconds = time.monotonic() - record.started
            _log(scope["method"], path, status, seconds, record)
            if (scope["method"], scope["path"]) == GUARDED:
                self._traffic.durations[status].add(seconds)
            REQUEST_ID.reset(token)

    async def _guarded(self, scope: Scope, receive: Receive, answering: _Answer) -> None:
        """Serve; an answer that has begun and breaks off ends without its last piece, so that clients notice."""
        try:
            await self.app(scope, receive, answering)
        except ClientDisconnect:
            return
        except Exception:  # noqa: BLE001  the last place that can still answer
            _LOG.exception("request broke down")
            if not answering.status:
                await answer(BROKEN, broken_down())(scope, receive, answering)


def broken_down() -> str:
    """What is told of a mistake of ours."""
    return f"Something broke down on our side. The log of the server has more under {REQUEST_ID.get()}."


class _Answer:
    """`send`, with the request's id in the headers, and a memory of the status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["x-request-id"] = self._request_id
        await self._send(message)


def _request_id(scope: MutableMapping[str, Any]) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _SANE.fullmatch(given) else secrets.token_hex(16)


def _log(method: str, path: str, status: int, seconds: float, record: RequestRecord) -> None:
    """One line: never the query, never a header, never anything of a document."""
    fields = {
        "method": method,
        "path": path[:200],
        "status": status,
        "ms": round(seconds * 1000, 1),
        "owner": record.owner,
        "pages": record.pages,
        "error": record.error,
    }
    _LOG.info("request", extra={"fields": {name: value for name, value in fields.items() if value is not None}})
