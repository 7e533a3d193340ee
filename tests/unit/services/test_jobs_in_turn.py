"""Jobs of one owner beside each other: they take turns, are finished at the same time, and lose no results for good."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from test_batch_work import Script, house, line

from octavo.database.ledger import SqlLedger
from octavo.domain.batch import BatchStatus, Lease, Span
from octavo.services import dispatcher, finisher, loops, outcomes
from octavo.services.job_turns import JobTurns
from octavo.services.stock import Stock

pytestmark = pytest.mark.anyio
TWO, BOTH = [("alice", "1"), ("alice", "2")], [("alice", "1"), ("bob", "2"), ("alice", "3")]
WITHOUT_SECOND = [("1", 1), ("1", 2), ("1", 3), ("3", 1), ("3", 2)]
LINE = Span(blob="blob", offset=0, length=1)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "GATHER", 0.01)
    monkeypatch.setattr(finisher, "PAUSE", 0.05)


def test_jobs_of_an_owner_take_turns() -> None:
    turns, seen = JobTurns(), []
    for _ in range(4):
        seen.append(turns.next_of(TWO)["alice"][0])
        turns.served(seen[-1])
    assert seen == ["1", "2", "1", "2"]


def test_each_owner_has_jobs_that_are_next() -> None:
    turns = JobTurns()
    assert turns.next_of(BOTH) == {"alice": ["1", "3"], "bob": ["2"]}
    turns.served("1")
    assert turns.next_of(BOTH) == {"alice": ["3", "1"], "bob": ["2"]}


def test_a_new_job_comes_after_those_that_wait() -> None:
    turns = JobTurns()
    turns.next_of(TWO)
    turns.served("1")
    assert turns.next_of([*TWO, ("alice", "3")]) == {"alice": ["2", "1", "3"]}


def test_a_job_that_waits_for_nothing_loses_its_place() -> None:
    turns = JobTurns()
    turns.next_of(TWO)
    turns.next_of(TWO[1:])
    turns.served("1")
    assert turns.next_of(TWO) == {"alice": ["2", "1"]}


def leases(owner: str, job: str, *numbers: int) -> list[Lease]:
    return [
        Lease(job_id=job, owner=owner, number=number, line=LINE, endpoint="/v1/ocr", model=None, attempt=1)
        for number in numbers
    ]


def stocked() -> Stock:
    stock = Stock()
    for owner, job, *numbers in (("alice", "1", 1, 2, 3), ("alice", "2", 1, 2), ("bob", "3", 1, 2)):
        stock.put(leases(str(owner), str(job), *map(int, numbers)))
    return stock


def taken(stock: Stock) -> list[tuple[str, int]]:
    return [(lease.job_id, lease.number) for lease in (stock.take() for _ in range(len(stock)))]


def test_lines_are_begun_in_turn_between_owners_and_between_jobs() -> None:
    assert taken(stocked()) == [("1", 1), ("3", 1), ("2", 1), ("3", 2), ("1", 2), ("2", 2), ("1", 3)]


def test_a_stock_tells_of_which_jobs_it_has_lines() -> None:
    stock = stocked()
    assert [set(stock.jobs_of(owner)) for owner in ("alice", "bob", "carol")] == [{"1", "2"}, {"3"}, set()]
    assert (len(stock), len(Stock())) == (7, 0)
    with pytest.raises(KeyError):
        Stock().take()


def test_what_is_dropped_is_told_and_the_rest_stays_in_order() -> None:
    stock = stocked()
    assert [(lease.job_id, lease.number) for lease in stock.drop({"1", "3"})] == WITHOUT_SECOND
    assert taken(stock) == [("2", 1), ("2", 2)]
    whole = stocked()
    assert len(whole.drop()) == 7
    assert len(whole) == 0


async def test_a_small_job_need_not_wait_for_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "REFILL", 0.0)
    made, large_id = asyncio.Event(), []

    async def held(number: int) -> None:
        await (made if number <= 60 else script.gate).wait()

    def says(_: str, lease: Lease) -> object:
        return held(lease.number) if lease.job_id in large_id and lease.number > 20 else None

    script = Script(says=says)
    async with house(tmp_path, script) as here:
        large = await here.job(*map(line, range(200)))
        large_id.append(large.id)
        small = await here.job(line(1000))
        async with asyncio.timeout(60):
            while here.work.ledger.unplanned(9):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        made.set()
        assert (await here.until(small, BatchStatus.SUCCESS)).succeeded == 1
        assert (await here.batches.get("alice", large.id)).status is BatchStatus.RUNNING
        script.gate.set()
        await here.until(large, BatchStatus.SUCCESS)


async def test_a_job_that_takes_long_to_finish_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, gate, slow = SqlLedger.finish, threading.Event(), []

    def slowly(ledger: SqlLedger, job_id: str, *args: object) -> bool:
        if not slow:
            slow.append(job_id)
            gate.wait()
        return finish(ledger, job_id, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(SqlLedger, "finish", slowly)
    async with house(tmp_path, Script()) as here:
        try:
            first = await here.job(line(0))
            async with asyncio.timeout(60):
                while not slow:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            await here.until(await here.job(line(1)), BatchStatus.SUCCESS)
            assert (await here.batches.get("alice", first.id)).status is BatchStatus.RUNNING
        finally:
            gate.set()
        await here.until(first, BatchStatus.SUCCESS)


async def test_lines_whose_results_are_lost_are_done_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    script = Script()
    script.says = lambda text, _: script.gate.wait() if text == line(1) else None
    async with house(tmp_path, script) as here:
        job = await here.job(line(0), line(1))
        await here.when(job, lambda now: now.succeeded == 1)
        (result,) = set(here.blobs.names()) - {job.inputs[0].blob.name}
        here.blobs.delete(result)
        script.gate.set()
        over = await here.until(job, BatchStatus.SUCCESS)
        assert await here.text("alice", over.output_file) == [line(0), line(1)]
        assert sorted(script.asked) == [line(0), line(0), line(1)]
        assert (over.succeeded, over.failed) == (2, 0)
        assert f"the results of 1 lines of the job {job.id} got lost, and they are done again" in caplog.text
