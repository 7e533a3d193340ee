from __future__ import annotations

import os

import pytest
from worker_scenes import STRANGERS, children_of


@pytest.fixture(scope="module", autouse=True)
def strangers() -> None:
    """Servers that other tests left running are no workers of ours."""
    STRANGERS.update(children_of(os.getpid()))
