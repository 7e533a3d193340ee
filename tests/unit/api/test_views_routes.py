"""`GET /v1/files/{id}/pages/{n}` over real files and the real viewer: what it takes and answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from octavo.domain.errors import EngineTimeout, NoWorker, WorkerEvicted
from octavo.services.files import FileService
from octavo.services.views import PageViews
from papers import protected_pdf, text_pdf
from scripted_pipeline import until
from shown_pages import NearRenderer, made_views, opened

pytestmark = pytest.mark.anyio
KEYS = {"alice": "a", "bob": "b"}
ALICE, BOB = ({"authorization": f"Bearer {key}"} for key in KEYS.values())


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
def renderer() -> NearRenderer:
    return NearRenderer()


@pytest.fixture
async def views(files: FileService, renderer: NearRenderer, tmp_path: Path) -> AsyncIterator[PageViews]:
    made = made_views(files, renderer, tmp_path / "views", most_waiting=4)
    yield made
    await made.close()


@pytest.fixture
async def client(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, views: PageViews
) -> AsyncIterator[Any]:
    async with client_of(make_app(files=files, views=views, keys=KEYS)) as found:
        found.headers.update(ALICE)
        yield found


async def upload(client: httpx.AsyncClient, content: bytes) -> str:
    answer = await client.post("/v1/files", files={"file": content}, data={"purpose": "ocr"})
    return f"/v1/files/{answer.json()['id']}"


@pytest.fixture
async def file(client: httpx.AsyncClient, tmp_path: Path) -> str:
    return await upload(client, text_pdf(tmp_path / "a.pdf", [["One"], ["Two"]]).read_bytes())


async def test_an_image_comes_with_all_that_is_told_of_it(client: httpx.AsyncClient, file: str) -> None:
    answer = await client.get(f"{file}/pages/1")
    assert answer.status_code == 200
    assert opened(answer.content).size == (1200, round(1200 * 2339 / 1653))
    told = answer.headers
    assert (told["content-type"], told["content-length"]) == ("image/jpeg", str(len(answer.content)))
    assert told["x-octavo-page-count"] == "2"
    assert told["cache-control"] == "private, max-age=3600"
    assert {name.strip() for name in told["vary"].split(",")} >= {"Authorization", "Cookie", "X-Octavo-Options"}
    assert told["x-content-type-options"] == "nosniff"
    assert told["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=120", (120, 170)),
        ("width=16", (16, 23)),
        ("turned=0&width=120", (120, 170)),
        ("width=120&turned=90", (120, 85)),
    ],
)
async def test_width_and_turn(client: httpx.AsyncClient, file: str, query: str, size: tuple[int, int]) -> None:
    assert opened((await client.get(f"{file}/pages/0?{query}")).content).size == size


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("0?width=15", ["query", "width"]),
        ("0?width=2001", ["query", "width"]),
        ("0?width=wide", ["query", "width"]),
        ("0?turned=45", ["query", "turned"]),
        ("0?turned=-90", ["query", "turned"]),
        ("-1", ["path", "index"]),
        ("first", ["path", "index"]),
        ("1000000000000000000000", ["path", "index"]),
    ],
)
async def test_what_cannot_be_asked_for_is_422(
    client: httpx.AsyncClient, file: str, path: str, place: list[str]
) -> None:
    answer = await client.get(f"{file}/pages/{path}")
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, place)


async def test_a_page_that_is_not_there_is_told_as_when_it_is_read(client: httpx.AsyncClient, file: str) -> None:
    answer = await client.get(f"{file}/pages/2")
    assert (answer.status_code, answer.json()["type"]) == (400, "invalid_request_error")
    assert "Page 2 is out of range: the document has 2 pages" in answer.json()["message"]


async def test_an_image_that_is_there_already_is_not_sent_again(
    client: httpx.AsyncClient, renderer: NearRenderer, file: str
) -> None:
    first = await client.get(f"{file}/pages/0?width=64")
    tag = first.headers["etag"]
    asked = len(renderer.asked)
    for given in (tag, f'"other", {tag}', f"W/{tag}"):
        again = await client.get(f"{file}/pages/0?width=64", headers={"if-none-match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == first.headers["cache-control"]
        assert again.headers["vary"] == first.headers["vary"]
    assert len(renderer.asked) == asked
    for path in ("0?width=65", "1?width=64", "0?width=64&turned=90"):
        assert (await client.get(f"{file}/pages/{path}", headers={"if-none-match": tag})).status_code == 200


async def test_only_tags_that_are_named_spare_an_image(client: httpx.AsyncClient, file: str) -> None:
    tag = (await client.get(f"{file}/pages/0?width=64")).headers["etag"]
    for given in (tag.strip('"'), f'"W/{tag[1:]}', f'"not {tag[1:]}', '"*"'):
        again = await client.get(f"{file}/pages/0?width=64", headers={"if-none-match": given})
        assert (again.status_code, opened(again.content).width) == (200, 64)
    lists = httpx.Headers([("if-none-match", '"other"'), ("if-none-match", tag)])
    assert (await client.get(f"{file}/pages/0?width=64", headers=lists)).status_code == 304


async def test_any_image_spares_another_if_there_is_such_a_page(client: httpx.AsyncClient, file: str) -> None:
    for index, status in ((1, 304), (2, 400)):
        answer = await client.get(f"{file}/pages/{index}?width=64", headers={"if-none-match": "*"})
        assert answer.status_code == status
    answer = await client.get(f"{file}/pages/1?width=64", headers={"if-none-match": "*"})
    assert (answer.content, "etag" in answer.headers, "content-length" in answer.headers) == (b"", True, False)


async def test_a_password_is_looked_at_whatever_the_client_has(client: httpx.AsyncClient, tmp_path: Path) -> None:
    path = f"{await upload(client, protected_pdf(tmp_path / 'locked.pdf', 'sesame').read_bytes())}/pages/0?width=64"
    right, wrong = ({"x-octavo-options": json.dumps({"password": word})} for word in ("sesame", "wrong"))
    tag = {"if-none-match": (await client.get(path, headers=right)).headers["etag"]}
    assert [(await client.get(path, headers=tag | word)).status_code for word in (right, wrong)] == [200, 400]


async def test_passwords_open_protected_documents(client: httpx.AsyncClient, tmp_path: Path) -> None:
    file = await upload(client, protected_pdf(tmp_path / "locked.pdf", "sesame").read_bytes())
    for header in ({}, {"x-octavo-options": json.dumps({"password": "wrong"})}):
        answer = await client.get(f"{file}/pages/0", headers=header)
        assert (answer.status_code, answer.json()["type"]) == (400, "document_parser_invalid_file")
        assert "wrong" not in answer.text
    answer = await client.get(f"{file}/pages/0", headers={"x-octavo-options": json.dumps({"password": "sesame"})})
    assert (answer.status_code, opened(answer.content).size) == (200, (400, 400))
    answer = await client.get(f"{file}/pages/0", headers={"x-octavo-options": '{"unknown": 1}'})
    assert answer.status_code == 422


@pytest.mark.parametrize("content", [b"no document at all", b"%PDF-1.7 cut off", b"\x89PNG\r\n\x1a\ncut off"])
async def test_what_is_no_document_is_told(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await client.get(f"{await upload(client, content)}/pages/0")
    assert (answer.status_code, answer.json()["type"]) == (400, "document_parser_invalid_file")


async def test_others_files_are_not_there(client: httpx.AsyncClient, renderer: NearRenderer, file: str) -> None:
    unknown = "/v1/files/6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"
    mine = await client.get(f"{file}/pages/0?width=64")
    tag = {"if-none-match": mine.headers["etag"]}
    asked = len(renderer.asked)
    told = [await client.get(f"{path}/pages/0?width=64", headers=BOB | tag) for path in (file, unknown, "/v1/files/x")]
    assert [answer.status_code for answer in told] == [404] * 3
    assert told[0].json() == told[1].json() == told[2].json()
    assert (await client.get(f"{file}/pages/0", headers={"authorization": "Bearer c"})).status_code == 401
    assert len(renderer.asked) == asked


async def test_a_deleted_file_is_gone_from_disk_too(client: httpx.AsyncClient, file: str, tmp_path: Path) -> None:
    tag = (await client.get(f"{file}/pages/0?width=64")).headers["etag"]
    assert list((tmp_path / "views").iterdir())
    await client.delete(file.upper().replace("/V1/FILES", "/v1/files"))
    await until(lambda: not list((tmp_path / "views").iterdir()))
    for header in ({}, {"if-none-match": tag}):
        assert (await client.get(f"{file}/pages/0?width=64", headers=header)).status_code == 404


async def test_a_deleted_file_is_gone_from_disk_though_its_bytes_stay(
    client: httpx.AsyncClient, file: str, tmp_path: Path
) -> None:
    await client.get(f"{file}/pages/0?width=64")
    (blob,) = blobs_in(tmp_path)
    blob.unlink()
    (blob / "in the way").mkdir(parents=True)
    answer = await client.delete(file)
    assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
    assert (await client.get(file)).status_code == 404
    await until(lambda: not list((tmp_path / "views").iterdir()))


@pytest.mark.parametrize(
    ("trouble", "status", "retry"),
    [(EngineTimeout("slow"), 504, None), (NoWorker("none"), 503, "30"), (WorkerEvicted("much"), 500, None)],
)
async def test_what_breaks_on_our_side_is_typed(client, renderer, file, trouble, status, retry) -> None:
    renderer.troubles = [trouble]
    answer = await client.get(f"{file}/pages/0")
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry)
    assert (await client.get(f"{file}/pages/0?width=16")).status_code == 200


async def test_too_many_at_once_are_told_to_come_back(client, renderer, views, file) -> None:
    renderer.gate.clear()
    waiting = [asyncio.create_task(client.get(f"{file}/pages/0?width={width}")) for width in range(20, 24)]
    await until(lambda: len(views._wanted) == 4)
    refused = await client.get(f"{file}/pages/0?width=30")
    assert (refused.status_code, refused.json()["type"], refused.headers["retry-after"]) == (429, "rate_limited", "5")
    renderer.gate.set()
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * 4


async def test_an_image_that_does_not_come_in_time_is_told(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, views: PageViews, renderer, tmp_path: Path
) -> None:
    async with client_of(make_app(files=files, views=views, request_timeout=0.3)) as client:
        file = await upload(client, text_pdf(tmp_path / "a.pdf", [["One"]]).read_bytes())
        renderer.gate.clear()
        answer = await client.get(f"{file}/pages/0")
        assert (answer.status_code, answer.headers["retry-after"]) == (504, "1")
        renderer.gate.set()


async def test_a_server_that_shows_nothing_has_no_such_path(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, tmp_path: Path
) -> None:
    async with client_of(make_app(files=files)) as client:
        file = await upload(client, text_pdf(tmp_path / "a.pdf", [["One"]]).read_bytes())
        assert (await client.get(f"{file}/pages/0")).status_code == 404
        assert (await client.delete(file)).status_code == 200


async def test_images_are_counted_apart_from_pages_that_are_read(client: httpx.AsyncClient, file: str) -> None:
    for index in (0, 1, 2):
        await client.get(f"{file}/pages/{index}?width=64")
    told = (await client.get("/metrics")).text.splitlines()
    assert {'octavo_views_total{outcome="made"} 2.0', 'octavo_views_total{outcome="failed"} 1.0'} <= set(told)
    assert {"octavo_view_workers 1.0", 'octavo_pages_total{outcome="read"} 0.0'} <= set(told)


async def test_the_description_names_every_answer(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    call = paths["/v1/files/{file_id}/pages/{index}"]["get"]
    assert set(call["responses"]) == {"200", "304", *map(str, (400, 401, 403, 404, 413, 422, 429, 500, 503, 504))}
    assert set(call["responses"]["200"]["content"]) == {"image/jpeg"}
    names = {parameter["name"] for parameter in call["parameters"]}
    assert names == {"file_id", "index", "width", "turned", "x-octavo-options"}


async def test_a_viewer_is_woken_for_who_is_let_in(client: httpx.AsyncClient, renderer: NearRenderer) -> None:
    assert (await client.get("/session")).json()["signed_in"] is True
    assert renderer.woken == 1
    del client.headers["authorization"]
    assert (await client.get("/session")).json()["signed_in"] is False
    assert (await client.post("/session", json={"key": "wrong"})).status_code == 401
    assert renderer.woken == 1
    assert (await client.post("/session", json={"key": "b"})).status_code == 200
    assert renderer.woken == 2


async def test_a_viewer_that_does_not_start_keeps_nobody_out(
    client: httpx.AsyncClient, renderer: NearRenderer, caplog: pytest.LogCaptureFixture
) -> None:
    renderer.troubles = [OSError("Too many open files"), NoWorker("None can be started.")]
    assert (await client.get("/session")).status_code == 200
    assert (await client.post("/session", json={"key": "a"})).status_code == 200
    assert [str(line.exc_info[1]) for line in caplog.records if line.exc_info] == [
        "Too many open files",
        "None can be started.",
    ]


async def test_a_body_that_nobody_asked_for_is_answered_when_it_is_slow_or_large(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, views: PageViews, renderer: NearRenderer
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async def large() -> AsyncIterator[bytes]:
        yield bytes(1001)

    app = make_app(files=files, views=views, max_body_bytes=1000, idle_timeout=0.05)
    async with client_of(app) as client:
        client.headers.update(ALICE)
        file = await upload(client, b"%PDF-")
        renderer.gate.clear()
        for body, status in ((slow(), 408), (large(), 413)):
            answer = await client.request("GET", f"{file}/pages/0", content=body)
            assert (answer.status_code, answer.json()["raw_status_code"]) == (status, status)
