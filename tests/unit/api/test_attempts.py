"""Wrong keys cost time."""

from __future__ import annotations

import pytest

from octavo.api.attempts import FORGOTTEN, FREE, MOST, Attempts


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def fail(attempts: Attempts, times: int, address: str = "192.0.2.1") -> None:
    for _ in range(times):
        attempts.note(address)


def test_a_few_are_free(attempts: Attempts) -> None:
    assert attempts.pause("192.0.2.1") == 0
    fail(attempts, FREE - 1)
    assert attempts.pause("192.0.2.1") == 0


def test_then_each_one_costs_more_up_to_a_minute(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, FREE - 1)
    pauses = []
    for _ in range(6):
        fail(attempts, 1)
        pauses.append(attempts.pause("192.0.2.1"))
        clock.now += pauses[-1]
        assert attempts.pause("192.0.2.1") == 0
    assert pauses == [10, 20, 40, 60, 60, 60]


def test_the_pause_is_never_told_too_short(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, FREE)
    clock.now += 9.1
    assert attempts.pause("192.0.2.1") == 1


def test_others_are_not_concerned(attempts: Attempts) -> None:
    fail(attempts, 50)
    assert attempts.pause("192.0.2.2") == 0


def test_a_network_of_ipv6_is_one(attempts: Attempts) -> None:
    for number in range(FREE):
        attempts.note(f"2001:db8::{number:x}")
    assert attempts.pause("2001:db8::ffff:1:2:3") == 10
    assert attempts.pause("2001:db8:0:1::1") == 0


def test_after_a_while_all_is_forgotten(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, 50)
    clock.now += FORGOTTEN
    fail(attempts, FREE - 1)
    assert attempts.pause("192.0.2.1") == 0


def test_a_crowd_takes_bounded_room(attempts: Attempts) -> None:
    for number in range(MOST + 500):
        attempts.note(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        attempts.note("x" * 1000 + str(number))
    assert len(attempts._wrong) == MOST
    assert max(map(len, attempts._wrong)) <= 64
