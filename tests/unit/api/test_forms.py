"""`multipart/form-data` on the same route."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import FakeExecutor

from octavo.api import forms
from octavo.domain.document import SpooledDocument
from octavo.domain.work import TextLayer

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7 " + bytes(range(256)) * 9


async def send(client: httpx.AsyncClient, content: bytes = PDF, name: str = "a.pdf", **fields: str) -> httpx.Response:
    return await client.post("/v1/ocr", files={"file": (name, content)}, data=fields)


def left_in(spool: Path) -> list[Path]:
    return [path for place in ("spool", "pages") for path in (spool / place).iterdir()]


async def test_the_file_reaches_the_reader_byte_for_byte(
    client: httpx.AsyncClient, executor: FakeExecutor, spool: Path
) -> None:
    seen: list[tuple[SpooledDocument, bytes]] = []
    executor.on_inspect = lambda document: seen.append((document, document.path.read_bytes()))
    answer = await send(client, name="../folder/ä report.pdf")
    assert answer.status_code == 200
    ((document, content),) = seen
    assert content == PDF
    assert (document.size, document.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert document.name == "ä report.pdf"
    assert answer.json()["usage_info"]["doc_size_bytes"] == len(PDF)
    assert left_in(spool) == []


async def test_fields_are_read_as_json_where_they_are_json(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    answer = await send(
        client,
        model="mistral-ocr-latest",
        pages="[0, 2]",
        include_image_base64="true",
        image_limit="1",
        table_format="null",
        confidence_scores_granularity='"word"',
        octavo='{"text_layer": "always", "dpi": 100}',
        document_name="mine",
    )
    assert answer.status_code == 200, answer.text
    assert [task.index for task in executor.tasks] == [0, 2]
    assert executor.tasks[0].options.text_layer is TextLayer.ALWAYS
    pages = answer.json()["pages"]
    assert answer.json()["model"] == "mistral-ocr-latest"
    assert pages[0]["images"][0]["image_base64"].startswith("data:image/jpeg;base64,")
    assert pages[1]["images"] == []
    assert "word_confidence_scores" in pages[0]["confidence_scores"]


@pytest.mark.parametrize("pages", ["0", "0-1", "1,0"])
async def test_page_ranges_stay_text(client: httpx.AsyncClient, executor: FakeExecutor, pages: str) -> None:
    assert (await send(client, pages=pages)).status_code == 200
    assert {task.index for task in executor.tasks} <= {0, 1}


async def test_text_that_only_looks_like_json_stays_text(client: httpx.AsyncClient) -> None:
    answer = await send(client, model="[not json")
    assert answer.json()["message"] == "Invalid model: [not json"


@pytest.mark.parametrize(
    ("fields", "kind", "place"),
    [
        ({"surprise": "1"}, "extra_forbidden", ["body", "surprise"]),
        ({"include_blocks": "perhaps"}, "bool_parsing", ["body", "include_blocks"]),
        ({"octavo": '{"dpi": 1}'}, "greater_than_equal", ["body", "octavo", "dpi"]),
    ],
)
async def test_fields_that_do_not_fit_are_refused(
    client: httpx.AsyncClient, spool: Path, fields: dict[str, str], kind: str, place: list[str]
) -> None:
    answer = await send(client, **fields)
    assert answer.status_code == 422
    assert [(item["type"], item["loc"]) for item in answer.json()["detail"]] == [(kind, place)]
    assert left_in(spool) == []


BOUNDARY = {"content-type": "multipart/form-data; boundary=b"}
FILE_PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF\r\n'


@pytest.mark.parametrize(
    ("content", "headers", "told"),
    [
        (b"", BOUNDARY, "breaks off"),
        (b"no form at all", BOUNDARY, "not well formed"),
        (FILE_PART, BOUNDARY, "breaks off"),
        (FILE_PART + FILE_PART + b"--b--\r\n", BOUNDARY, "two files"),
        (FILE_PART + b"--b--\r\n", {"content-type": "multipart/form-data"}, "boundary"),
        (b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--b--\r\n', BOUNDARY, "Field required"),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n\r\n--b--\r\n',
            BOUNDARY,
            "base64 encoded document",
        ),
        (
            FILE_PART + b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n' + b"x" * (forms.LARGEST_FIELDS + 1),
            BOUNDARY,
            "fields are larger than",
        ),
        (
            b"".join(b'--b\r\nContent-Disposition: form-data; name="n%d"\r\n\r\nx\r\n' % n for n in range(70)),
            BOUNDARY,
            "more than 64 fields",
        ),
    ],
    ids=[
        "nothing",
        "no form",
        "cut",
        "two files",
        "no boundary",
        "no file",
        "empty file",
        "large field",
        "many fields",
    ],
)
async def test_forms_that_are_none_are_refused(
    client: httpx.AsyncClient, spool: Path, content: bytes, headers: dict[str, Any], told: str
) -> None:
    answer = await client.post("/v1/ocr", content=content, headers=headers)
    assert answer.status_code == 422, answer.text
    assert told in answer.json()["detail"][0]["msg"]
    assert answer.json()["detail"][0]["loc"][0] == "body"
    assert left_in(spool) == []


async def test_a_form_may_end_without_a_line_break(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/ocr", content=FILE_PART + b"--b--", headers=BOUNDARY)
    assert answer.status_code == 200
