"""Every limit and switch of the settings reaches the server that is built from them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from octavo.api.connections import MOST
from octavo.bootstrap import build_services
from octavo.cli import serve
from octavo.settings import load_settings

Build = Callable[..., uvicorn.Server]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def build() -> Iterator[Build]:
    """Makes the server of some settings; no worker starts, and it does not serve."""
    with ExitStack() as stack:

        def make(**chosen: Any) -> uvicorn.Server:
            settings = load_settings(**chosen)
            door = stack.enter_context(serve._listen((socket.AF_INET, ("127.0.0.1", 0))))
            return serve._server(settings, build_services(settings), door)

        yield make


@asynccontextmanager
async def calling(server: uvicorn.Server) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(server.config.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def unfinished(begun: asyncio.Event) -> AsyncIterator[bytes]:
    """A body that begins, once it is read, and does not go on."""
    yield b"{"
    begun.set()
    await asyncio.Event().wait()


@pytest.mark.anyio
async def test_keys_are_asked_for_and_a_name_may_have_several(build: Build) -> None:
    async with calling(build(api_keys="alice=first alice=second bob=third")) as client:
        sent = [None, "wrong", "alice", "first", "second", "third"]
        headers = [{"authorization": f"Bearer {key}"} if key else {} for key in sent]
        found = [(await client.get("/v1/models", headers=each)).status_code for each in headers]
    assert found == [401, 401, 401, 200, 200, 200]


@pytest.mark.anyio
@pytest.mark.parametrize(("switch", "path"), [("docs", "/docs"), ("docs", "/openapi.json"), ("metrics", "/metrics")])
@pytest.mark.parametrize(("on", "status"), [(True, 200), (False, 404)])
async def test_switches_take_away_what_they_name(build: Build, switch: str, path: str, on: bool, status: int) -> None:
    async with calling(build(**{switch: on})) as client:
        assert (await client.get(path)).status_code == status


@pytest.mark.parametrize("on", [True, False])
def test_the_workbench_has_a_switch(build: Build, on: bool) -> None:
    assert build(workbench=on).config.app.state.wiring.options.workbench is on  # type: ignore[union-attr]


@pytest.mark.anyio
async def test_bodies_are_held_to_their_limit(build: Build) -> None:
    async with calling(build(limits={"max_body_bytes": 1000})) as client:
        found = [await client.post("/v1/ocr", content=b" " * size) for size in (1000, 1001)]
    assert [each.status_code for each in found] == [422, 413]
    assert "OCTAVO_LIMITS__MAX_BODY_BYTES" in found[1].json()["message"]


@pytest.mark.anyio
async def test_documents_in_forms_are_held_to_theirs_before_they_are_whole(build: Build) -> None:
    # What is checked too late meets the other limit first.
    async with calling(build(limits={"max_file_bytes": 1000, "max_spool_bytes": 5000})) as client:
        found = await client.post("/v1/ocr", files={"file": bytes(100_000)})
    assert found.status_code == 413
    assert "OCTAVO_LIMITS__MAX_FILE_BYTES" in found.json()["message"]


@pytest.mark.anyio
async def test_documents_of_forms_count_with_those_of_all_requests(build: Build) -> None:
    async with calling(build(limits={"max_spool_bytes": 5000})) as client:
        found = await client.post("/v1/ocr", files={"file": bytes(100_000)})
    assert found.status_code == 429
    assert "OCTAVO_LIMITS__MAX_SPOOL_BYTES" in found.json()["message"]


@pytest.mark.anyio
async def test_requests_have_their_time(build: Build) -> None:
    async with calling(build(limits={"request_timeout": 0.05})) as client:
        assert (await client.post("/v1/ocr", content=unfinished(asyncio.Event()))).status_code == 504


@pytest.mark.anyio
async def test_no_more_are_let_in_than_may_wait(build: Build) -> None:
    begun = asyncio.Event()
    async with calling(build(limits={"max_waiting": 1})) as client:
        first = asyncio.create_task(client.post("/v1/ocr", content=unfinished(begun)))
        await begun.wait()
        refused = await client.post("/v1/ocr", content=b"{}")
        first.cancel()
        await asyncio.wait([first])
        after = await client.post("/v1/ocr", content=b"{}")
    assert (refused.status_code, after.status_code) == (429, 422)
    assert "OCTAVO_LIMITS__MAX_WAITING" in refused.json()["message"]


def test_there_are_connections_for_all_who_may_wait(
    build: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("octavo.api.connections.allow_open_files", lambda: 10**6)
    servers = [build(limits={"max_waiting": number}, data_dir=tmp_path / str(number)) for number in (1, MOST)]
    crowds: list[Any] = [server.config.http for server in servers]
    assert [crowd.__self__.most for crowd in crowds] == [MOST, 2 * MOST]


def test_uvicorn_tells_neither_its_name_nor_who_asked_for_what_and_believes_no_proxy(build: Build) -> None:
    config = build().config
    assert not config.server_header
    assert not config.proxy_headers
    assert not config.access_log
