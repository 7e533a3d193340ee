from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.services.turns import Turns

pytestmark = pytest.mark.anyio


async def order_of(asked: Iterable[tuple[str, str]], slots: int = 1) -> list[tuple[str, str]]:
    """Who gets a turn after whom, when all ask while every turn is taken."""
    turns, served = Turns(slots), []
    for number in range(slots):
        await turns.take("first", number)

    async def ask(owner: str, request: str) -> None:
        await turns.take(owner, request)
        served.append((owner, request))
        turns.give_back()

    waiting = [asyncio.create_task(ask(*who)) for who in asked]
    await asyncio.sleep(0)
    assert sum(turns.waiting) == len(waiting)
    for _ in range(slots):
        turns.give_back()
    await asyncio.gather(*waiting)
    assert not any(turns.waiting)
    return served


async def test_owners_come_in_turn_however_much_one_asks_for() -> None:
    served = await order_of([*[("alice", "long")] * 400, ("bob", "short")])
    assert served.index(("bob", "short")) == 1


async def test_requests_of_one_owner_come_in_turn() -> None:
    asked = [*[("alice", "one")] * 3, *[("alice", "two")] * 2]
    assert [request for _, request in await order_of(asked)] == ["one", "two", "one", "two", "one"]


async def test_an_owner_of_many_requests_gets_no_more_turns_than_one_of_few() -> None:
    asked = [*[("alice", f"request {number}") for number in range(10)], *[("bob", "only")] * 5]
    served = [owner for owner, _ in await order_of(asked)]
    assert served[:10].count("bob") == 5


async def test_those_behind_wait_for_all_others() -> None:
    turns, served = Turns(1), []
    await turns.take("first", 0)

    async def ask(owner: str, *, behind: bool) -> None:
        await turns.take(owner, owner, behind=behind)
        served.append(owner)
        turns.give_back()

    asked = [("batch", True), ("batch", True), ("alice", False), ("bob", False)]
    waiting = [asyncio.create_task(ask(owner, behind=behind)) for owner, behind in asked]
    await asyncio.sleep(0)
    turns.give_back()
    await asyncio.gather(*waiting)
    assert served == ["alice", "bob", "batch", "batch"]


async def test_nobody_behind_gets_between_two_turns_of_one_request() -> None:
    turns, served = Turns(1), []
    await turns.take("alice", "request")

    async def ask() -> None:
        await turns.take("batch", "job", behind=True)
        served.append("batch")

    behind = asyncio.create_task(ask())
    await asyncio.sleep(0)
    turns.give_back(keep_for="request")
    await asyncio.sleep(0)
    await asyncio.wait_for(turns.take("alice", "request"), 10)
    assert served == []
    turns.give_back(keep_for="request")
    turns.forgo("request")
    turns.forgo("request")
    await asyncio.wait_for(behind, 10)
    assert served == ["batch"]
    assert not any(turns.waiting)


async def test_a_turn_is_not_kept_while_others_wait_who_are_not_behind() -> None:
    turns = Turns(1)
    await turns.take("alice", "request")
    other = asyncio.create_task(turns.take("bob", "another"))
    await asyncio.sleep(0)
    turns.give_back(keep_for="request")
    await asyncio.wait_for(other, 10)


async def test_those_behind_who_leave_are_not_waited_for() -> None:
    turns = Turns(1)
    await turns.take("first", 0)
    leaving = asyncio.create_task(turns.take("batch", 1, behind=True))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    assert not any(turns.waiting)
    turns.give_back()
    await asyncio.wait_for(turns.take("alice", 2), 10)


async def test_a_free_turn_is_had_at_once() -> None:
    turns = Turns(2)
    await turns.take("alice", 1)
    await turns.take("alice", 1)
    late = asyncio.create_task(turns.take("alice", 1))
    await asyncio.sleep(0)
    assert not late.done()
    turns.give_back()
    await late


async def test_who_leaves_the_line_holds_nobody_up() -> None:
    turns = Turns(1)
    await turns.take("alice", 1)
    leaving, staying = (asyncio.create_task(turns.take(owner, 1)) for owner in ("bob", "carol"))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    assert turns.waiting == (1, 0)
    turns.give_back()
    await staying


async def test_a_turn_given_to_someone_who_leaves_goes_to_the_next() -> None:
    turns = Turns(1)
    await turns.take("alice", 1)
    leaving, staying = (asyncio.create_task(turns.take(owner, 1)) for owner in ("bob", "carol"))
    await asyncio.sleep(0)
    turns.give_back()
    leaving.cancel()
    await staying
    with pytest.raises(asyncio.CancelledError):
        await leaving


@given(
    asked=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=30),
    slots=st.integers(1, 4),
    leaving=st.sets(st.integers(0, 29)),
)
def test_never_more_turns_than_slots_and_everybody_who_stays_gets_one(
    asked: list[tuple[str, str]], slots: int, leaving: set[int]
) -> None:
    async def main() -> None:
        turns, running, served, ticks = Turns(slots), 0, set(), count()

        async def ask(number: int) -> None:
            nonlocal running
            await turns.take(*asked[number])
            running += 1
            assert running <= slots
            try:
                await asyncio.sleep(0)
                served.add(number)
            finally:
                running -= 1
                turns.give_back()

        tasks = [asyncio.create_task(ask(number)) for number in range(len(asked))]
        for number in sorted(leaving):
            if number < len(tasks) and next(ticks) % 2:
                await asyncio.sleep(0)
            if number < len(tasks):
                tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert served >= set(range(len(asked))) - leaving
        await asyncio.gather(*(turns.take("d", 0) for _ in range(slots)))  # every turn is free again

    asyncio.run(asyncio.wait_for(main(), 60))
