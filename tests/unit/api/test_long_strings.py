"""Requests with a long string: it is the document, or nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import FakeExecutor

from octavo.api import json_spool
from octavo.domain.document import SpooledDocument

pytestmark = pytest.mark.anyio

DOCUMENT = b"%PDF-1.7 " + bytes(range(256)) * 1000
LONG = "x" * 100_000


@pytest.fixture
def seen(executor: FakeExecutor) -> list[tuple[SpooledDocument, bytes]]:
    found: list[tuple[SpooledDocument, bytes]] = []
    executor.on_inspect = lambda document: found.append((document, document.path.read_bytes()))
    return found


def left_in(spool: Path) -> list[Path]:
    return list((spool / "spool").iterdir())


async def post(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/v1/ocr", json=body)


ENCODED = base64.b64encode(DOCUMENT).decode()
SPELLINGS = {
    "data URL": {"document_url": f"data:application/pdf;base64,{ENCODED}"},
    "bare base64": {"document_url": ENCODED},
    "image": {"image_url": f" data:image/png;base64,{ENCODED}\n"},
    "image object": {"image_url": {"url": ENCODED}},
    "line breaks": {"document_url": base64.encodebytes(DOCUMENT).decode()},
    "percent": {"document_url": "data:," + "".join(f"%{byte:02x}" for byte in DOCUMENT)},
}


@pytest.mark.parametrize("document", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("escaped", [False, True])
async def test_every_spelling_of_a_large_document_gives_the_same_bytes(
    client: httpx.AsyncClient,
    spool: Path,
    seen: list[tuple[SpooledDocument, bytes]],
    document: dict[str, Any],
    escaped: bool,
) -> None:
    body = json.dumps({"document": {**document}})
    body = re.sub(r"/", r"\\/", body).replace("+", "\\u002b") if escaped else body
    answer = await client.post("/v1/ocr", content=body)
    assert answer.status_code == 200, answer.text
    ((found, content),) = seen
    assert content == DOCUMENT
    assert found.sha256 == hashlib.sha256(DOCUMENT).hexdigest()
    assert left_in(spool) == []


async def test_its_name_goes_along(client: httpx.AsyncClient, seen: list[tuple[SpooledDocument, bytes]]) -> None:
    await post(client, document={"document_url": ENCODED, "document_name": "mine.pdf"})
    assert seen[0][0].name == "mine.pdf"


async def test_of_two_documents_the_last_one_counts(
    client: httpx.AsyncClient, seen: list[tuple[SpooledDocument, bytes]]
) -> None:
    other = base64.b64encode(b"other" * 20_000).decode()
    body = f'{{"document": {{"document_url": "{other}"}}, "document": {{"document_url": "{ENCODED}"}}}}'
    assert (await client.post("/v1/ocr", content=body)).status_code == 200
    assert [content for _, content in seen] == [DOCUMENT]


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"model": LONG}, 422, ["body", "model"]),
        ({"octavo": {"password": LONG}}, 422, ["body", "octavo", "password"]),
        ({"octavo": {"languages": [LONG]}}, 422, ["body", "octavo", "languages", 0]),
        ({"pages": LONG}, 422, ["body", "pages"]),
        ({"image_limit": LONG}, 422, ["body", "image_limit"]),
        ({"table_format": LONG}, 422, ["body", "table_format"]),
        ({"include_blocks": LONG}, 422, ["body", "include_blocks"]),
        ({"document": LONG}, 422, ["body", "document"]),
        ({"document": {"file_id": LONG}}, 422, ["body", "document", "file", "file_id"]),
        ({"document": {"type": LONG, "document_url": ENCODED}}, 422, ["body", "document"]),
        (
            {"document": {"document_url": "https://x/", "document_name": LONG}},
            422,
            ["body", "document", "document_url", "document_name"],
        ),
        ({"document_annotation_prompt": LONG}, 400, None),
        ({"id": LONG}, 200, None),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_a_long_string_elsewhere_is_refused_or_ignored(
    client: httpx.AsyncClient, spool: Path, body: dict[str, Any], status: int, where: list[str] | None
) -> None:
    answer = await post(client, **{"document": {"document_url": ENCODED}, **body})
    assert answer.status_code == status, answer.text
    if where:
        assert [item["loc"] for item in answer.json()["detail"]] == [where]
    assert left_in(spool) == []


async def test_a_document_that_looks_like_a_placeholder_is_none(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, seen: list[object]
) -> None:
    drawn = iter(["a" * 32, "b" * 32])
    monkeypatch.setattr(json_spool.secrets, "token_hex", lambda _: next(drawn))
    assert (await post(client, document={"document_url": ENCODED})).status_code == 200
    for number in range(2):
        monkeypatch.setattr(json_spool.secrets, "token_hex", lambda _: "c" * 32)
        forged = f"{'a' * 32}-{number}".ljust(2048, ".")
        answer = await post(client, id=LONG, document={"document_url": forged})
        assert (answer.status_code, answer.json()["code"]) == (400, "3310")
    assert len(seen) == 1


async def test_a_long_document_that_is_no_base64(client: httpx.AsyncClient, spool: Path) -> None:
    answer = await post(client, document={"document_url": LONG + "*"})
    assert (answer.status_code, answer.json()["code"]) == (400, "3310")
    assert "x" * 100 not in answer.text
    assert left_in(spool) == []


@pytest.mark.parametrize("end", ["", '"', '"}', '"}}}', '\\x"}}', '\\ud800"}}', '\n"}}', '\0"}}'])
async def test_a_long_body_that_is_no_json(client: httpx.AsyncClient, spool: Path, end: str) -> None:
    answer = await client.post("/v1/ocr", content='{"document": {"document_url": "' + LONG + end)
    assert answer.status_code == 422
    assert [item["type"] for item in answer.json()["detail"]] == ["json_invalid"]
    assert left_in(spool) == []
