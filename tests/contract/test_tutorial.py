"""OpenGateLLM's tutorial, with the client of Mistral and with plain `requests`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

INPUTS = {"pdf by url", "pdf inside", "jpeg by url", "webp by url", "jpeg inside", "webp inside"}


@pytest.mark.parametrize(
    ("environment", "script"),
    [
        ("mistralai-1", "tutorial_mistralai.py"),
        ("mistralai-2", "tutorial_mistralai.py"),
        ("mistralai-3", "tutorial_mistralai.py"),
        ("mistralai-3", "tutorial_requests.py"),
    ],
)
def test_the_tutorial_runs(run_client: Callable[..., Any], environment: str, script: str) -> None:
    found = run_client(environment, script)
    assert found["model"] == "octavo-1"
    assert set(found["read"]) == INPUTS
    for name, read in found["read"].items():
        assert read["model"] == "octavo-1"
        start = "# Tea in the garden\n\nLine 1 says that tea is served" if name.startswith("pdf") else "Grand Cafe"
        assert read["markdown"].startswith((start, f"# {start}")), name
        assert read["boxes"], name
    assert found["read"]["pdf by url"] == found["read"]["pdf inside"]


def test_the_picture_of_the_pdf_is_where_it_was_drawn(run_client: Callable[..., Any]) -> None:
    (box,) = run_client("mistralai-3", "tutorial_requests.py")["read"]["pdf inside"]["boxes"]
    per_point = 200 / 72
    drawn = [100 * per_point, (792 - 350) * per_point, 400 * per_point, (792 - 150) * per_point]
    assert box == pytest.approx(drawn, abs=12)
