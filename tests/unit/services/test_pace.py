"""How many pages were read when."""

from __future__ import annotations

import pytest

from octavo.services.pace import STEP, STEPS, Pace


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_was_read_yet(clock: Clock) -> None:
    pace = Pace(clock)
    assert (pace.per_second, pace.history) == (0.0, (0,) * 120)


def test_pages_are_counted_in_the_step_in_which_they_were_read(clock: Clock) -> None:
    pace = Pace(clock)
    for now, pages in ((10_000.0, 2), (10_004.9, 1), (10_005.0, 4), (10_021.5, 1)):
        clock.now = now
        for _ in range(pages):
            pace.add()
    assert pace.history[-5:] == (3, 4, 0, 0, 1)
    assert sum(pace.history) == 8
    clock.now += STEP
    assert pace.history[-6:] == (3, 4, 0, 0, 1, 0)


def test_what_is_older_than_ten_minutes_is_forgotten(clock: Clock) -> None:
    pace = Pace(clock)
    pace.add()
    clock.now += STEP * (STEPS - 1)
    assert pace.history[0] == 1
    clock.now += STEP
    assert pace.history == (0,) * STEPS


def test_a_long_day_takes_no_more_room_than_ten_minutes(clock: Clock) -> None:
    pace = Pace(clock)
    for _ in range(5000):
        clock.now += 1
        for _ in range(3):
            pace.add()
    assert len(pace._counts) <= STEP * (STEPS + 1)
    assert pace.history[:-1] == (3 * STEP,) * (STEPS - 1)


def test_the_pace_is_that_of_the_last_ten_seconds(clock: Clock) -> None:
    pace = Pace(clock)
    clock.now = 10_000.5
    for _ in range(21):
        pace.add()
    assert pace.per_second == 2.0
    clock.now = 10_010.0
    assert pace.per_second == pytest.approx(2.1)
    clock.now = 10_011.0
    assert pace.per_second == 0.0
