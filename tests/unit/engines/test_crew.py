from __future__ import annotations

import threading

import pytest

from octavo.engines.crew import Crew
from octavo.executors.share import Allowance


def test_work_begins_at_once_where_a_thread_is_free():
    begun = threading.Event()
    crew = Crew(Allowance(2))
    asked = crew.begin(begun.set)
    assert begun.wait(10)
    asked()
    crew.close()


def test_work_waits_until_it_is_asked_for_where_none_is_and_is_done_once():
    done = []
    asked = Crew(Allowance(1)).begin(lambda: done.append(threading.get_ident()))
    assert not done
    asked()
    asked()
    assert done == [threading.get_ident()]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_reaches_whoever_asks(threads):
    crew = Crew(Allowance(threads))
    asked = crew.begin(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        asked()
    crew.close()
