"""What every answer tells browsers and proxies: nothing of it is kept, guessed at, framed or used by other sites."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fake_reading import PDF, FakeExecutor
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

BODY = {"document": {"document_url": PDF}}
LOCKED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def told(answer: httpx.Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in LOCKED}


async def test_an_answer_with_a_document_is_kept_by_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/ocr", json=BODY)
    assert answer.status_code == 200
    assert told(answer) == LOCKED


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/metrics", "/v1/models", "/openapi.json", "/nothing", "/v1/ocr"]
)
async def test_so_is_every_other(client: httpx.AsyncClient, path: str) -> None:
    assert told(await client.get(path)) == LOCKED


async def test_errors_are_no_exception(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], executor: FakeExecutor
) -> None:
    executor.inspecting = ZeroDivisionError("x")
    async with client_of(make_app(max_body_bytes=10_000, keys={"a": "k"})) as client:
        key = {"authorization": "Bearer k"}
        answers = [
            await client.post("/v1/ocr", json=BODY),
            await client.post("/v1/ocr", json=BODY, headers=key),
            await client.post("/v1/ocr", content=b" " * 10_001, headers=key),
            await client.post("/v1/ocr", json={}, headers=key),
        ]
    assert [answer.status_code for answer in answers] == [401, 500, 413, 422]
    assert [told(answer) for answer in answers] == [LOCKED] * 4
    async with client_of(make_app()) as client:
        foreign = await client.get("/v1/models", headers={"host": "evil.example"})
        assert (foreign.status_code, told(foreign)) == (403, LOCKED)


async def test_the_documentation_may_load_its_own_parts_and_keep_them(client: httpx.AsyncClient) -> None:
    page = told(await client.get("/docs"))
    assert page.pop("content-security-policy") != LOCKED["content-security-policy"]
    assert page.items() <= LOCKED.items()
    style = await client.get("/docs/static/swagger-ui.css")
    assert style.headers["etag"]
    assert style.headers.get("cache-control") == "no-cache"
    assert style.headers["x-content-type-options"] == "nosniff"


async def test_an_origin_that_was_let_in_still_reads_answers(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any]
) -> None:
    async with client_of(make_app(cors_origins=("https://page.example",))) as client:
        answer = await client.post("/v1/ocr", json=BODY, headers={"origin": "https://page.example"})
    assert answer.headers["access-control-allow-origin"] == "https://page.example"
    assert json.loads(answer.text)["pages"]
    assert told(answer) == LOCKED
