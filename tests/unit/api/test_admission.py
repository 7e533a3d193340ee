"""How many requests are let in, and how long they may take to come."""

from __future__ import annotations

import asyncio
import errno
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import PDF, FakeExecutor
from fastapi import FastAPI

from octavo.api.record import RequestRecord
from octavo.api.wiring import Wiring
from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.errors import CorruptDocument

pytestmark = pytest.mark.anyio

BODY = json.dumps({"document": {"document_url": PDF}}).encode()
WHOLE = {"type": "http.request", "body": BODY, "more_body": False}
PART = {"type": "http.request", "body": b"{", "more_body": True}
GONE = {"type": "http.disconnect"}


def wiring_of(app: FastAPI) -> Wiring:
    wired: Wiring = app.state.wiring
    return wired


class Call:
    """One request, message by message; after the last message nothing comes.

    Attributes:
        sent: what was answered.
    """

    def __init__(self, app: FastAPI, *messages: dict[str, Any], path: str = "/v1/ocr", **headers: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self._messages = list(messages)
        named = [(name.encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()]
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": named}
        self.running = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop(0)

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(b"".join(message.get("body", b"") for message in self.sent))
        return found

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110  nothing tells it
            await asyncio.sleep(0.001)


async def test_requests_beyond_the_limit_are_sent_away_unread(make_app: Callable[..., FastAPI]) -> None:
    app = make_app(max_waiting=2)
    admission = wiring_of(app).admission
    waiting = [Call(app, PART), Call(app, path="//ocr/")]
    await until(lambda: admission.inside == 2)
    refused = Call(app)
    await refused.running
    assert refused.status == 429
    assert (refused.body["type"], refused.body["code"], refused.body["raw_status_code"]) == (
        "rate_limited",
        "1300",
        429,
    )
    assert "OCTAVO_LIMITS__MAX_WAITING" in refused.body["message"]
    assert dict(refused.sent[0]["headers"])[b"retry-after"].isdigit()
    assert admission.refused == {"waiting": 1}
    for call in waiting:
        await call.end()
    assert admission.inside == 0


async def test_other_addresses_are_open_when_nobody_is_let_in_to_read(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any]
) -> None:
    app = make_app(max_waiting=1)
    waiting = Call(app, PART)
    await until(lambda: wiring_of(app).admission.inside == 1)
    async with client_of(app) as client:
        for path in ("/health", "/ready", "/v1/models"):
            assert (await client.get(path)).status_code == 200
        assert (await client.get("/v1/ocr")).status_code == 405
    await waiting.end()


@pytest.mark.parametrize(
    ("messages", "headers"),
    [
        ((WHOLE,), {}),
        ((PART, GONE), {}),
        ((GONE,), {}),
        (({**WHOLE, "body": b"no json"},), {}),
        ((), {"content-length": "999999999"}),
        ((WHOLE,), {"x-octavo-options": "nonsense"}),
        ((WHOLE,), {"content-type": "multipart/form-data; boundary=b"}),
    ],
    ids=["served", "left", "left at once", "no json", "too large", "wrong header", "no form"],
)
async def test_whoever_goes_makes_room(
    make_app: Callable[..., FastAPI],
    spool: Path,
    messages: tuple[dict[str, Any], ...],
    headers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("octavo.api.body.DRAIN_SECONDS", 0.01)
    app = make_app(max_waiting=1)
    for _ in range(3):
        call = Call(app, *messages, **headers)
        await call.running
        assert call.sent == [] or call.status != 429
    assert wiring_of(app).admission.inside == 0
    assert list((spool / "spool").iterdir()) == []


@pytest.mark.parametrize("error", [CorruptDocument("Cut."), ZeroDivisionError()])
async def test_errors_make_room(make_app: Callable[..., FastAPI], executor: FakeExecutor, error: Exception) -> None:
    executor.inspecting = error
    app = make_app(max_waiting=1)
    for _ in range(3):
        call = Call(app, WHOLE)
        await call.running
        assert call.status in {400, 500}
    assert wiring_of(app).admission.inside == 0


async def test_a_client_that_leaves_while_it_is_read_for_makes_room(
    make_app: Callable[..., FastAPI], executor: FakeExecutor, spool: Path
) -> None:
    executor.gate.clear()
    app = make_app(max_waiting=1)
    call = Call(app, WHOLE, GONE)
    await call.running
    assert wiring_of(app).admission.inside == 0
    assert list((spool / "spool").iterdir()) == []
    executor.gate.set()


async def test_a_body_that_stops_is_told(make_app: Callable[..., FastAPI]) -> None:
    app = make_app(idle_timeout=0.02)
    call = Call(app, PART)
    await call.running
    assert (call.status, call.body["type"], call.body["raw_status_code"]) == (408, "request_timeout", 408)
    assert dict(call.sent[0]["headers"])[b"connection"] == b"close"
    assert wiring_of(app).admission.refused == {"stalled": 1}


class Drip(Call):
    """A byte of the body every hundredth of a second."""

    async def _receive(self) -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}


async def test_a_body_that_drips_is_told(make_app: Callable[..., FastAPI]) -> None:
    app = make_app(idle_timeout=0.2)
    call = Drip(app)
    await call.running
    assert (call.status, call.body["type"]) == (408, "request_timeout")
    assert "too slowly" in call.body["message"]


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
async def test_a_body_that_is_late_is_told(make_app: Callable[..., FastAPI], kind: str) -> None:
    app = make_app(request_timeout=0.02)
    call = Call(app, PART, **{"content-type": kind})
    await call.running
    assert (call.status, call.body["type"], call.body["raw_status_code"]) == (504, "timeout", 504)
    assert dict(call.sent[0]["headers"])[b"retry-after"].isdigit()
    assert wiring_of(app).admission.refused == {"late": 1}


async def test_a_client_that_waits_for_its_answer_is_not_idle(
    make_app: Callable[..., FastAPI], executor: FakeExecutor
) -> None:
    executor.gate.clear()
    call = Call(make_app(idle_timeout=0.02), WHOLE)
    await executor.asked.wait()
    await asyncio.sleep(0.1)
    executor.gate.set()
    await until(lambda: bool(call.sent))
    assert call.status == 200
    await call.end()


async def test_what_is_not_read_in_time_is_told(make_app: Callable[..., FastAPI], executor: FakeExecutor) -> None:
    executor.gate.clear()
    call = Call(make_app(request_timeout=0.2), WHOLE)
    await call.running
    assert (call.status, call.body["type"]) == (504, "timeout")
    executor.gate.set()


def test_the_time_of_a_request_counts_from_its_headers_on() -> None:
    record = RequestRecord(request_id="", started=10.0)
    assert (record.deadline(280.0), record.deadline(None)) == (290.0, None)
    before = time.monotonic()
    assert before <= RequestRecord(request_id="").started <= time.monotonic()


@pytest.mark.parametrize("form", [False, True])
async def test_no_room_on_disk_for_all_documents_together(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], spool: Path, form: bool
) -> None:
    budget = SpoolBudget(100_000)
    async with client_of(make_app(budget=budget)) as client:
        document = "A" * 200_000
        sent = {"files": {"file": document.encode()}} if form else {"json": {"document": {"document_url": document}}}
        answer: httpx.Response = await client.post("/v1/ocr", **sent)
        assert (answer.status_code, answer.json()["code"]) == (429, "1300")
        assert int(answer.headers["retry-after"]) > 0
        assert (budget.used, budget.refused) == (0, 1)
        assert list((spool / "spool").iterdir()) == []
        assert (await client.post("/v1/ocr", content=BODY)).status_code == 200


async def test_a_folder_that_cannot_be_made_is_a_full_disk(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    async with client_of(make_app()) as client:
        answer = await client.post("/v1/ocr", content=BODY)
    assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
    assert int(answer.headers["retry-after"]) > 0
