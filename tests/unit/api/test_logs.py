"""Ids of requests, and what stands in the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fake_reading import PDF, FakeExecutor
from fastapi import FastAPI

from octavo.api.logs import JsonFormatter
from octavo.domain.document import SpooledDocument

pytestmark = pytest.mark.anyio

BODY = {"document": {"document_url": PDF}, "octavo": {"password": "geheim"}}


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Every line of the log so far, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("octavo")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


async def test_a_request_leaves_one_line(client: httpx.AsyncClient, lines: Callable[[], list[dict[str, Any]]]) -> None:
    await client.post("/v1/v1/ocr?secret=geheim", json=BODY, headers={"x-request-id": "mine-1"})
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "logger": "octavo.access",
        "message": "request",
        "request_id": "mine-1",
        "method": "POST",
        "path": "/v1/v1/ocr",
        "status": 200,
        "owner": "",
        "pages": 3,
    }


async def test_errors_and_owners_are_in_the_line(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    async with client_of(make_app(keys={"alice": "k"}, max_body_bytes=1000)) as client:
        await client.post("/v1/ocr", json={**BODY, "model": "x"}, headers={"authorization": "Bearer k"})
        await client.post("/v1/ocr", json=BODY)
        await client.post("/v1/ocr", json={"surprise": 1}, headers={"authorization": "Bearer k"})
        await client.post("/v1/ocr", content=b" " * 1001)
        await client.get("/nothing")
    told = [(line["status"], line["owner"], line.get("error")) for line in lines()]
    assert told == [
        (400, "alice", "unknown_model"),
        (401, "", "unauthorized"),
        (422, "alice", "invalid_body"),
        (413, "", "file_too_large"),
        (404, "", None),
    ]


@pytest.mark.parametrize("given", ["a", "6e8b1f0c", "x" * 128, "trace:1/2.3_4-5=+"])
async def test_a_sane_id_of_the_client_is_kept(client: httpx.AsyncClient, given: str) -> None:
    assert (await client.get("/health", headers={"x-request-id": given})).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "é", '"}'])
async def test_any_other_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    made = (await client.get("/health", headers={"x-request-id": given.encode()})).headers["x-request-id"]
    assert made != given
    assert len(made) == 32


async def test_every_answer_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    answers = [await client.get(path) for path in ("/health", "/v1/models", "/nothing", "/v1/ocr", "/docs")]
    answers.append(await client.post("/v1/ocr", json={}))
    answers.append(await client.get("/health", headers={"host": "example.org"}))
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


async def test_nothing_of_the_caller_or_the_document_is_logged(
    client: httpx.AsyncClient, executor: FakeExecutor, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    def break_down(_: SpooledDocument) -> None:
        raise ValueError("could not read 'text of the document'")

    await client.post("/v1/ocr", json=BODY, headers={"authorization": "Bearer geheim"})
    executor.on_inspect = break_down
    await client.post("/v1/ocr", json=BODY)
    written = json.dumps(lines())
    assert "ValueError" in written
    for secret in ("geheim", "text of the document", PDF[-20:], "some text here"):
        assert secret not in written


async def test_a_breakdown_is_told_by_its_places_with_the_id(
    client: httpx.AsyncClient, executor: FakeExecutor, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    executor.inspecting = ZeroDivisionError("x")
    answer = await client.post("/v1/ocr", json=BODY)
    breakdown, request = lines()
    assert breakdown["request_id"] == request["request_id"] == answer.headers["x-request-id"]
    assert (breakdown["level"], breakdown["exception"]) == ("error", "ZeroDivisionError")
    assert any("fake_reading.py" in place for place in breakdown["trace"])
    assert request["status"] == 500


async def test_a_breakdown_of_one_page_is_told_by_itself(
    client: httpx.AsyncClient, executor: FakeExecutor, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    executor.failing = {1: KeyError("x")}
    await client.post("/v1/ocr", json=BODY)
    assert lines()[0]["exception"] == "KeyError"


def test_lines_are_json_whatever_is_logged() -> None:
    record = logging.LogRecord("octavo.x", logging.WARNING, "f.py", 1, 'two\nlines "%s" \x00', ("é",), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'two\nlines "é" \x00'


def test_a_line_brings_no_control_characters_to_a_terminal() -> None:
    record = logging.LogRecord("octavo", logging.INFO, "", 0, "a \x1b[31m path \x9b31m \u202e", None, None)
    line = JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
