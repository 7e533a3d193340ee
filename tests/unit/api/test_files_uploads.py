"""Uploads as clients send them, and as they should not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from octavo.documents.spooling.budget import SpoolBudget
from octavo.services.files import FileService

pytestmark = pytest.mark.anyio

BOUNDARY = {"content-type": "multipart/form-data; boundary=b"}
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF\r\n'
PURPOSE = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nocr\r\n'
VISIBILITY = b'--b\r\nContent-Disposition: form-data; name="visibility"\r\n\r\nworkspace\r\n'
MOST = 100_000


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
async def client(make_app: Callable[..., FastAPI], client_of: Any, files: FileService) -> AsyncIterator[Any]:
    async with client_of(make_app(files=files, max_upload_bytes=MOST, max_body_bytes=1000)) as found:
        yield found


async def send(client: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    return await client.post("/v1/files", content=content, headers=BOUNDARY | headers)


def left_in(folder: Path) -> list[Path]:
    """What lies on disk of requests and among the blobs."""
    spool = folder / "spool"
    return [path for path in spool.rglob("*") if path.is_file()] + blobs_in(folder)


@pytest.mark.parametrize(
    "content",
    [
        PURPOSE + FILE + b"--b--\r\n",
        FILE + PURPOSE + b"--b--\r\n",
        FILE + PURPOSE + VISIBILITY + b"--b--\r\n",
        PURPOSE + FILE + b"--b--",
        PURPOSE + FILE + b"--b--\r\nan epilogue",
    ],
    ids=["fields first", "file first", "file first of three", "no line break at the end", "words behind"],
)
async def test_parts_may_come_in_any_order(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await send(client, content)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["purpose"], told["filename"], told["bytes"]) == ("ocr", "a.pdf", 4)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"/some/dir/hay.pdf", "hay.pdf"),
        (b"../../etc/passwd", "passwd"),
        (b"C:\\scans\\a.pdf", "a.pdf"),
        (b"a\\b/c\\d.pdf", "d.pdf"),
        (b"say %22hay%22.pdf", 'say "hay".pdf'),
        ("Müller \U0001f4c4.pdf".encode(), "Müller \U0001f4c4.pdf"),
        (b"100%.pdf", "100%.pdf"),
        (b"a\x00b\x1bc\x7fd.pdf", "abcd.pdf"),
        ("a\u202eb.pdf".encode(), "ab.pdf"),
        (b"\xff.pdf", "\ufffd.pdf"),
        (b"", "file"),
        (b"/", "file"),
        (b"   ", "file"),
        (b"blob", "blob"),
        (b"x" * 999, "x" * 255),
    ],
)
async def test_names_are_those_of_files_and_never_paths(client: httpx.AsyncClient, sent: bytes, told: str) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + sent + b'"\r\n\r\n'
    answer = await send(client, head + b"x\r\n--b--\r\n")
    assert answer.status_code == 200, answer.text
    assert answer.json()["filename"] == told


async def test_fields_have_defaults_and_strangers_are_ignored(client: httpx.AsyncClient) -> None:
    fields = {"expiry": "", "surprise": "1", "model": "x"}
    for expiry in ("", "null"):
        answer = await client.post("/v1/files", files={"file": b"x"}, data=fields | {"expiry": expiry})
        told = answer.json()
        assert (told["purpose"], told["sample_type"], told["visibility"]) == ("fine-tune", "instruct", "workspace")
        assert told["num_lines"] is None
        assert told["expires_at"] == told["created_at"] + 30 * 86_400


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"purpose": "holidays"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"visibility": "world"}, "visibility"),
        ({"expiry": "0"}, "expiry"),
        ({"expiry": "-1"}, "expiry"),
        ({"expiry": "1.5"}, "expiry"),
        ({"expiry": "soon"}, "expiry"),
        ({"expiry": "9" * 30}, "expiry"),
    ],
)
async def test_fields_that_do_not_fit_are_refused(
    client: httpx.AsyncClient, tmp_path: Path, fields: dict[str, str], place: str
) -> None:
    answer = await client.post("/v1/files", files={"file": b"x"}, data=fields)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", place]
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "breaks off"),
        (FILE, "breaks off"),
        (b"no form", "not well formed"),
        (FILE + FILE + b"--b--", "two files"),
        (PURPOSE + b"--b--", "Field required"),
        (FILE.replace(b"%PDF", b"") + b"--b--", "The file is empty"),
    ],
)
async def test_forms_that_are_none_are_refused(
    client: httpx.AsyncClient, tmp_path: Path, content: bytes, told: str
) -> None:
    answer = await send(client, content)
    assert answer.status_code == 422, answer.text
    assert told in answer.json()["detail"][0]["msg"]
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("label", ["application/json", "multipart/form-data", "text/plain; boundary=", ""])
async def test_other_bodies_are_no_uploads(client: httpx.AsyncClient, label: str) -> None:
    answer = await client.post("/v1/files", content=b"{}", headers={"content-type": label})
    assert answer.status_code == 422
    assert "boundary" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        (b"", [{"line": 1, "message": "The file is empty."}]),
        (b"\xff\n", [{"line": 1, "message": "The line is not UTF-8."}]),
        (b"x\n[]\n", [{"line": number, "message": "The line is no JSON object."} for number in (1, 2)]),
    ],
)
async def test_files_of_which_no_batch_can_be_made_are_told_as_clients_know_it(
    client: httpx.AsyncClient, tmp_path: Path, content: bytes, errors: list[Any]
) -> None:
    answer = await client.post("/v1/files", files={"file": ("b.jsonl", content)}, data={"purpose": "batch"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == answer.json()["message"] == "Invalid file format."
    assert answer.json()["errors"] == errors
    assert left_in(tmp_path) == []


async def test_one_good_line_is_enough(client: httpx.AsyncClient) -> None:
    content = b'no json\n\n{"custom_id": "1", "body": {}}\r\n{"cut":'
    answer = await client.post("/v1/files", files={"file": ("b.jsonl", content)}, data={"purpose": "batch"})
    told = answer.json()
    assert (told["num_lines"], told["mimetype"], told["sample_type"]) == (3, "application/jsonl", "batch_request")


@pytest.mark.parametrize(("size", "status"), [(MOST, 200), (MOST + 1, 413), (3 * MOST, 413), (40 * MOST, 413)])
async def test_files_are_held_to_their_own_limit(
    client: httpx.AsyncClient, tmp_path: Path, size: int, status: int
) -> None:
    answer = await client.post("/v1/files", files={"file": bytes(size)})
    assert answer.status_code == status
    if status == 413:
        assert "OCTAVO_LIMITS__MAX_UPLOAD_BYTES" in answer.json()["message"]
        assert left_in(tmp_path) == []


async def test_other_bodies_keep_theirs(client: httpx.AsyncClient) -> None:
    for path in ("/v1/ocr", "/v1/files/x", "/v1/other"):
        answer = await client.post(path, content=bytes(1001))
        assert answer.status_code == 413, path
        assert "OCTAVO_LIMITS__MAX_BODY_BYTES" in answer.json()["message"]
    assert (await client.post("/v1/batch/jobs", content=bytes(50_000))).status_code in (404, 422)


async def test_uploads_count_with_all_that_lies_on_disk(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, tmp_path: Path
) -> None:
    budget = SpoolBudget(5000)
    async with client_of(make_app(files=files, budget=budget)) as client:
        refused = await client.post("/v1/files", files={"file": bytes(5001)})
        assert (refused.status_code, refused.json()["code"]) == (429, "1300")
        assert left_in(tmp_path) == []
        assert (await client.post("/v1/files", files={"file": bytes(5000)})).status_code == 200
    assert budget.used == 0


async def test_uploads_have_all_the_time_they_take_and_count_among_those_inside(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService
) -> None:
    async with client_of(make_app(files=files, request_timeout=0.001, max_waiting=1)) as client:

        async def slow() -> AsyncIterator[bytes]:
            yield PURPOSE
            refused = await client.post("/v1/files", files={"file": b"x"})
            assert (refused.status_code, refused.json()["type"]) == (429, "rate_limited")
            yield FILE + b"--b--"

        assert (await client.post("/v1/files", content=slow(), headers=BOUNDARY)).status_code == 200


async def test_bodies_that_stop_coming_are_given_up(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, tmp_path: Path
) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield PURPOSE
        await asyncio.Event().wait()

    async with client_of(make_app(files=files, idle_timeout=0.05)) as client:
        assert (await client.post("/v1/files", content=stuck(), headers=BOUNDARY)).status_code == 408
    assert left_in(tmp_path) == []
