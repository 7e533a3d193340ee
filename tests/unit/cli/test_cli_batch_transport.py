"""The API without a network: answers stream, and nobody works for one who has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from octavo.cli.batch_transport import AppTransport

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class App:
    """Echoes what is sent, or sends pieces until nobody takes them."""

    def __init__(self) -> None:
        self.sent = 0
        self.left = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/breaks":
            raise ValueError("broken")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"b")]})
        if scope["path"] == "/echo":
            more = True
            while more:
                message = await receive()
                more = message["more_body"]
                await send({"type": "http.response.body", "body": message["body"], "more_body": more})
            return
        try:
            while True:
                await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
                self.sent += 1
                if self.sent == 100 and scope["path"] == "/ends":
                    return
        except asyncio.CancelledError:
            self.left = True
            raise


def client(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=AppTransport(app), base_url="http://127.0.0.1")  # type: ignore[arg-type]


async def test_what_is_sent_in_pieces_comes_back() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(10):
            yield b"%d," % number

    async with client(App()) as http:
        answer = await http.post("/echo", content=pieces())
    assert (answer.status_code, answer.headers["x-a"], answer.content) == (200, "b", b"0,1,2,3,4,5,6,7,8,9,")


async def test_an_answer_is_made_no_faster_than_it_is_read() -> None:
    app = App()
    async with client(app) as http, http.stream("GET", "/endless") as answer:
        pieces = answer.aiter_raw()
        for _ in range(3):
            await anext(pieces)
        await asyncio.sleep(0.01)
        assert app.sent < 10
        await pieces.aclose()  # type: ignore[attr-defined]
    assert app.left


async def test_an_answer_that_breaks_off_is_none() -> None:
    async with client(App()) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get("/ends")
        with pytest.raises(ValueError, match="broken"):
            await http.get("/breaks")
