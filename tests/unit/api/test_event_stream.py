"""`POST /v1/ocr` with `Accept: text/event-stream`."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from exchange import Exchange, body_of, left_in
from fake_reading import PDF, FakeExecutor, rich_page, text_block
from fastapi import FastAPI

from octavo.api.event_stream import EventStream
from octavo.domain.block import BlockKind
from octavo.domain.errors import (
    CorruptDocument,
    EncryptedDocument,
    EngineFailed,
    EngineTimeout,
    InvalidPageRange,
    ShuttingDown,
)
from octavo.domain.result import OcrResult, RecognizedPage
from octavo.domain.stores import PageStore
from octavo.domain.work import AnswerOptions
from octavo.services.progress import FinishedPage, OpenedDocument, Progress

pytestmark = pytest.mark.anyio

EVENTS = "text/event-stream"
Event = tuple[str, dict[str, Any]]


def parsed(stream: bytes) -> list[Event]:
    """Names and data, by the letter of the format that is promised: a name, one line of data, an empty line."""
    blocks = stream.decode().split("\n\n")
    assert blocks.pop() == ""
    events = []
    for block in blocks:
        if block != ": octavo":
            name, data = block.splitlines()
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def data_of(stream: bytes, name: str) -> bytes:
    (found,) = [block for block in stream.split(b"\n\n") if block.startswith(b"event: %s\n" % name.encode())]
    return found.partition(b"\ndata: ")[2]


async def ask(client: httpx.AsyncClient, accept: str = EVENTS, **body: Any) -> httpx.Response:
    return await client.post("/v1/ocr", json={"document": {"document_url": PDF}, **body}, headers={"Accept": accept})


async def events_of(client: httpx.AsyncClient, **body: Any) -> list[Event]:
    answer = await ask(client, **body)
    assert answer.status_code == 200, answer.text
    return parsed(answer.content)


def names(events: list[Event]) -> list[str]:
    return [name for name, _ in events]


async def test_a_document_is_told_from_its_start_to_its_result(client: httpx.AsyncClient) -> None:
    answer = await ask(client, pages="2,0-1")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-length" not in answer.headers
    events = parsed(answer.content)
    assert names(events) == ["start", "page", "page", "page", "result"]
    assert events[0][1] == {"model": "octavo-test", "indices": [2, 0, 1], "page_count": 3, "doc_size_bytes": 30}
    pages = [told for name, told in events if name == "page"]
    assert [(told["done"], told["pages"]) for told in pages] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(told["page"]["index"] for told in pages) == [0, 1, 2]


@pytest.mark.parametrize(
    "options", [{}, {"include_image_base64": True, "table_format": "html", "confidence_scores_granularity": "word"}]
)
async def test_the_result_is_the_plain_answer_to_the_byte(client: httpx.AsyncClient, options: dict[str, Any]) -> None:
    plain, stream = await ask(client, "application/json", **options), await ask(client, **options)
    assert data_of(stream.content, "result") == plain.content


async def test_a_result_in_many_pieces_is_the_same(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = await ask(client, "application/json", include_image_base64=True)
    monkeypatch.setattr("octavo.api.sending.PIECE", 1)
    stream = await ask(client, include_image_base64=True)
    assert data_of(stream.content, "result") == plain.content


async def test_texts_with_line_breaks_of_all_kinds_stay_in_their_line(
    client: httpx.AsyncClient, executor: FakeExecutor
) -> None:
    text = "one\ntwo\rthree\r\nfour\u2028five\u2029six\x85seven\x0beight\x0cnine\x1cten\n\nevent: result\ndata: {}"
    executor.page = lambda task: replace(rich_page(task), blocks=(text_block(BlockKind.CODE, text, 100),))
    answer = await ask(client, pages="0")
    assert names(parsed(answer.content)) == ["start", "page", "result"]
    assert len(answer.text.splitlines()) == 3 * len(["event", "data", ""])
    for told in (json.loads(data_of(answer.content, "page"))["page"], answer_of(answer)["pages"][0]):
        assert told["blocks"][0]["content"] == f"```\n{text}\n```"


def answer_of(stream: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data_of(stream.content, "result"))
    return found


async def test_a_page_is_told_for_itself_alone_in_the_form_asked_for(client: httpx.AsyncClient) -> None:
    options = {"table_format": "html", "extract_header": True, "confidence_scores_granularity": "page"}
    stream = await ask(client, include_image_base64=True, **options)
    for index in range(3):
        alone = (await ask(client, "application/json", pages=[index], **options)).json()["pages"][0]
        (told,) = [event["page"] for _, event in parsed(stream.content) if event.get("page", {}).get("index") == index]
        assert told == alone
    assert b"data:image/jpeg" in data_of(stream.content, "result")


async def test_without_blocks_pages_have_none_either(client: httpx.AsyncClient) -> None:
    events = await events_of(client, include_blocks=False)
    assert [told["page"]["blocks"] for name, told in events if name == "page"] == [None] * 3


async def test_a_page_that_fails_is_told_among_the_others(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.failing = {1: CorruptDocument("Page 1 breaks off.")}
    events = await events_of(client)
    assert names(events) == ["start", "page", "page", "page", "result"]
    (failed,) = [told["page"] for name, told in events if name == "page" and told["page"]["octavo"]["error_code"]]
    assert (failed["index"], failed["warnings"]) == (1, ["Page 1 breaks off."])
    assert events[-1][1]["usage_info"]["pages_processed"] == 2


async def test_pages_that_are_kept_are_told_as_well(
    make_app: Callable[..., FastAPI], client_of: Any, executor: FakeExecutor
) -> None:
    async with client_of(make_app(keeps=3600)) as client:
        first, second = await ask(client), await ask(client)
    assert len(executor.tasks) == 3
    assert names(parsed(second.content)) == ["start", "page", "page", "page", "result"]
    assert data_of(second.content, "result") == data_of(first.content, "result")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"pages": "x"}, 422),
        ({"unknown": 1}, 422),
        ({"model": "no-such-model"}, 400),
        ({"bbox_annotation_format": {"type": "json_schema"}}, 400),
    ],
)
async def test_what_is_wrong_with_the_request_itself_is_a_plain_error(
    client: httpx.AsyncClient, body: dict[str, Any], status: int
) -> None:
    answer, plain = await ask(client, **body), await ask(client, "application/json", **body)
    assert (answer.status_code, answer.json()) == (status, plain.json())
    assert answer.headers["content-type"] == "application/json"


async def test_a_missing_key_is_a_plain_error(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    async with client_of(make_app(keys={"alice": "secret"})) as client:
        answer = await ask(client)
    assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/secret.pdf", "https://example.org/gone.pdf", "data:application/pdf;base64,%%%"]
)
async def test_a_document_that_cannot_be_had_is_an_event(client: httpx.AsyncClient, address: str) -> None:
    await _is_told_as_plainly(client, {"document": {"document_url": address}}, ["error"])


async def test_the_error_has_its_name(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.inspecting = EncryptedDocument("It needs a password.")
    name, told = (await events_of(client))[-1]
    assert (name, told["error_code"]) == ("error", "encrypted_document")


async def test_an_unknown_file_is_an_event(client: httpx.AsyncClient) -> None:
    body = {"document": {"file_id": "0a1b2c3d-0000-0000-0000-000000000000"}}
    told = await _is_told_as_plainly(client, body, ["error"])
    assert (told["code"], told["detail"][0]["loc"]) == ("1901", ["body", "document", "file_id"])


async def test_a_document_that_cannot_be_opened_is_an_event(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.inspecting = CorruptDocument("It breaks off.")
    await _is_told_as_plainly(client, {}, ["error"])


async def test_a_page_outside_the_document_is_an_event(client: httpx.AsyncClient) -> None:
    await _is_told_as_plainly(client, {"pages": [7]}, ["error"])


async def test_when_no_page_can_be_read_all_are_told_before_the_error(
    client: httpx.AsyncClient, executor: FakeExecutor
) -> None:
    executor.failing = dict.fromkeys(range(3), EngineTimeout("Reading took too long."))
    await _is_told_as_plainly(client, {}, ["start", "page", "page", "page", "error"])


async def _is_told_as_plainly(client: httpx.AsyncClient, body: dict[str, Any], expected: list[str]) -> dict[str, Any]:
    """The error is the plain one, with its status beside it."""
    plain, events = await ask(client, "application/json", **body), await events_of(client, **body)
    assert names(events) == expected
    told = events[-1][1]
    assert told == {"status": plain.status_code, "error_code": told["error_code"], **plain.json()}
    return told


async def test_a_mistake_of_ours_is_an_event_and_a_line_of_the_log(
    client: httpx.AsyncClient, executor: FakeExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    executor.failing = {0: ZeroDivisionError("a secret of the document")}
    answer = await ask(client)
    name, told = parsed(answer.content)[-1]
    assert (name, told["status"], told["type"]) == ("error", 500, "internal_server_error")
    assert answer.headers["x-request-id"] in told["message"]
    assert "secret" not in answer.text
    assert [record.message for record in caplog.records if record.exc_info] == ["request broke down"]


async def test_a_page_that_is_lost_before_it_is_told_ends_the_stream(
    client: httpx.AsyncClient, executor: FakeExecutor, spool: Path
) -> None:
    def lost(_: object) -> None:
        shutil.rmtree(spool / "pages")

    executor.on_inspect = lost
    events = await events_of(client)
    assert names(events)[-1] == "error"
    assert "result" not in names(events)


async def test_an_answer_that_breaks_off_has_no_end(make_app: Callable[..., FastAPI], spool: Path) -> None:
    exchange = Exchange(make_app(), body_of(include_image_base64=True), accept=EVENTS)

    def remove(piece: bytes) -> None:
        if piece.startswith(b"event: result"):
            for path in spool.rglob("*.jpeg"):
                path.unlink()

    exchange.on_piece = remove
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("octavo.api.sending.PIECE", 1)
        await exchange.run()
    stream = b"".join(exchange.pieces)
    assert b"event: result" in stream
    assert b"event: error" not in stream, "it would stand in the middle of the result"
    assert exchange.pieces[-1] != b"", "the last piece would tell the client that all is well"
    assert left_in(spool) == []


@pytest.mark.parametrize(
    "accept",
    [
        "text/event-stream",
        "Text/Event-Stream; charset=utf-8",
        "application/json, text/event-stream",
        "text/event-stream;q=0.1, */*",
        "application/json;q=0.5,text/event-stream ; q=0.5",
    ],
)
async def test_who_names_the_form_gets_events(client: httpx.AsyncClient, accept: str) -> None:
    assert (await ask(client, accept)).headers["content-type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "text/*",
        "application/json",
        "",
        "text/event-stream;q=0",
        "text/event-stream;q=0.0, */*",
        "application/json, text/event-stream;q=0.9",
        "text/event-stream;q=nan",
        "text/event-stream;q=much",
        ";;=,,q=1",
    ],
)
async def test_all_others_get_json(client: httpx.AsyncClient, accept: str) -> None:
    assert (await ask(client, accept)).headers["content-type"] == "application/json"


async def test_a_form_can_be_answered_by_events(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/ocr", files={"file": b"%PDF-1.7 a form"}, data={"pages": "1"}, headers={"Accept": EVENTS}
    )
    events = parsed(answer.content)
    assert names(events) == ["start", "page", "result"]
    assert events[0][1]["indices"] == [1]


async def test_there_is_no_limit_to_the_time_that_it_takes(
    make_app: Callable[..., FastAPI], client_of: Any, executor: FakeExecutor
) -> None:
    executor.gate.clear()
    async with client_of(make_app(request_timeout=0.05)) as client:
        plain = await ask(client, "application/json")
        assert plain.status_code == 504
        asking = asyncio.create_task(ask(client))
        await asyncio.sleep(0.3)
        executor.gate.set()
        events = parsed((await asking).content)
    assert names(events)[-1] == "result"


async def test_there_is_no_limit_to_the_time_that_its_body_takes(
    make_app: Callable[..., FastAPI], client_of: Any
) -> None:
    async def pieces() -> Any:
        for byte in body_of():
            await asyncio.sleep(0.005)
            yield bytes([byte])

    async with client_of(make_app(request_timeout=0.05)) as client:
        assert (await client.post("/v1/ocr", content=pieces())).status_code == 504
        answer = await client.post("/v1/ocr", content=pieces(), headers={"Accept": EVENTS})
    assert names(parsed(answer.content))[-1] == "result"


async def test_a_body_that_stops_coming_is_given_up_as_ever(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    async def pieces() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    async with client_of(make_app(idle_timeout=0.05)) as client:
        answer = await client.post("/v1/ocr", content=pieces(), headers={"Accept": EVENTS})
    assert (answer.status_code, answer.json()["type"]) == (408, "request_timeout")


async def test_one_request_too_many_is_a_plain_error(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    async with client_of(make_app(max_waiting=0)) as client:
        answer = await ask(client)
    assert (answer.status_code, answer.json()["type"]) == (429, "rate_limited")


async def test_the_end_of_the_server_ends_it_with_an_event(
    make_app: Callable[..., FastAPI], client_of: Any, executor: FakeExecutor
) -> None:
    executor.gate.clear()
    app = make_app()
    async with client_of(app) as client:
        asking = asyncio.create_task(ask(client))
        await executor.asked.wait()
        await asyncio.wait_for(app.state.wiring.ocr.drain(0.05), 10)
        events = parsed((await asking).content)
    executor.gate.set()
    await app.state.wiring.ocr.reader.finished()
    assert names(events) == ["start", "error"]
    assert (events[-1][1]["status"], events[-1][1]["type"]) == (503, "service_unavailable")


async def test_a_client_that_leaves_stops_the_reading_after_the_pages_at_hand(
    make_app: Callable[..., FastAPI], executor: FakeExecutor, spool: Path
) -> None:
    executor.gate.clear()
    executor.page_count = 9
    app = make_app()
    exchange = Exchange(app, body_of(), accept=EVENTS)
    running = asyncio.create_task(exchange.run())
    await executor.asked.wait()
    exchange.leave.set()
    await running
    at_hand = len(executor.tasks)
    assert 0 < at_hand <= executor.capacity
    executor.gate.set()
    await app.state.wiring.ocr.reader.finished()
    assert left_in(spool) == []
    assert (len(executor.tasks), executor.cancelled) == (at_hand, 0)


class CountingStore:
    """A store that counts how often a page is loaded."""

    def __init__(self, inner: PageStore) -> None:
        self._inner = inner
        self.loads = 0

    def load(self, key: str) -> RecognizedPage:
        self.loads += 1
        return self._inner.load(key)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


async def test_a_slow_client_holds_up_no_reading_and_no_page_is_loaded_before_its_turn(
    make_app: Callable[..., FastAPI], executor: FakeExecutor
) -> None:
    executor.page_count = 9
    app = make_app()
    store = app.state.wiring.ocr.reader.store = CountingStore(app.state.wiring.ocr.reader.store)
    exchange = Exchange(app, body_of(), accept=EVENTS)
    goes_on, stream = asyncio.Event(), bytearray()

    async def send(message: dict[str, Any]) -> None:
        stream.extend(message.get("body", b""))
        if b"event: page" in message.get("body", b""):
            await goes_on.wait()

    exchange._send = send  # type: ignore[method-assign]
    running = asyncio.create_task(exchange.run())
    async with asyncio.timeout(10):
        # One page is about to be told; all are looked through, one after the other, to put the answer together.
        while store.loads < 1 + 9:  # noqa: ASYNC110  the store tells no event
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    assert (len(executor.tasks), store.loads) == (9, 1 + 9)
    goes_on.set()
    await running
    assert names(parsed(bytes(stream))) == ["start", *["page"] * 9, "result"]


async def test_a_comment_is_sent_whenever_nothing_else_was_for_a_while() -> None:
    """With a reading that is silent at first, between its pages, and while the answer is put together."""
    goes_on = asyncio.Event()

    @asynccontextmanager
    async def reading(_: Progress) -> Any:
        await goes_on.wait()
        yield OcrResult(model="m", pages=(), pages_processed=0, doc_size_bytes=3)

    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        if sent.count(b": octavo\n\n") == 3:
            goes_on.set()

    async def receive() -> Any:
        return await asyncio.Future()

    await EventStream(reading, AnswerOptions(), "m", silence=0.01)({"type": "http"}, receive, send)
    assert sent[:4] == [b"", *[b": octavo\n\n"] * 3]
    assert names(parsed(b"".join(sent))) == ["result"]


async def test_what_ended_the_reading_is_told_though_it_took_pages_along() -> None:
    def lost() -> RecognizedPage:
        raise EngineFailed("The page is no longer on disk.")

    @asynccontextmanager
    async def reading(progress: Progress) -> AsyncIterator[OcrResult]:
        progress.opened(OpenedDocument(indices=(0, 1), page_count=2, size=3))
        progress.finished(FinishedPage(done=1, pages=2, outcome=lost))
        raise ShuttingDown("Come back.")
        yield

    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def receive() -> Any:
        return await asyncio.Future()

    await EventStream(reading, AnswerOptions(), "m")({"type": "http"}, receive, send)
    events = parsed(b"".join(sent))
    assert names(events) == ["start", "error"]
    assert (events[-1][1]["status"], events[-1][1]["message"]) == (503, "Come back.")


@pytest.mark.parametrize(
    ("options", "status", "error"), [({}, 200, None), ({"pages": [7]}, 400, InvalidPageRange.code)]
)
async def test_the_log_and_the_metrics_know_what_came_of_it(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, options: dict[str, Any], status: int, error: str | None
) -> None:
    with caplog.at_level("INFO"):
        assert (await ask(client, **options)).status_code == 200
    (line,) = [record.fields for record in caplog.records if record.name == "octavo.access"]
    assert (line["status"], line.get("error"), line.get("pages")) == (status, error, None if error else 3)
    assert f'octavo_http_request_seconds_count{{status="{status}"}} 1.0' in (await client.get("/metrics")).text


async def test_a_client_that_leaves_is_no_success(
    make_app: Callable[..., FastAPI], executor: FakeExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = Exchange(make_app(), body_of(), accept=EVENTS)
    exchange.on_piece = lambda _: exchange.leave.set()
    executor.gate.clear()
    with caplog.at_level("INFO"):
        await exchange.run()
    executor.gate.set()
    (line,) = [record.fields for record in caplog.records if record.name == "octavo.access"]
    assert line["status"] == 499
