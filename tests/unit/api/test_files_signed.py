"""Signed addresses: what they open, and for whom; and documents that are files of this server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import FakeExecutor
from fastapi import FastAPI

from kept_files import kept_files
from made_service import make_service
from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.documents.fetching.fetcher import Fetcher
from octavo.domain.model import ModelCard
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7 " + bytes(range(256)) * 9
ALICE, BOB = {"authorization": "Bearer a"}, {"authorization": "Bearer b"}
KEYS = {"alice": "a", "bob": "b"}


class Clock:
    """Seconds since 1970, as the test has them."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path, clock: Clock) -> Iterator[FileService]:
    with kept_files(tmp_path, clock=clock) as service:
        yield service


@pytest.fixture
def make_app(files: FileService, executor: FakeExecutor, spool: Path) -> Callable[..., FastAPI]:
    """With the real fetcher; whoever looks up a name fails the test."""

    async def resolve(host: str, port: int) -> list[str]:
        assert host in ("10.0.0.1", "127.0.0.1"), f"{host}:{port} was looked up"
        return [host]

    def make(**options: Any) -> FastAPI:
        fetcher = Fetcher(2000 + len(PDF), resolve=resolve, uploads=files)
        service = make_service(fetcher, executor, spool)
        card = ModelCard(id="octavo-test", aliases=(), description="", created=0)
        return create_app(ocr=service, models=ModelCatalog((card,)), files=files, options=ServerOptions(**options))

    return make


async def upload(client: httpx.AsyncClient, content: bytes = PDF, **headers: str) -> str:
    answer = await client.post("/v1/files", files={"file": ("a.pdf", content)}, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def signed(client: httpx.AsyncClient, name: str, hours: int | None = None, **headers: str) -> str:
    expiry = {} if hours is None else {"expiry": hours}
    answer = await client.get(f"/v1/files/{name}/url", params=expiry, headers=headers)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"url"}
    return str(answer.json()["url"])


async def test_an_address_opens_its_file_without_a_key(make_app: Any, client_of: Any, clock: Clock) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        name = await upload(client, **ALICE)
        url = await signed(client, name, **ALICE)
        assert url.startswith(f"http://localhost:8000/v1/files/{name}/content?expires={int(clock.now) + 86_400}&")
        for headers in ({}, ALICE, BOB, {"authorization": "Bearer wrong"}):
            assert (await client.get(url, headers=headers)).content == PDF
        assert (await client.get(url.replace("/v1/", "/"))).content == PDF
        assert (await client.get(url.partition("?")[0])).status_code == 401
        assert (await client.get(f"/v1/files/{name}/url", headers=BOB)).status_code == 404
        assert (await client.get(f"/v1/files/{name}/url")).status_code == 401


