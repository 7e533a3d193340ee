"""The TypeScript client: a level of its own, for machines that have Node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from octavo.domain.block import BlockKind

Run = Callable[..., Any]
GENERATIONS = [("npm-1", "1."), ("npm-2", "2.")]


@pytest.mark.parametrize(("environment", "version"), GENERATIONS)
def test_answers_and_models_are_understood(run_client: Run, environment: str, version: str) -> None:
    found = run_client(environment, "mistralai.mjs")
    assert found["version"].startswith(version)
    assert found["strange"] == []
    assert found["effects"] == {
        "pages": [1],
        "kinds": sorted(BlockKind) if version == "2." else [],
        "imageLimit": 1,
        "markdown": "# Tea in the garden",
        "model": "mistral-ocr-latest",
        "picture": "data:image/jpeg;base64,",
        "usage": 2,
        "receipt": 1,
        "languages": True,
    }
    assert found["models"]["types"] == ["base"]
    assert found["models"]["retrieved"] == "mistral-ocr-latest"
    assert "octavo-1" in found["models"]["listed"]


@pytest.mark.parametrize(("environment", "version"), GENERATIONS)
def test_errors_are_the_clients_own(run_client: Run, environment: str, version: str) -> None:
    assert version
    assert run_client(environment, "mistralai.mjs")["errors"] == {
        "unknown model": ["SDKError", 400],
        "empty address": ["HTTPValidationError", 422],
        "unknown file": ["HTTPValidationError", 422],
        "Overloaded": ["SDKError", 429],
        "no key": ["SDKError", 401],
    }
