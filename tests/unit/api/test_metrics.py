from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fake_reading import PDF, FakeExecutor
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from octavo.domain.errors import CorruptDocument

pytestmark = pytest.mark.anyio

BODY = {"document": {"type": "document_url", "document_url": PDF}}


async def numbers(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    answer = await client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation for family in families)
    return {
        (each.name, *(each.labels[name] for name in sorted(each.labels))): each.value
        for family in families
        for each in family.samples
    }


async def test_it_tells_what_was_read_and_how_long_it_took(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.failing = {1: CorruptDocument("Page 1 is damaged.")}
    before = await numbers(client)
    assert before["octavo_pages_total", "read"] == before["octavo_stage_seconds_count", "read"] == 0
    await client.post("/v1/ocr", json=BODY)
    await client.post("/v1/ocr", json={"document": {}})
    after = await numbers(client)
    assert (after["octavo_pages_total", "read"], after["octavo_pages_total", "failed"]) == (2, 1)
    assert after["octavo_stage_seconds_count", "read"] == 3
    assert after["octavo_stage_seconds_bucket", "+Inf", "read"] == 3
    assert after["octavo_http_request_seconds_count", "200"] == after["octavo_http_request_seconds_count", "422"] == 1
    assert all(after["octavo_stage_seconds_count", stage] == 1 for stage in ("fetch", "inspect", "assemble"))


async def test_it_tells_what_goes_on(client: httpx.AsyncClient) -> None:
    told = await numbers(client)
    for name in ("requests", "pages_running", "spool_bytes", "kept_bytes"):
        assert told[f"octavo_{name}",] == 0
    assert told["octavo_pages_waiting", "request"] == told["octavo_pages_waiting", "batch"] == 0
    assert told["octavo_workers",] >= 0
    assert told["octavo_workers_replaced_total", "died"] == 0


async def test_refusals_are_counted(make_app: Callable[..., FastAPI]) -> None:
    app = make_app()
    app.state.wiring.admission.most = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.post("/v1/ocr", json=BODY)).status_code == 429
        assert (await numbers(client))["octavo_refusals_total", "waiting"] == 1


async def test_it_says_nothing_of_documents_or_callers(make_app: Callable[..., FastAPI]) -> None:
    app = make_app(keys={"alice": "secret-key"})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/metrics")).status_code == 401
        client.headers["authorization"] = "Bearer secret-key"
        await client.post("/v1/ocr", json={"document": {**BODY["document"], "document_name": "salaries.pdf"}})
        text = (await client.get("/metrics")).text
    assert not any(word in text for word in ("alice", "secret", "salaries", "Origins"))


async def test_it_can_be_switched_off(make_app: Callable[..., FastAPI]) -> None:
    transport = httpx.ASGITransport(make_app(metrics=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/metrics")).status_code == 404
