"""`BatchClient`, the helper of Mistral's client that runs a whole batch in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture(params=["mistralai-2", "mistralai-3"])
def found(request: pytest.FixtureRequest, run_batches: Run) -> dict[str, Any]:
    """What it saw."""
    return run_batches(request.param, "batch_client_mistralai.py")


def ran(count: int, broken: list[int], *, inputs: int) -> dict[str, Any]:
    """A run of which nothing is left but the job."""
    names = sorted(f"r{number}" for number in broken)
    return {
        "status": "SUCCESS",
        "counts": [count - len(broken), len(broken)],
        "names": True,
        "widths": True,
        "failed": names,
        "codes": [400],
        "not understood": 0,
        "missing": names,
        "files left": 0,
        "job": ["SUCCESS", count, inputs],
        "inside": [],
    }


def test_a_few_requests_go_inside_the_job(found: dict[str, Any]) -> None:
    assert found["inline"] == ran(5, [1, 3], inputs=0)
    assert found["a thousand"] == ran(1000, [999], inputs=0)


def test_more_than_a_thousand_go_as_a_file(found: dict[str, Any]) -> None:
    assert found["from a file"] == ran(1203, [0, 700, 1202], inputs=1)


def test_it_copes_with_a_job_without_output(found: dict[str, Any]) -> None:
    assert found["all fail"] == ran(3, [0, 1, 2], inputs=0)


def test_it_may_run_everything_again(found: dict[str, Any]) -> None:
    assert found["again"] == ran(2, [1], inputs=0)


def test_results_can_be_taken_line_by_line(found: dict[str, Any]) -> None:
    streamed = found["streamed"]
    assert streamed["seen"] == [[name, "OCRResponse"] for name in streamed["asked"]]
    assert streamed["signed"]
