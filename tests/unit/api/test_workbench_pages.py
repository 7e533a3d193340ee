"""The pages of the workbench, as they are served."""

from __future__ import annotations

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
