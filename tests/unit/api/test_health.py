"""`/health` and `/ready`."""

from __future__ import annotations

import httpx
import pytest
from fake_reading import FakeExecutor

from octavo import __version__
from octavo.domain.errors import EngineFailed

pytestmark = pytest.mark.anyio


async def test_the_server_lives_before_it_can_read(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.warm.clear()
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__})


async def test_it_is_ready_once_a_worker_is_warm(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.warm.clear()
    cold = await client.get("/ready")
    assert (cold.status_code, cold.headers["retry-after"]) == (503, "1")
    executor.warm.set()
    assert (await client.get("/ready")).status_code == 200


async def test_it_says_why_it_will_not_be_ready(client: httpx.AsyncClient, executor: FakeExecutor) -> None:
    executor.start_error = EngineFailed("A file of weights is missing. Install Octavo again.")
    answer = await client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "A file of weights is missing. Install Octavo again."
