"""`POST /v1/files` with an address instead of a file."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from exchange import Exchange
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from made_service import make_service
from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.documents.fetching.fetcher import Fetcher
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from scripted_pipeline import until

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7 " + bytes(range(256))
REPORT = "http://files.example/reports/Q%201.pdf?token=secret"
MOST = 5000


class Web(httpx.AsyncBaseTransport):
    """Two hosts: one public, one that leads inside.

    Attributes:
        content: what the public one has.
        asked: the paths that it was asked for.
        gate: it answers when this is open.
    """

    def __init__(self) -> None:
        self.content = PDF
        self.status = 200
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        await self.gate.wait()
        return httpx.Response(self.status, content=self.content)

    async def resolve(self, host: str, _: int) -> list[str]:
        return ["93.184.215.14"] if host == "files.example" else ["10.0.0.1"]


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def app(web: Web, executor: Any, files: FileService, spool: Path) -> FastAPI:
    fetcher = Fetcher(MOST, resolve=web.resolve, transport=lambda: web, uploads=files)
    return create_app(
        ocr=make_service(fetcher, executor, spool),
        models=ModelCatalog(()),
        files=files,
        options=ServerOptions(max_upload_bytes=4000),
    )


@pytest.fixture
async def client(app: FastAPI, client_of: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as found:
        yield found


async def send(client: httpx.AsyncClient, url: str, key: str | None = None, **fields: str) -> httpx.Response:
    parts = {name: (None, value) for name, value in {"url": url, **fields}.items()}
    return await client.post("/v1/files", files=parts, headers={"idempotency-key": key} if key else {})


async def test_a_fetched_file_is_one_like_all_others(client: httpx.AsyncClient, web: Web, tmp_path: Path) -> None:
    answer = await send(client, f" {REPORT}\n", purpose="ocr", expiry="1", visibility="user")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["filename"], told["bytes"], told["mimetype"]) == ("Q 1.pdf", len(PDF), "application/pdf")
    assert (told["purpose"], told["visibility"]) == ("ocr", "user")
    assert told["expires_at"] == told["created_at"] + 3600
    assert (await client.get(f"/v1/files/{told['id']}/content")).content == PDF
    assert web.asked == ["/reports/Q 1.pdf"]
    assert [path for path in (tmp_path / "spool").rglob("*") if path.is_file()] == []


async def test_inputs_of_batches_are_fetched_too(client: httpx.AsyncClient, web: Web) -> None:
    web.content = b'{"custom_id": "1", "body": {}}\n'
    assert (await send(client, REPORT, purpose="batch")).json()["num_lines"] == 1
    web.content = b"nothing of the kind"
    answer = await send(client, REPORT, purpose="batch")
    assert (answer.status_code, answer.json()["detail"]) == (422, "Invalid file format.")


async def test_an_address_may_be_the_file_itself(client: httpx.AsyncClient, web: Web) -> None:
    uri = "data:application/pdf;base64," + base64.b64encode(PDF).decode()
    told = (await send(client, uri, purpose="ocr")).json()
    assert (await client.get(f"/v1/files/{told['id']}/content")).content == PDF
    assert web.asked == []


async def test_a_signed_address_of_the_server_is_not_called(client: httpx.AsyncClient, web: Web) -> None:
    first = (await client.post("/v1/files", files={"file": ("a.pdf", PDF)})).json()
    signed = (await client.get(f"/v1/files/{first['id']}/url")).json()["url"]
    second = (await send(client, signed)).json()
    assert second["id"] != first["id"]
    assert (second["filename"], second["signature"]) == ("a.pdf", first["signature"])
    forged = await send(client, signed[:-1] + ("0" if signed[-1] != "0" else "1"))
    assert (forged.status_code, forged.json()["type"]) == (400, "invalid_request_file")
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    ["http://inner.example/a.pdf", "http://10.0.0.1/a.pdf", "ftp://files.example/a", "files.example/a.pdf", "JVBERi0x"],
)
async def test_what_may_not_be_fetched_is_refused_as_in_reading(
    client: httpx.AsyncClient, web: Web, tmp_path: Path, url: str
) -> None:
    answer = await send(client, url)
    assert (answer.status_code, answer.json()["type"]) == (400, "invalid_request_file"), answer.text
    assert (web.asked, blobs_in(tmp_path)) == ([], [])


async def test_what_does_not_come_is_told(client: httpx.AsyncClient, web: Web, tmp_path: Path) -> None:
    web.status = 404
    answer = await send(client, REPORT)
    assert (answer.status_code, answer.json()["type"]) == (400, "invalid_request_file")
    assert "secret" not in answer.text
    web.status = 200
    for content, status in ((b"", 400), (bytes(4001), 413), (bytes(MOST + 1), 413)):
        web.content = content
        assert (await send(client, REPORT)).status_code == status
    assert blobs_in(tmp_path) == []


async def test_a_file_or_its_address_but_one_of_them(client: httpx.AsyncClient, web: Web, tmp_path: Path) -> None:
    both = await client.post("/v1/files", files={"file": ("a.pdf", PDF), "url": (None, REPORT)})
    none = [
        await client.post("/v1/files", files={"purpose": (None, "ocr")}),
        *[await send(client, nothing) for nothing in ("", "null", "  ")],
    ]
    assert [answer.status_code for answer in (both, *none)] == [422] * 5
    assert both.json()["detail"][0]["loc"] == ["body", "url"]
    assert {tuple(answer.json()["detail"][0]["loc"]) for answer in none} == {("body", "file")}
    assert (web.asked, blobs_in(tmp_path)) == ([], [])
    unchosen = await client.post("/v1/files", files={"file": ("", b""), "url": (None, REPORT)})
    assert unchosen.status_code == 200


async def test_what_comes_twice_is_fetched_once(client: httpx.AsyncClient, web: Web, tmp_path: Path) -> None:
    first = await send(client, REPORT, "key")
    web.status = 410
    again = await send(client, REPORT, "key")
    assert first.json() == again.json()
    for changed in ({"url": f"{REPORT}2"}, {"url": REPORT, "purpose": "ocr"}):
        assert (await send(client, **changed, key="key")).status_code == 409
    as_file = await client.post("/v1/files", files={"file": ("Q 1.pdf", PDF)}, headers={"idempotency-key": "key"})
    assert as_file.status_code == 409
    assert len(web.asked) == len(blobs_in(tmp_path)) == 1


async def test_a_key_whose_fetch_failed_is_free(client: httpx.AsyncClient, web: Web) -> None:
    web.status = 503
    assert (await send(client, REPORT, "key")).status_code == 400
    web.status = 200
    first = await send(client, REPORT, "key")
    assert first.status_code == 200
    await client.delete(f"/v1/files/{first.json()['id']}")
    assert (await send(client, REPORT, "key")).json()["id"] != first.json()["id"]


async def test_who_leaves_while_it_is_fetched_leaves_no_file(
    app: FastAPI, client: httpx.AsyncClient, web: Web, tmp_path: Path
) -> None:
    web.gate.clear()
    body = f'--b\r\nContent-Disposition: form-data; name="url"\r\n\r\n{REPORT}\r\n--b--\r\n'.encode()
    told = {"content-type": "multipart/form-data; boundary=b", "idempotency-key": "key"}
    exchange = Exchange(app, body, "/v1/files", **told)
    asking = asyncio.create_task(exchange.run())
    await until(lambda: web.asked)
    exchange.leave.set()
    async with asyncio.timeout(60):
        await asking
    web.gate.set()
    assert exchange.pieces == []
    assert (await client.get("/v1/files")).json()["data"] == blobs_in(tmp_path) == []
    assert [path for path in (tmp_path / "spool").rglob("*") if path.is_file()] == []
    assert (await send(client, REPORT, "key")).status_code == 200
