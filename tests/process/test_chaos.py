"""Kills at random moments of batch jobs; `scripts/chaos` is the long form."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from chaos import difference, unleash

SEED = int(os.environ.get("CHAOS_SEED", "1"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_kills_at_random_moments_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kills = unleash(tmp_path, kills=3, size=60, seed=SEED, tell=print)
    assert len(kills) == 3
    assert "SUCCESS, 60 lines once each" in capsys.readouterr().out


def test_answers_differ_where_anything_but_a_confidence_does() -> None:
    one = {"pages": [{"markdown": "a", "confidence": 0.9912, "blocks": [{"left": 1.0}]}]}
    assert difference(one, {"pages": [{"markdown": "a", "confidence": 0.9908, "blocks": [{"left": 1.0}]}]}) is None
    assert difference(one, {"pages": [{"markdown": "a", "confidence": 0.98, "blocks": [{"left": 1.0}]}]}) is not None
    assert difference(one, {"pages": [{"markdown": "b", "confidence": 0.9912, "blocks": [{"left": 1.0}]}]}) is not None
    assert difference(one, {"pages": [{"markdown": "a", "confidence": 0.9912, "blocks": [{"left": 1.0001}]}]})
    assert difference(one, {"pages": []}) is not None
