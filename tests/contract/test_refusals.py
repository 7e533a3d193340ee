"""Every error as real clients see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

# Status, type and code of the wire.
REAL = {
    "unknown model": (400, "invalid_model", "1500"),
    "address forbidden": (400, "invalid_request_file", "3310"),
    "address without document": (400, "invalid_request_file", "3310"),
    "wrong base64": (400, "invalid_request_file", "3310"),
    "no address": (400, "invalid_request_file", "3310"),
    "too many pages": (400, "document_parser_too_many_pages", "3730"),
    "cut": (400, "document_parser_invalid_file", "3740"),
    "no document": (400, "document_parser_invalid_file", "3740"),
    "page out of range": (400, "invalid_request_error", None),
    "too large by address": (413, "request_too_large", None),
    "too large inside": (413, "request_too_large", None),
    "request too large": (413, "request_too_large", None),
    "annotation": (400, "invalid_request_error", None),
}
UNFIT = {
    "empty address": (422, "invalid_request_error", None),
    "unknown file": (422, "invalid_file", "1901"),
    "negative limit": (422, "invalid_request_error", None),
}
SCRIPTED = {
    "UnsupportedDocument": (400, "document_parser_invalid_file", "3740"),
    "CorruptDocument": (400, "document_parser_invalid_file", "3740"),
    "EncryptedDocument": (400, "document_parser_invalid_file", "3740"),
    "EngineFailed": (500, "internal_server_error", "1000"),
    "EngineTimeout": (504, "timeout", None),
    "EngineNotInstalled": (501, "not_implemented", None),
    "Overloaded": (429, "rate_limited", "1300"),
    "OctavoError": (500, "internal_server_error", "1000"),
    "wrong key": (401, "unauthorized", None),
    "no key": (401, "unauthorized", None),
}
ONLY_HTTP = {
    "unknown key": (422, "invalid_request_error", None),
    "no body": (422, "invalid_request_error", None),
    "page range backwards": (422, "invalid_request_error", None),
    "foreign host": (403, "forbidden", None),
    "foreign page": (403, "forbidden", None),
}


def told(answer: dict[str, Any]) -> tuple[int, str, str | None]:
    body = json.loads(answer["body"])
    assert body["object"] == "error"
    assert body["message"]
    assert body["raw_status_code"] == answer["status"]
    return answer["status"], body["type"], body["code"]


def test_plain_http_gets_the_table(run_client: Run) -> None:
    found = run_client("mistralai-3", "errors_requests.py")
    assert {name: told(answer) for name, answer in found.items()} == REAL | UNFIT | SCRIPTED | ONLY_HTTP
    for name, answer in found.items():
        assert answer["headers"]["x-request-id"], name
        detail = json.loads(answer["body"])["detail"]
        assert isinstance(detail, list if answer["status"] == 422 else str), name
    assert found["Overloaded"]["headers"]["retry-after"].isdigit()
    many = json.loads(found["too many pages"]["body"])["message"]
    assert many.startswith("This document has 9 pages, which is more than the maximum allowed of 8.")


@pytest.mark.parametrize("environment", ["mistralai-1", "mistralai-2", "mistralai-3"])
def test_the_client_of_mistral_raises_its_own_errors(run_client: Run, environment: str) -> None:
    found = run_client(environment, "errors_mistralai.py")
    assert found.pop("wrong base")["status"] == 404
    assert {name: told(answer) for name, answer in found.items()} == REAL | UNFIT | SCRIPTED
    for name, answer in found.items():
        assert answer["error"] == ("HTTPValidationError" if name in UNFIT else "SDKError"), name
