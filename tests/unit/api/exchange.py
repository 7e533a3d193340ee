"""One request straight into the application, without a client library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fake_reading import PDF
from fastapi import FastAPI


class Exchange:
    """One request, for what a client library hides."""

    def __init__(self, app: FastAPI, body: bytes, path: str = "/v1/ocr", **headers: str) -> None:
        self.pieces: list[bytes] = []
        self.leave = asyncio.Event()
        self.on_piece: Callable[[bytes], None] = lambda _: None
        self._app = app
        self._path = path
        told = {"host": "localhost", "content-type": "application/json"} | headers
        self._headers = [(name.encode(), value.encode()) for name, value in told.items()]
        self._body: Iterator[bytes] = iter([body])

    async def run(self) -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": self._path,
            "query_string": b"",
            "headers": self._headers,
        }
        await self._app({**scope, "http_version": "1.1", "scheme": "http"}, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        body = next(self._body, None)
        if body is None:
            await self.leave.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            self.pieces.append(message["body"])
            self.on_piece(message["body"])


def left_in(spool: Path) -> list[Path]:
    return [path for place in ("spool", "pages") for path in (spool / place).iterdir()]


def body_of(**fields: Any) -> bytes:
    return json.dumps({"document": {"document_url": PDF}, **fields}).encode()
