"""Which error becomes which answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fake_reading import PDF, FakeExecutor
from fastapi import FastAPI

from octavo.api.errors import FAULTS, fault_of
from octavo.domain import errors as domain

pytestmark = pytest.mark.anyio

ENVELOPE = {"object", "message", "type", "param", "code", "raw_status_code", "detail"}
INSPECTING = [
    (domain.UnsupportedDocument("No PDF."), 400, "document_parser_invalid_file", "3740"),
    (domain.CorruptDocument("Cut."), 400, "document_parser_invalid_file", "3740"),
    (domain.EncryptedDocument("Locked."), 400, "document_parser_invalid_file", "3740"),
    (domain.EngineFailed("Broke."), 500, "internal_server_error", "1000"),
    (domain.EngineTimeout("Slow."), 504, "timeout", None),
    (domain.EngineNotInstalled("Missing."), 501, "not_implemented", None),
    (domain.Overloaded("Busy."), 429, "rate_limited", "1300"),
    (domain.FileTooLarge("Large."), 413, "request_too_large", None),
    (domain.OctavoError("Odd."), 500, "internal_server_error", "1000"),
]


async def post(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/v1/ocr", json={"document": {"document_url": PDF}, **body})


def check(answer: httpx.Response, status: int, kind: str, code: str | None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    assert set(body) == ENVELOPE
    assert (body["object"], body["type"], body["param"], body["code"]) == ("error", kind, None, code)
    assert body["raw_status_code"] == status
    assert body["message"]
    return body


@pytest.mark.parametrize(("error", "status", "kind", "code"), INSPECTING, ids=lambda value: type(value).__name__)
async def test_errors_of_reading(
    client: httpx.AsyncClient,
    executor: FakeExecutor,
    error: domain.OctavoError,
    status: int,
    kind: str,
    code: str | None,
) -> None:
    executor.inspecting = error
    body = check(await post(client), status, kind, code)
    assert body["message"] == body["detail"] == str(error)


def test_every_error_of_the_domain_has_its_row() -> None:
    named = [kind for kind in vars(domain).values() if isinstance(kind, type) and issubclass(kind, domain.OctavoError)]
    statuses = {kind: fault_of(kind("x")).status for kind in named}
    assert set(FAULTS) <= set(named)
    assert {status for kind, status in statuses.items() if kind.retryable} == {429, 500, 503, 504}
    assert all(400 <= status < 600 for status in statuses.values())


async def test_a_client_that_should_wait_is_told_how_long(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.inspecting = domain.Overloaded("Busy.")
    assert int((await post(client)).headers["retry-after"]) > 0


async def test_an_unknown_model(client: httpx.AsyncClient) -> None:
    body = check(await post(client, model="gpt-9"), 400, "invalid_model", "1500")
    assert body["message"] == "Invalid model: gpt-9"


async def test_an_address_that_may_not_be_fetched(client: httpx.AsyncClient) -> None:
    answer = await post(client, document={"document_url": "http://10.0.0.1/secret.pdf"})
    check(answer, 400, "invalid_request_file", "3310")


async def test_an_address_that_does_not_answer(client: httpx.AsyncClient) -> None:
    answer = await post(client, document={"document_url": "https://example.org/a.pdf"})
    check(answer, 400, "invalid_request_file", "3310")


async def test_wrong_base64(client: httpx.AsyncClient) -> None:
    answer = await post(client, document={"document_url": "data:application/pdf;base64,???"})
    body = check(answer, 400, "invalid_request_file", "3310")
    assert body["message"].startswith("Document content must be a URL (starting with 'https') or base64 encoded")


async def test_too_many_pages_in_the_words_that_clients_search(
    client: httpx.AsyncClient, executor: FakeExecutor
) -> None:
    executor.page_count = 101
    body = check(await post(client, pages=[0]), 400, "document_parser_too_many_pages", "3730")
    assert body["message"].startswith("This document has 101 pages, which is more than the maximum allowed of 100.")


async def test_a_page_out_of_range(client: httpx.AsyncClient) -> None:
    body = check(await post(client, pages=[3]), 400, "invalid_request_error", None)
    assert "out of range" in body["message"]


async def test_an_unknown_file(client: httpx.AsyncClient) -> None:
    body = check(await post(client, document={"file_id": "6e8b"}), 422, "invalid_file", "1901")
    assert body["message"] == "Could not get file."
    (item,) = body["detail"]
    assert (item["type"], item["loc"]) == ("invalid_file", ["body", "document", "file_id"])


async def test_annotations(client: httpx.AsyncClient) -> None:
    answer = await post(client, document_annotation_format={"type": "json_object"})
    check(answer, 400, "invalid_request_error", None)


async def test_an_empty_address(client: httpx.AsyncClient) -> None:
    body = check(await post(client, document={"document_url": ""}), 422, "invalid_request_error", None)
    (item,) = body["detail"]
    assert (item["type"], item["loc"]) == ("value_error", ["body"])
    assert item["msg"].startswith("Value error, Document content must be a URL (starting with 'https')")


async def test_an_unknown_key(client: httpx.AsyncClient) -> None:
    body = check(await post(client, surprise=1), 422, "invalid_request_error", None)
    assert body["detail"] == [
        {"type": "extra_forbidden", "loc": ["body", "surprise"], "msg": "Extra inputs are not permitted"}
    ]


@pytest.mark.parametrize(
    "header", ["nonsense", "[]", '{"dpi": 5}', '{"surprise": 1}', '{"password": 3}'], ids=lambda text: text[:12]
)
async def test_a_wrong_options_header(client: httpx.AsyncClient, header: str) -> None:
    body = {"document": {"document_url": PDF}}
    answer = await client.post("/v1/ocr", json=body, headers={"x-octavo-options": header})
    assert check(answer, 422, "invalid_request_error", None)["detail"][0]["loc"][:2] == ["header", "x-octavo-options"]


DEEP = b'{"document":' + b"[" * 200_000
BODIES = {
    "nothing": b"",
    "no json": b"%PDF-1.7",
    "cut": b'{"document": {"document_url": "data:',
    "no object": b"[1, 2]",
    "null": b"null",
    "deep lists": DEEP,
    "deep objects": b'{"a":' * 200_000,
    "deep but closed": DEEP + b"]" * 200_000 + b"}",
    "no utf-8": b'{"document": {"document_url": "\xff\xfe"}}',
    "a lone surrogate": b'{"document": {"document_url": "\\ud800"}}',
    "a huge number": b'{"document": {"document_url": "x"}, "image_limit": ' + b"9" * 6000 + b"}",
    "infinity": b'{"document": {"document_url": "x"}, "image_limit": Infinity}',
    "very many values": b'{"pages": [' + b"0," * 100_001 + b"0]}",
    "very many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(90_000)) + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_bodies_that_are_no_request(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/v1/ocr", content=body, headers={"content-type": "application/json"})
    found = check(answer, 422, "invalid_request_error", None)
    assert 1 <= len(found["detail"]) <= 20
    assert all(set(item) == {"type", "loc", "msg"} and item["loc"][0] == "body" for item in found["detail"])
    assert len(answer.content) < 10_000


async def test_very_many_values_are_not_even_parsed(client: httpx.AsyncClient) -> None:
    (complaint,) = (await client.post("/v1/ocr", content=BODIES["very many values"])).json()["detail"]
    assert complaint["type"] == "too_many_values"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_json_needs_no_label(client: httpx.AsyncClient, kind: str | None) -> None:
    body = json.dumps({"document": {"document_url": PDF}}).encode()
    answer = await client.post("/v1/ocr", content=body, headers={"content-type": kind} if kind else {})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"document": {"document_url": PDF}, "octavo": {"password": "geheim", "dpi": 1}},
        {"document": {"document_url": PDF}, "octavo": {"password": ["geheim"]}},
        {"document": {"document_url": PDF}, "octavo": "geheim"},
        {"document": {"document_url": ["geheim"]}},
        {"document": {"type": "geheim", "document_url": PDF}},
        {"document": "geheim"},
        {"document": {"document_url": PDF}, "pages": {"geheim": 1}},
        {"document": {"document_url": PDF}, "table_format": "geheim"},
    ],
)
async def test_complaints_do_not_quote_what_was_sent(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/v1/ocr", json=body)
    assert answer.status_code == 422
    assert "geheim" not in answer.text
    assert PDF not in answer.text


async def test_long_keys_are_cut(client: httpx.AsyncClient) -> None:
    answer = await post(client, **{"k" * 100_000: 1})
    assert answer.status_code == 422
    assert len(answer.content) < 2000


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/v1"), ("POST", "/v1/nothing"), ("GET", "/v2/ocr")]
)
async def test_paths_that_do_not_exist(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


async def test_methods_that_do_not_exist(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/ocr")
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})
    assert answer.headers["allow"] == "POST"


async def test_what_nobody_expected_is_a_typed_500_without_internals(
    client: httpx.AsyncClient, executor: FakeExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    executor.inspecting = ZeroDivisionError("secret text of the document")
    with caplog.at_level(logging.ERROR):
        answer = await post(client)
    body = check(answer, 500, "internal_server_error", "1000")
    assert answer.headers["x-request-id"] in body["message"]
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert any(record.exc_info for record in caplog.records)


async def test_an_unexpected_error_of_one_page_does_not_name_itself(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], executor: FakeExecutor
) -> None:
    executor.failing = {1: KeyError("secret")}
    async with client_of(make_app()) as client:
        answer = await post(client)
    check(answer, 500, "internal_server_error", "1000")
    assert "secret" not in answer.text
