"""Lines whose results got lost: they wait again, and count as if nobody had done them; on both databases."""

from __future__ import annotations

import pytest

from octavo.domain.batch import BatchStatus
from ports.databases import Home, home, postgres
from ports.ledger_things import NOBODY, do, planned, unused

__all__ = ["home", "postgres"]


def test_lines_whose_results_got_lost_wait_again(home: Home) -> None:
    ledger = home.ledger()
    job = planned(home, ledger, 5)
    leases = ledger.lease("holder", job.id, 5)
    kept = do(home, ledger, leases[:2], pages=3)
    lost = do(home, ledger, leases[2:4], pages=5)
    do(home, ledger, leases[4:], error="broke")
    before = ledger.get("alice", job.id)
    assert ledger.redo(job.id, lost) == 2
    assert ledger.redo(job.id, lost) == 0
    assert unused(home.files()) == {lost}
    assert ledger.ended(9) == ()
    now = ledger.get("alice", job.id)
    assert (now.succeeded, now.failed, now.pages, now.errors) == (2, 1, 6, before.errors)
    assert [span.blob for _, span in ledger.results(job.id, failed=False, after=0, limit=9)] == [kept, kept]
    assert ledger.queues() == (("alice", job.id),)
    again = ledger.lease("another", job.id, 9)
    assert [(lease.number, lease.line, lease.attempt) for lease in again] == [
        (lease.number, lease.line, 2) for lease in leases[2:4]
    ]
    do(home, ledger, again, "another", pages=5)
    assert ledger.get("alice", job.id) == before
    assert [found.id for found in ledger.ended(9)] == [job.id]


def test_errors_that_got_lost_are_counted_no_more(home: Home) -> None:
    ledger = home.ledger()
    job = planned(home, ledger, 4)
    leases = ledger.lease("holder", job.id, 4)
    do(home, ledger, leases[:1], error="broke")
    lost = do(home, ledger, leases[1:2], error="broke")
    alone = do(home, ledger, leases[2:], error="torn")
    assert dict(ledger.get("alice", job.id).errors) == {"broke": 2, "torn": 2}
    assert (ledger.redo(job.id, lost), ledger.redo(job.id, alone)) == (1, 2)
    now = ledger.get("alice", job.id)
    assert (now.failed, dict(now.errors)) == (1, {"broke": 1})


def test_results_of_another_job_in_the_same_blob_stay(home: Home) -> None:
    ledger = home.ledger()
    one, other = planned(home, ledger, 1), planned(home, ledger, 1)
    lost = do(home, ledger, [*ledger.lease("holder", one.id, 1), *ledger.lease("holder", other.id, 1)])
    assert ledger.redo(one.id, lost) == 1
    assert unused(home.files()) == set()
    assert ledger.get("alice", other.id).succeeded == 1
    assert ledger.redo(other.id, lost) == 1
    assert unused(home.files()) == {lost}


@pytest.mark.parametrize("status", [BatchStatus.SUCCESS, BatchStatus.CANCELLED])
def test_nothing_of_a_job_that_is_over_is_done_again(home: Home, status: BatchStatus) -> None:
    ledger = home.ledger()
    job = planned(home, ledger, 2)
    leases = ledger.lease("holder", job.id, 2)
    blob = do(home, ledger, leases)
    if status is BatchStatus.CANCELLED:
        ledger.cancel("alice", job.id)
    assert ledger.finish(job.id, status, [])
    over = ledger.get("alice", job.id)
    assert ledger.redo(job.id, blob) == 0
    assert ledger.redo(NOBODY, blob) == 0
    assert ledger.get("alice", job.id) == over