async def test_it_opens_no_other_file_and_nothing_else(make_app: Any, client_of: Any) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        name, other = await upload(client, **ALICE), await upload(client, **ALICE)
        url = await signed(client, name, **ALICE)
        query = url.partition("?")[2]
        assert (await client.get(url.replace(name, other))).status_code == 403
        for path in (f"/v1/files/{name}", f"/v1/files/{name}/url", "/v1/files"):
            assert (await client.get(f"{path}?{query}")).status_code == 401
        assert (await client.delete(f"/v1/files/{name}?{query}")).status_code == 401


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("expires=1800086400", "expires=1800086401"),
        ("expires=1800086400", "expires=01800086400"),
        ("expires=1800086400", "expires=x"),
        ("expires=1800086400&", ""),
        ("signature=", "signature=0"),
        ("signature=", "seal="),
        ("signature=", "signature=%F0%9F%98%80"),
    ],
)
async def test_addresses_that_were_changed_are_forbidden(
    make_app: Any, client_of: Any, part: str, instead: str
) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        url = await signed(client, await upload(client, **ALICE), **ALICE)
        assert part in url
        changed = url.replace(part, instead)
        if instead.startswith("expires=0"):  # the same number is the same time
            assert (await client.get(changed)).status_code == 200
            return
        for headers in ({}, ALICE):
            answer = await client.get(changed, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
            assert "signature" in answer.json()["message"]


async def test_addresses_expire_and_say_so(make_app: Any, client_of: Any, clock: Clock) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        url = await signed(client, await upload(client, **ALICE), 1, **ALICE)
        clock.now += 3599
        assert (await client.get(url)).status_code == 200
        clock.now += 1
        answer = await client.get(url)
        assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
        assert "has expired" in answer.json()["message"]


async def test_addresses_of_deleted_files_are_404(make_app: Any, client_of: Any) -> None:
    async with client_of(make_app()) as client:
        name = await upload(client)
        url = await signed(client, name)
        await client.delete(f"/v1/files/{name}")
        assert (await client.get(url)).status_code == 404


@pytest.mark.parametrize(("hours", "status"), [(0, 422), (-1, 422), (1, 200), (168, 200), (169, 422), ("x", 422)])
async def test_they_live_for_an_hour_to_a_week(make_app: Any, client_of: Any, hours: Any, status: int) -> None:
    async with client_of(make_app()) as client:
        name = await upload(client)
        assert (await client.get(f"/v1/files/{name}/url?expiry={hours}")).status_code == status


async def test_they_are_never_logged(make_app: Any, client_of: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with client_of(make_app()) as client:
        url = await signed(client, await upload(client))
        with caplog.at_level("DEBUG"):
            caplog.clear()
            await client.get(url)
            await client.get(url + "0")
            await client.post("/v1/ocr", json={"document": {"document_url": url}})
            await client.post("/v1/ocr", json={"document": {"document_url": "http://10.0.0.1" + url[21:] + "0"}})
    own = [record for record in caplog.records if record.name.startswith("octavo")]
    assert own
    assert "signature=" not in str([(record.getMessage(), vars(record)) for record in own])


async def test_addresses_are_named_as_a_trusted_proxy_tells(make_app: Any, client_of: Any) -> None:
    forwarded = {"x-forwarded-host": "ocr.example.org", "x-forwarded-proto": "https", "x-forwarded-prefix": "/octavo"}
    found = []
    for options in ({}, {"trusted_proxies": ("127.0.0.0/8",)}, {"public_url": "https://settled.example/x/"}):
        async with client_of(make_app(**options)) as client:
            found.append(await signed(client, await upload(client), **forwarded))
    assert [url.partition("/v1/")[0] for url in found] == [
        "http://localhost:8000",
        "https://ocr.example.org/octavo",
        "https://settled.example/x",
    ]


async def test_no_proxy_lets_a_foreign_host_in(make_app: Any, client_of: Any) -> None:
    app = make_app(trusted_proxies=("127.0.0.1",), public_url="http://localhost:8000")
    async with client_of(app, "http://foreign.example") as client:
        answer = await client.get("/v1/files", headers={"x-forwarded-host": "localhost:8000"})
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")


# Documents


def ocr(client: httpx.AsyncClient, **document: Any) -> Any:
    body, headers = {"document": document}, document.pop("headers", {})
    return client.post("/v1/ocr", json=body, headers=headers)


@pytest.mark.parametrize("kind", [{}, {"type": "file"}])
async def test_a_file_is_read_by_its_id_by_its_owner_alone(
    make_app: Any, client_of: Any, executor: FakeExecutor, kind: dict[str, str]
) -> None:
    seen: list[bytes] = []
    executor.on_inspect = lambda document: seen.append(document.path.read_bytes())
    async with client_of(make_app(keys=KEYS)) as client:
        name = await upload(client, **ALICE)
        answer = await ocr(client, file_id=name, headers=ALICE, **kind)
        assert (answer.status_code, seen) == (200, [PDF])
        assert answer.json()["usage_info"]["doc_size_bytes"] == len(PDF)
        for strange, headers in ((name, BOB), ("x", ALICE), (name[:-1] + "x", ALICE)):
            answer = await ocr(client, file_id=strange, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "1901")
            assert answer.json()["message"] == "Could not get file."
            assert answer.json()["detail"][0]["loc"] == ["body", "document", "file_id"]


@pytest.mark.parametrize("key", ["document_url", "image_url"])
@pytest.mark.parametrize(
    "host", ["http://localhost:8000", "https://ocr.example.org/prefix", "http://10.1.2.3", "http://localhost:8000/v1"]
)
async def test_a_signed_address_is_read_whatever_host_it_names(
    make_app: Any, client_of: Any, key: str, host: str
) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        url = (await signed(client, await upload(client, **ALICE), **ALICE)).replace("http://localhost:8000", host)
        answer = await ocr(client, headers=BOB, **{key: url})
        assert answer.status_code == 200, answer.text
        assert answer.json()["usage_info"]["doc_size_bytes"] == len(PDF)


async def test_signed_addresses_that_have_expired_say_so(make_app: Any, client_of: Any, clock: Clock) -> None:
    async with client_of(make_app()) as client:
        url = await signed(client, await upload(client), 1)
        clock.now += 3600
        answer = await ocr(client, document_url=url)
        assert (answer.status_code, answer.json()["code"]) == (400, "3310")
        assert "has expired" in answer.json()["message"]


async def test_other_signatures_open_no_private_address(make_app: Any, client_of: Any) -> None:
    async with client_of(make_app()) as client:
        url = (await signed(client, await upload(client))).replace("http://localhost:8000", "http://127.0.0.1:8000")
        answer = await ocr(client, document_url=url + "0")
        assert (answer.status_code, answer.json()["code"]) == (400, "3310")
        assert "no public address" in answer.json()["message"]


async def test_files_too_large_for_a_document_are_413(make_app: Any, client_of: Any) -> None:
    async with client_of(make_app()) as client:
        name = await upload(client, bytes(2001 + len(PDF)))
        for document in ({"file_id": name}, {"document_url": await signed(client, name)}):
            answer = await ocr(client, **document)
            assert answer.status_code == 413
            assert "OCTAVO_LIMITS__MAX_FILE_BYTES" in answer.json()["message"]
