"""The pages of the workbench, as they are served."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kept_files import kept_files
from octavo.services.files import FileService
from octavo.web import pages
from shown_pages import NearRenderer, made_views

pytestmark = pytest.mark.anyio


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
def renderer() -> NearRenderer:
    return NearRenderer()


@pytest.fixture
def odd_types() -> Iterator[None]:
    """As the registry of a Windows may have them."""
    for end in (".js", ".css"):
        mimetypes.add_type("text/plain", end)
    yield
    mimetypes.init()


@pytest.fixture
async def client(
    make_app: Callable[..., FastAPI], client_of: Any, files: FileService, renderer: NearRenderer, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    views = made_views(files, renderer, tmp_path / "views")
    app = make_app(files=files, views=views, keys={"alice": "a"})
    pages.install(app)
    async with client_of(app) as found:
        yield found
    await views.close()


@pytest.mark.parametrize("view", pages.VIEWS)
async def test_the_page_is_anybodys_and_costs_nothing(
    client: httpx.AsyncClient, renderer: NearRenderer, view: str
) -> None:
    answer = await client.get(view)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == pages.POLICY
    assert renderer.woken == 0


@pytest.mark.parametrize("view", pages.VIEWS)
async def test_a_page_that_is_there_already_is_not_sent_again(client: httpx.AsyncClient, view: str) -> None:
    first = await client.get(view)
    for name, told in (("if-none-match", "etag"), ("if-modified-since", "last-modified")):
        again = await client.get(view, headers={name: first.headers[told]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["content-security-policy"] == pages.POLICY  # browsers may take it over
    assert (await client.get(view, headers={"if-none-match": '"another"'})).content == first.content


@pytest.mark.parametrize("view", pages.VIEWS)
async def test_what_only_asks_whether_it_is_there_gets_no_page(client: httpx.AsyncClient, view: str) -> None:
    got, asked = await client.get(view), await client.head(view)
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("content-length", "content-type", "content-security-policy", "etag"):
        assert asked.headers[name] == got.headers[name]
    assert (await client.post(view)).status_code == 405


@pytest.mark.usefixtures("odd_types")
async def test_modules_and_styles_are_told_as_what_they_are(make_app: Callable[..., FastAPI], client_of: Any) -> None:
    app = make_app()
    pages.install(app)
    async with client_of(app) as client:
        for file, kind in (("shell/app.js", "text/javascript"), ("style/tokens.css", "text/css")):
            answer = await client.get(f"/static/{file}")
            assert answer.headers["content-type"].startswith(kind)
            assert answer.headers["x-content-type-options"] == "nosniff"
