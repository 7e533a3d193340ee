"""Requests that are too large."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from octavo.api import body as bodies

pytestmark = pytest.mark.anyio

LIMIT = 10_000


@pytest.fixture
async def small(make_app: Callable[..., FastAPI], client_of: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(make_app(max_body_bytes=LIMIT, max_file_bytes=LIMIT // 2)) as client:
        yield client


def check(answer: httpx.Response, setting: str) -> None:
    assert answer.status_code == 413
    assert (answer.json()["type"], answer.json()["raw_status_code"]) == ("request_too_large", 413)
    assert setting in answer.json()["message"]
    assert answer.headers["x-request-id"]


def left_in(spool: Path) -> list[Path]:
    return [path for place in ("spool", "pages") for path in (spool / place).iterdir()]


async def test_an_announced_length_over_the_limit(small: httpx.AsyncClient) -> None:
    check(await small.post("/v1/ocr", content=b" " * (LIMIT + 1)), "OCTAVO_LIMITS__MAX_BODY_BYTES")


async def test_a_body_that_grows_over_the_limit(small: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 1000

    answer = await small.post("/v1/ocr", content=pieces())
    assert "content-length" not in answer.request.headers
    check(answer, "OCTAVO_LIMITS__MAX_BODY_BYTES")


async def test_a_body_at_the_limit_is_read(small: httpx.AsyncClient) -> None:
    assert (await small.post("/v1/ocr", content=b" " * LIMIT)).status_code == 422


async def test_a_form_over_the_limit(small: httpx.AsyncClient, spool: Path) -> None:
    check(await small.post("/v1/ocr", files={"file": b"x" * (LIMIT + 1)}), "OCTAVO_LIMITS__MAX_BODY_BYTES")
    assert left_in(spool) == []


async def test_a_form_whose_file_is_over_its_own_limit(small: httpx.AsyncClient, spool: Path) -> None:
    check(await small.post("/v1/ocr", files={"file": b"x" * (LIMIT // 2 + 1)}), "OCTAVO_LIMITS__MAX_FILE_BYTES")
    assert left_in(spool) == []


async def test_a_client_that_waits_for_permission_is_answered_at_once(make_app: Callable[..., FastAPI]) -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing was asked for")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-length", b"20000"), (b"expect", b"100-continue")]
    scope = {"type": "http", "method": "POST", "path": "/v1/ocr", "query_string": b"", "headers": headers}
    await make_app(max_body_bytes=LIMIT)(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_a_client_that_goes_on_sending_is_heard_out_for_a_while_only(
    make_app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "DRAIN_SECONDS", 0.05)
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        await asyncio.sleep(0)
        taken += 1000
        return {"type": "http.request", "body": b" " * 1000, "more_body": True}

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ocr",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    await make_app(max_body_bytes=LIMIT)(scope, receive, send)
    assert sent[0]["status"] == 413
    assert taken <= 3 * LIMIT


async def test_a_client_that_leaves_while_sending_is_no_error(
    make_app: Callable[..., FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ocr",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    with caplog.at_level("INFO"):
        await make_app()(scope, receive, send)
    assert [record.fields["status"] for record in caplog.records if record.name == "octavo.access"] == [499]


async def test_a_body_that_still_comes_when_the_server_ends(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    app, begun = make_app(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b" "
        begun.set()
        await asyncio.Event().wait()

    async with client_of(app) as client:
        asking = asyncio.create_task(client.post("/v1/ocr", content=pieces()))
        await begun.wait()
        await asyncio.wait_for(app.state.wiring.ocr.drain(0.05), 10)
        answer = await asyncio.wait_for(asking, 10)
    assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
