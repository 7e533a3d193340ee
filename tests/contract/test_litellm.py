"""LiteLLM's `ocr()` and `aocr()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_litellm_reads(run_client: Callable[..., Any]) -> None:
    found = run_client("litellm", "litellm_ocr.py")
    whole = ["mistral-ocr-latest", [0, 1], "Tea in the"]
    assert found["read"] == {
        "without v1": whole,
        "with v1": whole,
        "with a slash": whole,
        "later": whole,
        "image": ["mistral-ocr-latest", [0], "Grand Cafe"],
        "options": ["mistral-ocr-latest", [1], "Cake in th"],
    }
    assert found["picture"] == "data:image/jpeg;base64,"


def test_litellm_tells_errors_by_their_class(run_client: Callable[..., Any]) -> None:
    assert run_client("litellm", "litellm_ocr.py")["failed"] == {
        "unknown key": ["AuthenticationError", 401],
        "wrong document": ["BadRequestError", 400],
        "empty address": ["BadRequestError", 422],
    }
