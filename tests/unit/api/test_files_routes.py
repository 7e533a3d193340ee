"""`/v1/files` over the real ledger and blobs: what each call takes and answers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from octavo.domain.errors import DatabaseFailed
from octavo.services.files import FileService

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7 " + bytes(range(256)) * 9
UNKNOWN = "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
async def client(make_app: Callable[..., FastAPI], client_of: Any, files: FileService) -> AsyncIterator[Any]:
    async with client_of(make_app(files=files)) as found:
        yield found


async def upload(client: httpx.AsyncClient, content: bytes = PDF, name: str = "a.pdf", **fields: str) -> dict[str, Any]:
    answer = await client.post("/v1/files", files={"file": (name, content)}, data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_upload_is_told_field_by_field(client: httpx.AsyncClient) -> None:
    told = await upload(client, purpose="ocr", expiry="2", visibility="user")
    created = told["created_at"]
    assert isinstance(created, int)
    assert told == {
        "id": told["id"],
        "object": "file",
        "bytes": len(PDF),
        "created_at": created,
        "filename": "a.pdf",
        "purpose": "ocr",
        "sample_type": "ocr_input",
        "source": "upload",
        "num_lines": 0,
        "mimetype": "application/pdf",
        "signature": hashlib.sha256(PDF).hexdigest()[:16],
        "expires_at": created + 7200,
        "visibility": "user",
    }
    assert (await client.get(f"/v1/files/{told['id']}")).json() == told | {"deleted": False}
    assert (await client.get("/v1/files")).json() == {"data": [told], "object": "list", "total": 1}


async def test_content_comes_as_bytes_to_be_saved(client: httpx.AsyncClient) -> None:
    told = await upload(client, name='ä "r".pdf')
    answer = await client.get(f"/v1/files/{told['id']}/content")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == str(len(PDF))
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"_ _r_.pdf\"; filename*=UTF-8''%C3%A4%20%22r%22.pdf"
    )
    digest = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["cache-control"] == "no-store"


async def test_deleting_is_told_and_done(client: httpx.AsyncClient, tmp_path: Path) -> None:
    told = await upload(client)
    answer = await client.delete(f"/v1/files/{told['id']}")
    assert (answer.status_code, answer.json()) == (200, {"id": told["id"], "object": "file", "deleted": True})
    assert blobs_in(tmp_path) == []
    assert (await client.get("/v1/files")).json()["total"] == 0


CALLS = [("GET", ""), ("DELETE", ""), ("GET", "/content"), ("GET", "/url")]


@pytest.mark.parametrize(("method", "rest"), CALLS)
async def test_what_is_not_there_and_what_is_anothers_are_one_and_the_same_404(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, method: str, rest: str
) -> None:
    keys = {"alice": "a", "bob": "b"}
    alice, bob = ({"authorization": f"Bearer {key}"} for key in keys.values())
    async with client_of(make_app(files=files, keys=keys)) as client:
        answer = await client.post("/v1/files", files={"file": PDF}, headers=alice)
        own = answer.json()["id"]
        gone = (await client.post("/v1/files", files={"file": PDF}, headers=bob)).json()["id"]
        await client.delete(f"/v1/files/{gone}", headers=bob)
        told = []
        for name in (own, gone, UNKNOWN, "x", "not-a-uuid", own[:-1], own + "0", "%00", "☃"):
            found = await client.request(method, f"/v1/files/{name}{rest}", headers=bob)
            told.append((found.status_code, found.json()))
        assert told[0][0] == 404
        assert [each for each in told if each != told[0]] == []
        assert (await client.get(f"/v1/files/{own}", headers=alice)).status_code == 200
        assert (await client.get("/v1/files", headers=bob)).json()["data"] == []
        for header in ({}, {"authorization": "Bearer c"}):
            assert (await client.request(method, f"/v1/files/{own}{rest}", headers=header)).status_code == 401


async def test_every_filter_filters(client: httpx.AsyncClient) -> None:
    await upload(client, purpose="ocr", name="Report.PDF")
    await upload(client, b"{}", purpose="batch", name="lines.jsonl")
    await upload(client, b"{}", name="100%_real.csv")

    async def found(query: str) -> list[str]:
        answer = await client.get(f"/v1/files?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["total"] == len(answer.json()["data"])
        return [file["filename"] for file in answer.json()["data"]]

    assert await found("") == ["100%_real.csv", "lines.jsonl", "Report.PDF"]
    assert await found("purpose=ocr") == ["Report.PDF"]
    assert await found("sample_type=ocr_input&sample_type=batch_request") == ["lines.jsonl", "Report.PDF"]
    assert await found("source=mistral") == []
    assert await found("source=mistral&source=upload&purpose=batch") == ["lines.jsonl"]
    assert await found("mimetypes=text/csv&mimetypes=application/jsonl") == ["100%_real.csv", "lines.jsonl"]
    assert await found("search=rep") == ["Report.PDF"]
    assert await found("search=%25_") == ["100%_real.csv"]
    assert await found("search=&unknown=1") == ["100%_real.csv", "lines.jsonl", "Report.PDF"]


async def test_lists_come_in_pages(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await upload(client, name=f"{number}.pdf")
    pages = [(await client.get(f"/v1/files?page={page}&page_size=2")).json() for page in range(4)]
    assert [[file["filename"][0] for file in page["data"]] for page in pages] == [["4", "3"], ["2", "1"], ["0"], []]
    assert {page["total"] for page in pages} == {5}
    assert (await client.get("/v1/files?include_total=false")).json()["total"] is None
    assert (await client.get("/v1/files?include_total=true&page=1000000")).json() == {
        "data": [],
        "object": "list",
        "total": 5,
    }


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "page_size=0", "page_size=1001", "purpose=nothing", "sample_type=x", "include_total=perhaps"],
)
async def test_lists_that_cannot_be_are_422(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/v1/files?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["query", query.partition("=")[0]]


@pytest.mark.parametrize("path", ["/v1/files", "/v1/v1/files", "/files", "/v1/files/", "//v1//files"])
async def test_files_answer_on_every_spelling(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.post(f"http://localhost:8000{path}", files={"file": PDF})
    assert answer.status_code == 200, answer.text
    assert (await client.get(f"http://localhost:8000{path}")).json()["total"] == 1
    name = answer.json()["id"]
    assert (await client.get(f"http://localhost:8000{path.rstrip('/')}/{name}/content/")).content == PDF


async def test_bytes_that_are_lost_are_told_before_any_come(client: httpx.AsyncClient, tmp_path: Path) -> None:
    told = await upload(client)
    (blob,) = blobs_in(tmp_path)
    blob.unlink()
    answer = await client.get(f"/v1/files/{told['id']}/content")
    assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"]


class Gone:
    """A repository whose database cannot be reached."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object) -> None:
            raise DatabaseFailed("The database does not answer. Try again.")

        return fail


