from __future__ import annotations

import time

import pytest

from octavo.services.clock import SteadyClock


def test_it_tells_the_time() -> None:
    before = time.time()
    now = SteadyClock()()
    assert before - 1 <= now <= time.time() + 1


@pytest.mark.parametrize("jump", [86_400, -86_400])
def test_it_does_not_jump_with_the_clock(monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    clock = SteadyClock()
    before, real = clock(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert before <= clock() <= before + 60


def test_it_goes_on() -> None:
    clock = SteadyClock()
    first = clock()
    time.sleep(0.01)
    assert clock() >= first + 0.009
