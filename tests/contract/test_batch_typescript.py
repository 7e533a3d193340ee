"""Batch jobs with the TypeScript client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
GENERATIONS = [("npm-1", "1."), ("npm-2", "2.")]


@pytest.mark.parametrize(("environment", "version"), GENERATIONS)
def test_the_typescript_client_runs_batches(run_batches: Run, environment: str, version: str) -> None:
    found = run_batches(environment, "batches.mjs")
    assert found["version"].startswith(version)
    assert found["strange"] == []
    assert found["created"] == ["QUEUED", 3, "batch"]
    assert found["over"] == ["SUCCESS", 3, 3, 2, 1]
    assert found["errors"] == [["HTTP Error, status code: 400 (unsupported_document)", 1]]
    assert found["inputs"]
    assert found["output"] == ["a", "c"]
    assert found["failed"] == [["b", 400, "string"]]
    assert found["inside"]
    assert found["inline"] == ["SUCCESS", 0, ["x", None]]


@pytest.mark.parametrize(("environment", "version"), GENERATIONS)
def test_the_typescript_client_finds_stops_and_deletes_jobs(run_batches: Run, environment: str, version: str) -> None:
    found = run_batches(environment, "batches.mjs")
    assert found["listed"] == {
        "all": [["inline", "first"], 2],
        "metadata": [["first"], 1],
        "created after": [["inline", "first"], 2],
        "created later": [[], 0],
        "status": [["inline", "first"], 2],
        "other status": [[], 0],
        "first page": [["inline"], 2],
    }
    assert found["cancelled"] == ["RUNNING", ["SDKError", 409], "CANCELLATION_REQUESTED", "CANCELLED"]
    assert found["deletes"] == (version == "2.")
    assert found.get("deleted", True)
    assert found["refused"] == {
        "unknown job": ["SDKError", 404],
        "another's job": ["SDKError", 404],
        "unknown file": ["SDKError", 404],
        "other endpoint": ["SDKError", 422],
        "too much time": ["SDKError", 422],
    }
