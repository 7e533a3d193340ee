"""Questions that block hold up nobody."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator

import pytest

from octavo.services.probes import Probe

pytestmark = pytest.mark.anyio


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Opened at the end, so that no thread stays."""
    found = threading.Event()
    yield found
    found.set()


async def test_an_answer_counts_for_a_while() -> None:
    asked = iter(range(10))
    lasting, passing = (
        Probe(lambda: next(asked), fresh=1000, patience=60),
        Probe(lambda: next(asked), fresh=0, patience=60),
    )
    assert [await lasting.answer() for _ in range(3)] == [0, 0, 0]
    assert [await passing.answer() for _ in range(3)] == [1, 2, 3]


async def test_what_hangs_is_not_waited_for_and_not_asked_again(gate: threading.Event) -> None:
    asked = []

    def hang() -> str:
        asked.append(threading.current_thread())
        gate.wait()
        return "at last"

    probe = Probe(hang, fresh=0, patience=0.01)
    assert [await probe.answer() for _ in range(3)] == [None, None, None]
    assert len(asked) == 1
    assert asked[0].daemon
    gate.set()
    asked[0].join()
    assert await Probe(hang, fresh=0, patience=60).answer() == "at last"


async def test_a_late_answer_counts_too(gate: threading.Event) -> None:
    asked = []

    def hang() -> str:
        asked.append(threading.current_thread())
        gate.wait()
        return "late"

    probe = Probe(hang, fresh=1000, patience=0.01)
    assert await probe.answer() is None
    gate.set()
    asked[0].join()
    assert await probe.answer() in (None, "late")  # the loop has still to be told
    await asyncio.sleep(0)
    assert await probe.answer() == "late"
    assert len(asked) == 1


async def test_what_fails_is_told_and_asked_again() -> None:
    answers: Iterator[object] = iter([OSError("gone"), "back"])

    def ask() -> object:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    probe = Probe(ask, fresh=0, patience=60)
    with pytest.raises(OSError, match="gone"):
        await probe.answer()
    assert await probe.answer() == "back"


async def test_what_fails_late_and_is_never_asked_again_complains_nowhere(gate: threading.Event) -> None:
    asked, told = [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def fail() -> None:
        asked.append(threading.current_thread())
        gate.wait()
        raise OSError("gone")

    probe = Probe(fail, fresh=1000, patience=0.01)
    assert await probe.answer() is None
    gate.set()
    asked[0].join()
    await asyncio.sleep(0)
    del probe
    gc.collect()
    assert told == []
