"""Batch jobs with LiteLLM; it lists and cancels none at Mistral's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize("base", ["without v1", "with v1"])
def test_litellm_runs_a_batch(run_batches: Run, base: str) -> None:
    assert run_batches("litellm", "litellm_batches.py")[base] == {
        "created": ["validating", "/v1/ocr", 3, True],
        "over": ["completed", 3, 2, 1, {"job_type": "testing"}],
        "times": True,
        "errors": ["HTTP Error, status code: 400 (unsupported_document)"],
        "output": ["a", "c"],
        "failed": ["b"],
        "later": "completed",
        "deleted": [True, True, True],
    }


def test_litellm_understands_what_is_missing(run_batches: Run) -> None:
    found = run_batches("litellm", "litellm_batches.py")
    assert found["unknown job"][1] == 404
    assert found["unknown file"][1] == 404
