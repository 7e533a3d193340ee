"""An application over fakes, and a client that speaks to it without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import FakeExecutor, FakeFetcher
from fastapi import FastAPI

from made_service import make_service
from octavo.api.app import Lifespan, create_app
from octavo.api.options import ServerOptions
from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.model import ModelCard
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.views import PageViews

ALIASES = ("mistral-ocr-latest", "mistral-ocr-2512")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def executor() -> FakeExecutor:
    return FakeExecutor()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def make_app(executor: FakeExecutor, spool: Path) -> Callable[..., FastAPI]:
    def make(
        budget: SpoolBudget | None = None,
        lifespan: Lifespan | None = None,
        files: FileService | None = None,
        keeps: float = 0,
        views: PageViews | None = None,
        **options: Any,
    ) -> FastAPI:
        service = make_service(FakeFetcher(), executor, spool, max_pages=100, keeps=keeps)
        card = ModelCard(id="octavo-test", aliases=ALIASES, description="Reads nothing.", created=1_790_000_000)
        told = ServerOptions(**options)
        return create_app(
            ocr=service,
            models=ModelCatalog((card,)),
            files=files,
            views=views,
            budget=budget,
            lifespan=lifespan,
            options=told,
        )

    return make


@asynccontextmanager
async def connected(app: FastAPI, base_url: str = "http://localhost:8000") -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as client:
        yield client


@pytest.fixture
async def client(make_app: Callable[..., FastAPI]) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to an application with default options."""
    async with connected(make_app()) as found:
        yield found


@pytest.fixture
def client_of() -> Callable[..., Any]:
    """Speaks to an application of the test's own."""
    return connected
