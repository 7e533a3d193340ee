"""`GET /v1/status` over fakes: numbers of now, in the shape that is promised."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_reading import PDF, FakeExecutor, FakeFetcher
from fastapi import FastAPI

from made_service import make_service
from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.errors import CorruptDocument, EngineFailed
from octavo.domain.installation import Finding
from octavo.domain.model import ModelCard
from octavo.domain.status import Limits
from octavo.services import status as services_status
from octavo.services.findings import good
from octavo.services.keeping import Keeping
from octavo.services.models import ModelCatalog
from octavo.services.status import Place, StatusService

pytestmark = pytest.mark.anyio

BODY = {"document": {"type": "document_url", "document_url": PDF}}
CARD = ModelCard(id="octavo-test", aliases=("mistral-ocr-latest",), description="", created=1_790_000_000)
LIMITS = Limits(max_file_bytes=1, max_upload_bytes=2, max_pages=100, request_timeout=280.0)
Make = Callable[..., FastAPI]


@pytest.fixture
def make(executor: FakeExecutor, tmp_path: Path) -> Make:
    """An application that tells its status."""

    def made(
        checks: dict[str, Callable[[], Finding]] | None = None,
        *,
        data_dir: Path = tmp_path,
        keeps: float = 3600,
        **options: Any,
    ) -> FastAPI:
        service, budget = make_service(FakeFetcher(), executor, tmp_path, keeps=keeps), SpoolBudget()
        place = Place(
            data_dir=data_dir,
            database="SQLite",
            blobs="folder",
            started_at=1_800_000_000,
            keeping=Keeping(ocr=1, batch=2, results=3, other=0.5),
            job_days=7,
            limits=LIMITS,
        )
        catalog = ModelCatalog((CARD,))
        status = StatusService(reader=service.reader, models=catalog, budget=budget, place=place, checks=checks or {})
        told = ServerOptions(**options)
        return create_app(ocr=service, models=catalog, budget=budget, status=status, options=told)

    return made


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told a second time."""
    monkeypatch.setattr(services_status, "FRESH", 0.0)