async def test_a_database_that_is_gone_is_a_503(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, tmp_path: Path
) -> None:
    async with client_of(make_app(files=replace(files, files=Gone()))) as client:
        answers = [await client.get(f"/v1/files{path}") for path in ("", f"/{UNKNOWN}", f"/{UNKNOWN}/content")]
        answers.append(await client.post("/v1/files", files={"file": PDF}))
        answers.append(await client.delete(f"/v1/files/{UNKNOWN}"))
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
        assert answer.headers["retry-after"]
    assert blobs_in(tmp_path) == []


async def test_a_server_without_files_has_no_such_path(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    async with client_of(make_app()) as client:
        assert (await client.get("/v1/files")).status_code == 404


async def test_the_description_names_every_answer(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    own = {path: calls for path, calls in paths.items() if path.startswith("/v1/files")}
    assert {(path, method) for path, calls in own.items() for method in calls} == {
        ("/v1/files", "get"),
        ("/v1/files", "post"),
        ("/v1/files/{file_id}", "get"),
        ("/v1/files/{file_id}", "delete"),
        ("/v1/files/{file_id}/content", "get"),
        ("/v1/files/{file_id}/url", "get"),
    }
    for calls in own.values():
        for call in calls.values():
            assert {"200", "401", "403", "422", "503"} <= set(call["responses"])
    form = own["/v1/files"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {"file", "url", "purpose", "visibility", "expiry"}
    assert set(own["/v1/files/{file_id}/content"]["get"]["responses"]["200"]["content"]) == {"application/octet-stream"}
    names = {parameter["name"] for parameter in own["/v1/files"]["post"]["parameters"]}
    assert names == {"Idempotency-Key"}
