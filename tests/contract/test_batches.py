"""Batch jobs as three generations of Mistral's client see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
GENERATIONS = ["mistralai-1", "mistralai-2", "mistralai-3"]
CAN_DELETE = GENERATIONS[1:]


@pytest.fixture(params=GENERATIONS)
def found(request: pytest.FixtureRequest, run_batches: Run) -> dict[str, Any]:
    """What one of them saw."""
    return run_batches(request.param, "batches_mistralai.py")


def test_the_client_loses_nothing_of_an_answer(found: dict[str, Any]) -> None:
    assert (found["strange"], found["lost"], found["unlike"]) == ([], [], [])


def test_a_job_tells_what_became_of_its_lines(found: dict[str, Any]) -> None:
    assert found["created"] == ["QUEUED", 3, 0, "batch", "/v1/ocr"]
    assert found["over"] == {
        "status": "SUCCESS",
        "counts": [3, 3, 2, 1],
        "errors": [["HTTP Error, status code: 400 (unsupported_document)", 1]],
        "inputs": True,
        "times": True,
        "told back": ["mistral-ocr-latest", {"job_type": "testing", "k": "v"}, None],
    }


def test_results_are_files_and_can_be_had_inside_the_job(found: dict[str, Any]) -> None:
    assert found["results"] == {
        "output": ["a", "c"],
        "errors": ["b"],
        "inside is the same": True,
        "not asked for": None,
    }
    assert found["files"] == [
        ["batch", "mistral", "batch_result", 2, "application/jsonl"],
        ["batch", "mistral", "batch_error", 1, "application/jsonl"],
    ]


def test_requests_may_come_with_the_job(found: dict[str, Any]) -> None:
    assert found["inline"] == ["SUCCESS", 2, [], None, None, ["x", None]]


def test_every_filter_of_the_list_works(found: dict[str, Any]) -> None:
    both, none = [["inline", "first"], 2], [[], 0]
    listed = dict(found["listed"])
    assert listed.pop("oldest first", [["first", "inline"], 2]) == [["first", "inline"], 2]
    assert listed == {
        "all": both,
        "model": [["first"], 1],
        "metadata": [["first"], 1],
        "part of the metadata": [["first"], 1],
        "other metadata": none,
        "after, with a zone": both,
        "after, elsewhere": none,
        "after, without a zone": both,
        "mine": both,
        "status": both,
        "other status": none,
        "first page": [["inline"], 2],
        "second page": [["first"], 2],
        "agent": none,
        "nothing": both,
        "later": [True, False],
    }
    assert found["stranger sees"] == 0


def test_a_job_can_be_stopped(found: dict[str, Any]) -> None:
    assert found["stopped"] == {
        "before": ["RUNNING", "QUEUED"],
        "deleted while it runs": ["SDKError", 409, "conflict"],
        "waiting": ["CANCELLED", 0, None, None],
        "asked": "CANCELLATION_REQUESTED",
        "running": ["CANCELLED", 0, 0, None],
        "again": "CANCELLED",
    }


@pytest.mark.parametrize("environment", CAN_DELETE)
def test_a_job_that_is_over_can_be_deleted(run_batches: Run, environment: str) -> None:
    found = run_batches(environment, "batches_mistralai.py")
    assert found["deleted"] == [True, "batch", True, ["SDKError", 404, "not_found"]]


def test_what_cannot_be_is_refused(found: dict[str, Any]) -> None:
    missing, unfit = ["SDKError", 404, "not_found"], ["SDKError", 422, "invalid_request_error"]
    assert found["refused"] == {
        "unknown job": missing,
        "unknown job cancelled": missing,
        "another's job": missing,
        "another's job cancelled": missing,
        "another's file": missing,
        "unknown file": missing,
        "unknown model": unfit,
        "no input": unfit,
        "both inputs": unfit,
        "no time": unfit,
        "too much time": unfit,
        "other endpoint": unfit,
        "wrong key": ["SDKError", 401, "unauthorized"],
    }