async def told(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/status")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
async def client(make: Make, client_of: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(make()) as found:
        yield found


async def test_it_tells_what_is_promised(client: httpx.AsyncClient, tmp_path: Path) -> None:
    found = await told(client)
    assert list(found) == [
        "version",
        "started_at",
        "models",
        "workers",
        "queue",
        "pages",
        "storage",
        "retention",
        "limits",
        "checks",
    ]
    assert found["started_at"] == 1_800_000_000
    assert found["models"] == [{"id": "octavo-test", "aliases": ["mistral-ocr-latest"], "state": "ready", "detail": ""}]
    assert found["workers"] == {
        "capacity": 2,
        "warm": 2,
        "busy": 0,
        "waiting": 0,
        "spare": 0,
        "restarts": 0,
        "recycled": 0,
    }
    assert found["queue"] == {"running": 0, "waiting_requests": 0, "waiting_batch": 0, "inside": 0, "most_inside": 1000}
    assert found["pages"]["history"] == {"step_seconds": 5, "read": [0] * 120}
    assert found["storage"].pop("free_bytes") > 0
    assert found["storage"] == {
        "data_dir": str(tmp_path),
        "database": "SQLite",
        "blobs": "folder",
        "kept_bytes": 0,
        "spool_bytes": 0,
    }
    assert found["retention"] == {
        "pages_seconds": 3600,
        "results_linked": True,
        "file_days": {"ocr": 1, "batch": 2, "results": 3, "other": 0.5},
        "job_days": 7,
    }
    assert found["limits"] == {"max_file_bytes": 1, "max_upload_bytes": 2, "max_pages": 100, "request_timeout": 280}
    assert found["checks"] == [{"name": "model", "state": "ok", "detail": "The model octavo-test is loaded"}]


async def test_pages_are_counted(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.failing = {1: CorruptDocument("Page 1 is damaged.")}
    for _ in range(2):
        assert (await client.post("/v1/ocr", json=BODY)).status_code == 200
    pages = (await told(client))["pages"]
    assert (pages["read"], pages["kept"], pages["failed"]) == (2, 2, 2)
    assert sum(pages["history"]["read"]) == 2
    assert 0 < pages["per_second"] <= 0.2
    assert (await told(client))["storage"]["kept_bytes"] > 0


async def test_what_goes_on_is_told(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.gate.clear()
    reading = asyncio.create_task(client.post("/v1/ocr", json=BODY))
    await executor.asked.wait()
    queue = (await told(client))["queue"]
    assert (queue["running"], queue["inside"]) == (2, 1)
    executor.gate.set()
    assert (await reading).status_code == 200
    assert (await told(client))["queue"]["inside"] == 0


async def test_documents_on_disk_are_told(make: Make, client_of: Callable[..., Any], tmp_path: Path) -> None:
    app = make()
    app.state.wiring.budget.take(tmp_path, 7)
    async with client_of(app) as client:
        assert (await told(client))["storage"]["spool_bytes"] == 7


async def test_without_retention_no_result_is_linked(make: Make, client_of: Callable[..., Any]) -> None:
    async with client_of(make(keeps=0)) as client:
        assert (await told(client))["retention"]["results_linked"] is False


async def test_models_are_starting_until_a_worker_is_warm(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.warm.clear()
    found = await told(client)
    assert found["models"][0]["state"] == "starting"
    assert found["checks"][0] == {"name": "model", "state": "warning", "detail": "The models are being loaded."}


async def test_models_that_cannot_be_loaded_say_why(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.start_error = EngineFailed("The weights are damaged. Install Octavo again.")
    found = await told(client)
    assert found["models"][0]["state"] == "failed"
    assert found["models"][0]["detail"] == found["checks"][0]["detail"] == str(executor.start_error)
    assert found["checks"][0]["state"] == "error"


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    found = threading.Event()
    yield found
    found.set()


async def test_what_hangs_is_an_error_and_holds_up_nothing(
    make: Make, client_of: Callable[..., Any], gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_status, "PATIENCE", 0.01)
    asked = []

    def hang() -> Finding:
        asked.append("database")
        gate.wait()
        return good("database", "It answers")

    checks = {"database": hang, "storage": lambda: good("storage", "It is there")}
    async with client_of(make(checks)) as client:
        for _ in range(3):
            found = {each["name"]: each for each in (await told(client))["checks"]}
            assert found["database"]["state"] == "error"
            assert "no answer" in found["database"]["detail"]
            assert found["storage"] == {"name": "storage", "state": "ok", "detail": "It is there"}
    assert asked == ["database"]


async def test_a_check_that_the_system_refuses_is_told(make: Make, client_of: Callable[..., Any]) -> None:
    def refuse() -> Finding:
        raise PermissionError(13, "Permission denied")

    async with client_of(make({"data_folder": refuse})) as client:
        assert (await told(client))["checks"][1] == {
            "name": "data_folder",
            "state": "error",
            "detail": "This cannot be looked at: Permission denied",
        }


async def test_a_check_that_breaks_down_is_told_and_logged_once(
    make: Make, client_of: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def surprise() -> Finding:
        raise ValueError("a password, perhaps")

    checks = {"database": surprise, "storage": lambda: good("storage", "It is there")}
    async with client_of(make(checks)) as client:
        found = [(await told(client))["checks"][1:] for _ in range(3)]
    detail = "This cannot be looked at; the log of the server says why"
    broken = {"name": "database", "state": "error", "detail": detail}
    assert found == [[broken, {"name": "storage", "state": "ok", "detail": "It is there"}]] * 3
    assert [line.exc_info[0] for line in caplog.records if line.exc_info] == [ValueError]


async def test_a_folder_that_is_gone_has_no_room(make: Make, client_of: Callable[..., Any], tmp_path: Path) -> None:
    async with client_of(make(data_dir=tmp_path / "gone")) as client:
        assert (await told(client))["storage"]["free_bytes"] is None


async def test_many_who_ask_at_once_cost_one_look(
    make: Make, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_status, "FRESH", 1000.0)
    asked = []

    def count() -> Finding:
        asked.append(1)
        return good("database", "It answers")

    async with client_of(make({"database": count})) as client:
        answers = await asyncio.gather(*(client.get("/v1/status") for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert asked == [1]


async def test_it_needs_a_key_and_says_nothing_of_documents_or_callers(
    make: Make, client_of: Callable[..., Any]
) -> None:
    async with client_of(make(keys={"alice": "secret-key"})) as client:
        assert (await client.get("/v1/status")).status_code == 401
        client.headers["authorization"] = "Bearer secret-key"
        await client.post("/v1/ocr", json={"document": {**BODY["document"], "document_name": "salaries.pdf"}})
        text = (await client.get("/v1/status")).text
    assert not any(word in text for word in ("alice", "secret", "salaries", "Origins"))


@pytest.mark.parametrize("path", ["/status", "/v1/v1/status", "//v1/status/"])
async def test_it_has_one_address_however_it_is_written(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_a_server_that_keeps_nothing_has_none(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any]
) -> None:
    async with client_of(make_app()) as client:
        assert (await client.get("/v1/status")).status_code == 404
