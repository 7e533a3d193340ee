from hypothesis import given
from hypothesis import strategies as st

from octavo.executors.share import Allowance, divide


def test_a_lone_call_may_use_all_cpus() -> None:
    assert divide(4, 1) == (4,)


def test_calls_share_evenly_and_the_oldest_get_what_is_left() -> None:
    assert divide(4, 2) == (2, 2)
    assert divide(4, 3) == (2, 1, 1)
    assert divide(4, 4) == (1, 1, 1, 1)


def test_nobody_is_left_without() -> None:
    assert divide(0, 2) == (1, 1)
    assert divide(-1, 1) == (1,)
    assert divide(4, 0) == ()


@given(st.integers(1, 256), st.integers(1, 256))
def test_never_more_threads_than_cpus(cpus: int, busy: int) -> None:
    shares = divide(cpus, busy)
    assert len(shares) == busy
    assert min(shares) >= 1
    assert sum(shares) == max(cpus, busy)
    assert max(shares) - min(shares) <= 1


def test_an_allowance_changes_when_granted_and_never_falls_below_one() -> None:
    allowance = Allowance()
    assert allowance.threads() == 1
    allowance.grant(3)
    assert allowance.threads() == 3
    allowance.grant(0)
    assert allowance.threads() == 1
