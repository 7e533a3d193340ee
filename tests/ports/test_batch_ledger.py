"""What every `BatchLedger` promises, on each database."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select, update

from octavo.database.schema import METADATA, job_inputs, jobs, leftovers, tasks
from octavo.domain.batch import BatchInput, BatchJob, BatchStatus, JobFilter, Plan, Span
from octavo.domain.errors import FileNotFound, IllegalMove, JobNotFound, KeyReused, StorageFailed
from octavo.domain.file import FileFilter, FileSource, Listing, Repeatable, SampleType
from ports.databases import Home, home, postgres
from ports.ledger_things import NOBODY, do, make_blob, make_file, make_job, outcome, plan_of, planned, spans, unused

__all__ = ["home", "postgres"]
HOUR, DAY = 3600, 24 * 3600
ALL = JobFilter()
SUCCESS, FAILED, LATE = BatchStatus.SUCCESS, BatchStatus.FAILED, BatchStatus.TIMEOUT_EXCEEDED
QUEUED, RUNNING = BatchStatus.QUEUED, BatchStatus.RUNNING
CANCELLED, STOPPING = BatchStatus.CANCELLED, BatchStatus.CANCELLATION_REQUESTED


def run_out(home: Home) -> None:
    """Let the leases of everybody run out, as on PostgreSQL time does."""
    with home.opened[0].writing() as connection:
        connection.execute(update(tasks).where(tasks.c.until.is_not(None)).values(until=tasks.c.until - 61))


def ended(home: Home, status: BatchStatus = SUCCESS, lines: int = 2, failed: int = 0, **changes: object) -> BatchJob:
    """A job that is over."""
    ledger = home.ledger()
    job = planned(home, ledger, lines, **changes)
    leases = ledger.lease("holder", job.id, lines)
    do(home, ledger, leases[failed:])
    do(home, ledger, leases[:failed], error="broke")
    assert ledger.finish(job.id, status, [])
    return ledger.get(job.owner, job.id)


class TestJobs:
    def test_a_job_comes_back_as_it_was(self, home: Home) -> None:
        ledger = home.ledger()
        inputs = tuple(
            BatchInput(blob=make_blob(home), lines=lines, file_id=file_id)
            for lines, file_id in ((2**40, NOBODY), (1, None))
        )
        job = make_job(
            home,
            inputs=inputs,
            model="octavo-1",
            agent_id="agent\x00",
            metadata={"key": "value", "\ud800": "x" * 100_000, "": ""},
            timeout_hours=7,
            total=2**40 + 1,
        )
        assert ledger.create(job) == job == ledger.get("alice", job.id)
        assert ledger.list("alice", ALL, Listing()) == (job,)

    def test_another_owners_job_is_as_one_that_is_not(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        for ask in (ledger.get, ledger.cancel, ledger.delete):
            with pytest.raises(JobNotFound) as unknown:
                ask("alice", NOBODY)
            with pytest.raises(JobNotFound) as others:
                ask("bob", job.id)
            assert str(others.value) == str(unknown.value).replace(NOBODY, job.id)
        assert ledger.list("bob", ALL, Listing()) == ()
        assert ledger.count("bob", ALL) == 0
        assert ledger.get("alice", job.id) == job

    def test_jobs_are_known_whoever_owns_them(self, home: Home) -> None:
        ledger = home.ledger()
        made = {ledger.create(make_job(home, owner=owner)).id for owner in ("alice", "bob")}
        assert ledger.known([*made, NOBODY, "no-uuid"]) == made
        assert ledger.known([]) == frozenset()

    @pytest.mark.parametrize("odd", ["", "no-uuid", "\x00", "\ud800", "x" * 100_000, "'; DROP TABLE jobs; --"])
    def test_an_id_that_is_none_is_not_found(self, home: Home, odd: str) -> None:
        ledger = home.ledger()
        for ask in (ledger.get, ledger.cancel, ledger.delete):
            with pytest.raises(JobNotFound):
                ask("alice", odd)
        assert ledger.lease("holder", odd, 1) == ()
        assert ledger.results(odd, failed=False, after=0, limit=1) == ()
        assert not ledger.finish(odd, SUCCESS, [])
        assert not ledger.plan(Plan(job_id=odd, place=0, blob=make_blob(home), offset=0, number=1), [], rest=None)

    def test_jobs_are_listed_as_asked_in_pages(self, home: Home) -> None:
        ledger = home.ledger()
        made = [ledger.create(make_job(home, created_at=1000)) for _ in range(3)]
        older = ledger.create(make_job(home, created_at=999))
        oldest_first = (older, *made)
        assert ledger.list("alice", ALL, Listing()) == tuple(reversed(oldest_first))
        assert ledger.list("alice", JobFilter(oldest_first=True), Listing()) == oldest_first
        assert ledger.list("alice", JobFilter(oldest_first=True), Listing(page=1, size=3)) == oldest_first[3:]
        assert ledger.list("alice", ALL, Listing(page=10**30)) == ()
        assert ledger.count("alice", ALL) == 4

    def test_jobs_are_chosen_by_what_they_are(self, home: Home) -> None:
        ledger = home.ledger()
        first = ledger.create(make_job(home, model="a", agent_id="x", metadata={"k": "1", "l": "2"}, created_at=1000))
        second = ledger.create(make_job(home, model="b", metadata={"k": "1", "l": "3"}, created_at=2000))
        ledger.cancel("alice", second.id)
        for chosen, found in (
            (JobFilter(model="a"), {first.id}),
            (JobFilter(agent_id="x"), {first.id}),
            (JobFilter(statuses=(QUEUED,)), {first.id}),
            (JobFilter(statuses=(QUEUED, CANCELLED)), {first.id, second.id}),
            (JobFilter(created_after=999.5), {first.id, second.id}),
            (JobFilter(created_after=1000), {second.id}),
            (JobFilter(created_after=1e300), set()),
            (JobFilter(created_after=float("nan")), set()),
            (JobFilter(metadata={"k": "1"}), {first.id, second.id}),
            (JobFilter(metadata={"k": "1", "l": "3"}), {second.id}),
            (JobFilter(metadata={"k": "1", "l": "4"}), set()),
            (JobFilter(metadata={"k": "1", "m": "1"}), set()),
            (JobFilter(metadata={"k1": ""}), set()),
            (JobFilter(model="a", metadata={"l": "3"}), set()),
        ):
            assert {job.id for job in ledger.list("alice", chosen, Listing())} == found, chosen
            assert ledger.count("alice", chosen) == len(found)

    def test_the_same_request_makes_one_job(self, home: Home) -> None:
        ledger = home.ledger()
        again = Repeatable(key="key", body="body")
        home.files().add(make_file(home), again)
        job = ledger.create(make_job(home, metadata={"k": "v"}), again)
        assert ledger.create(make_job(home), again) == job
        assert ledger.count("alice", ALL) == 1
        with pytest.raises(KeyReused):
            ledger.create(make_job(home), replace(again, body="other"))
        assert ledger.create(make_job(home, owner="bob"), again).owner == "bob"
        home.clock.now += DAY
        assert ledger.create(make_job(home), again) != job

    def test_a_call_that_is_tried_again_makes_one_job(self, home: Home) -> None:
        job = make_job(home)
        assert home.ledger().create(job) == home.ledger().create(job) == job
        home.ledger().cancel("alice", job.id)
        home.ledger().delete("alice", job.id)
        assert unused(home.files()) == {job.inputs[0].blob.name}

    def test_a_job_of_an_input_that_was_deleted_is_refused(self, home: Home) -> None:
        files, ledger = home.files(), home.ledger()
        file = files.add(make_file(home))
        files.delete("alice", file.id)
        with pytest.raises(FileNotFound):
            ledger.create(make_job(home, inputs=(BatchInput(blob=file.blob, lines=1, file_id=file.id),)))
        assert ledger.count("alice", ALL) == 0

    def test_inputs_are_in_use_as_long_as_the_job(self, home: Home) -> None:
        files, ledger = home.files(), home.ledger()
        file = files.add(make_file(home))
        entry = BatchInput(blob=file.blob, lines=1, file_id=file.id)
        job = ledger.create(make_job(home, inputs=(entry, entry)))
        files.delete("alice", file.id)
        ledger.cancel("alice", job.id)
        assert unused(files) == set()
        ledger.delete("alice", job.id)
        assert unused(files) == {file.blob.name}


class TestPlanning:
    def test_lines_are_found_step_by_step(self, home: Home) -> None:
        ledger = home.ledger()
        inputs = tuple(BatchInput(blob=make_blob(home), lines=2) for _ in range(2))
        job = ledger.create(make_job(home, inputs=inputs, total=4))
        first = Plan(job_id=job.id, place=0, blob=inputs[0].blob, offset=0, number=1)
        second = Plan(job_id=job.id, place=1, blob=inputs[1].blob, offset=7, number=3)
        assert ledger.unplanned(5) == (first,)
        assert ledger.plan(first, spans(first, [1, 2]), rest=second)
        assert ledger.unplanned(5) == (second,)
        assert not ledger.plan(first, spans(first, [1, 2]), rest=second)
        assert [lease.number for lease in ledger.lease("holder", job.id, 9)] == [1, 2]
        assert ledger.plan(second, spans(second, [3, 4]), rest=None)
        assert ledger.unplanned(5) == ()
        (third, fourth) = ledger.lease("holder", job.id, 9)
        assert (third.number, third.line) == spans(second, [3])[0]
        assert (fourth.number, fourth.line) == spans(second, [4])[0]

    def test_the_next_input_comes_after_the_end_of_one(self, home: Home) -> None:
        ledger = home.ledger()
        inputs = tuple(BatchInput(blob=make_blob(home), lines=2) for _ in range(2))
        job = ledger.create(make_job(home, inputs=inputs, total=4))
        assert ledger.plan(plan_of(ledger, job), spans(plan_of(ledger, job), [1, 2]), rest=None)
        second = Plan(job_id=job.id, place=1, blob=inputs[1].blob, offset=0, number=3)
        assert ledger.unplanned(5) == (second,)
        do(home, ledger, ledger.lease("holder", job.id, 9))
        assert ledger.ended(9) == ()
        assert ledger.plan(second, spans(second, [3, 4]), rest=None)
        assert ledger.unplanned(5) == ()
        assert [lease.number for lease in ledger.lease("holder", job.id, 9)] == [3, 4]

    def test_lines_are_entered_once(self, home: Home) -> None:
        ledger = home.ledger()
        job = ledger.create(make_job(home, 600))
        plan = plan_of(ledger, job)
        found = spans(plan, range(1, 601))
        with ThreadPoolExecutor(8) as threads:
            entered = list(threads.map(lambda _: ledger.plan(plan, found, rest=None), range(8)))
        assert Counter(entered) == {True: 1, False: 7}
        assert len(ledger.lease("holder", job.id, 10_000)) == 600

    def test_the_oldest_are_planned_first(self, home: Home) -> None:
        ledger = home.ledger()
        made = [ledger.create(make_job(home)) for _ in range(4)]
        assert [plan.job_id for plan in ledger.unplanned(3)] == [job.id for job in made[:3]]

    def test_a_job_that_shall_stop_is_planned_no_more(self, home: Home) -> None:
        ledger = home.ledger()
        queued, running = (ledger.create(make_job(home)) for _ in range(2))
        plan = plan_of(ledger, running)
        rest = replace(plan, offset=100, number=2)
        assert ledger.plan(plan, spans(plan, [1]), rest=rest)
        ledger.lease("holder", running.id, 1)
        for job in (queued, running):
            left = plan_of(ledger, job)
            ledger.cancel("alice", job.id)
            assert not ledger.plan(left, spans(left, [left.number]), rest=None)
        late = ledger.create(make_job(home, timeout_hours=1))
        assert [plan.job_id for plan in ledger.unplanned(9)] == [late.id]
        home.clock.now += HOUR
        assert ledger.unplanned(9) == ()


class TestQueues:
    def test_jobs_with_lines_waiting_are_told_oldest_first(self, home: Home) -> None:
        ledger = home.ledger()
        ledger.create(make_job(home))
        first = planned(home, ledger, owner="bob")
        second = planned(home, ledger)
        third = planned(home, ledger, owner="bob")
        ledger.cancel("bob", third.id)
        assert ledger.queues() == (("bob", first.id), ("alice", second.id))
        leases = ledger.lease("holder", first.id, 9)
        assert ledger.queues() == (("alice", second.id),)
        ledger.release("holder", leases[:1])
        assert ledger.queues() == (("bob", first.id), ("alice", second.id))
        ledger.cancel("bob", first.id)
        assert ledger.queues() == (("alice", second.id),)

    def test_one_who_has_many_jobs_hides_nobodys(self, home: Home) -> None:
        ledger = home.ledger()
        for _ in range(105):
            planned(home, ledger, 1)
        last = planned(home, ledger, 1, owner="bob")
        found = ledger.queues()
        assert len(found) <= 100
        assert ("bob", last.id) in found

    def test_a_job_whose_time_is_up_is_told_no_more(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, timeout_hours=1)
        home.clock.now += HOUR - 1
        assert ledger.queues() == (("alice", job.id),)
        home.clock.now += 1
        assert ledger.queues() == ()
        assert ledger.lease("holder", job.id, 1) == ()


class TestLeases:
    def test_a_lease_says_what_is_to_be_done(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 3, model="octavo-1")
        (lease,) = ledger.lease("holder", job.id, 1)
        assert (lease.job_id, lease.owner, lease.model, lease.endpoint) == (job.id, "alice", "octavo-1", "/v1/ocr")
        assert (lease.number, lease.attempt) == (1, 1)
        assert lease.line == Span(blob=job.inputs[0].blob.name, offset=100, length=90)
        assert [lease.number for lease in ledger.lease("holder", job.id, 5)] == [2, 3]
        assert ledger.lease("other", job.id, 5) == ()
        assert ledger.lease("other", job.id, 0) == ()

    def test_a_job_runs_from_its_first_lease_on(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        assert ledger.get("alice", job.id) == job
        home.clock.now += 5
        ledger.lease("holder", job.id, 1)
        running = replace(job, status=RUNNING, started_at=int(home.clock()))
        assert ledger.get("alice", job.id) == running
        home.clock.now += 5
        ledger.lease("holder", job.id, 1)
        assert ledger.get("alice", job.id) == running

    def test_a_line_is_in_one_hand_only(self, home: Home) -> None:
        ledger = home.ledger()
        made = [planned(home, ledger, 300) for _ in range(2)]
        other = home.ledger() if home.kind == "sqlite" else home.ledger(home.open())
        taken: list[tuple[str, int]] = []

        def work(number: int) -> None:
            mine = (ledger, other)[number % 2]
            while leases := [lease for job in made for lease in mine.lease(f"holder-{number}", job.id, 7)]:
                taken.extend((lease.job_id, lease.number) for lease in leases)
                do(home, mine, leases, f"holder-{number}")

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, range(4)))
        assert Counter(taken) == {(job.id, number): 1 for job in made for number in range(1, 301)}
        assert {ledger.get("alice", job.id).succeeded for job in made} == {300}

    def test_what_is_given_back_waits_again(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 3)
        ledger.release("other", leases)
        assert ledger.lease("other", job.id, 3) == ()
        ledger.release("holder", [*leases[:2], leases[0]])
        again = ledger.lease("other", job.id, 3)
        assert [(lease.number, lease.attempt) for lease in again] == [(1, 2), (2, 2)]
        ledger.release("holder", leases)
        assert [lease.number for lease in ledger.lease("third", job.id, 3)] == [3]

    def test_lines_of_one_who_is_gone_wait_again(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 1200)
        lost = ledger.lease("gone", job.id, 1100)
        kept = ledger.lease("holder", job.id, 10)
        run_out(home)
        ledger.extend("holder")
        assert ledger.reap("holder") == 1100
        assert ledger.reap("holder") == 0
        blob = make_blob(home).name
        assert ledger.record("gone", [outcome(lease, blob) for lease in lost]) == frozenset()
        assert ledger.get("alice", job.id).succeeded == 0
        assert ledger.results(job.id, failed=False, after=0, limit=9) == ()
        do(home, ledger, kept)
        again = ledger.lease("holder", job.id, 2000)
        assert [lease.number for lease in again] == [*range(1, 1101), *range(1111, 1201)]
        assert {lease.attempt for lease in again[:1100]} == {2}

    def test_a_lease_stays_with_one_who_lives(self, home: Home) -> None:
        if home.kind == "sqlite":
            pytest.skip("one process owns the database, so whoever else held a lease is gone")
        ledger, other = home.ledger(), home.ledger(home.open())
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 3)
        assert other.reap("other") == 0
        run_out(home)
        ledger.extend("holder")
        assert other.reap("other") == 0
        do(home, ledger, leases)

    def test_no_clock_of_this_process_ends_a_lease(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 3)
        for jump in (DAY - 1, 1 - 2 * DAY, DAY):
            home.clock.now += jump
            assert ledger.reap("holder") == 0
            assert ledger.lease("holder", job.id, 3) == ()
        do(home, ledger, leases)

    def test_a_job_that_shall_stop_lends_nothing(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 1)
        ledger.cancel("alice", job.id)
        assert ledger.lease("holder", job.id, 1) == ()
        ledger.release("holder", leases)
        assert ledger.lease("holder", job.id, 1) == ()


class TestRecords:
    def test_counts_move_with_what_is_recorded(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 6)
        leases = ledger.lease("holder", job.id, 5)
        blob = make_blob(home).name
        errors = [None, "b", "a\x00" * 5000, "b", None]
        counted = ledger.record(
            "holder", [outcome(lease, blob, error=error) for lease, error in zip(leases, errors, strict=True)]
        )
        assert counted == {(job.id, number) for number in range(1, 6)}
        now = ledger.get("alice", job.id)
        assert (now.succeeded, now.failed, now.errors) == (2, 3, (("b", 2), ("a\x00" * 5000, 1)))
        do(home, ledger, ledger.lease("holder", job.id, 1), error="a\x00" * 5000)
        assert set(ledger.get("alice", job.id).errors) == {("b", 2), ("a\x00" * 5000, 2)}

    def test_results_are_told_in_order(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 7)
        leases = ledger.lease("holder", job.id, 7)
        bad, good = do(home, ledger, leases[1::2], error="b"), do(home, ledger, leases[::2][::-1])
        expected = [(number, Span(blob=good, offset=10 * number, length=9)) for number in (1, 3, 5, 7)]
        assert ledger.results(job.id, failed=False, after=0, limit=9) == tuple(expected)
        assert ledger.results(job.id, failed=False, after=1, limit=2) == tuple(expected[1:3])
        assert ledger.results(job.id, failed=False, after=7, limit=2) == ()
        assert [number for number, _ in ledger.results(job.id, failed=True, after=0, limit=9)] == [2, 4, 6]
        assert {span.blob for _, span in ledger.results(job.id, failed=True, after=0, limit=9)} == {bad}

    def test_a_line_is_recorded_once(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 3)
        done = outcome(leases[0], make_blob(home).name)
        other = outcome(leases[0], make_blob(home).name, error="late")
        assert ledger.record("holder", [done, other]) == {(job.id, 1)}
        assert ledger.record("holder", [other]) == frozenset()
        now = ledger.get("alice", job.id)
        assert (now.succeeded, now.failed, now.errors) == (1, 0, ())

    def test_a_call_that_is_tried_again_tells_the_same(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        done = [outcome(lease, make_blob(home).name) for lease in ledger.lease("holder", job.id, 3)]
        assert ledger.record("holder", done) == ledger.record("holder", done) == {(job.id, n) for n in (1, 2, 3)}
        assert ledger.get("alice", job.id).succeeded == 3

    def test_only_lines_that_are_leased_by_the_holder_count(self, home: Home) -> None:
        ledger = home.ledger()
        job, other = planned(home, ledger), planned(home, ledger)
        (first, second, _) = ledger.lease("holder", job.id, 3)
        (third, _, _) = ledger.lease("other", other.id, 3)
        ledger.release("holder", [second])
        blob = make_blob(home).name
        unknown = replace(first, number=99)
        gone = replace(first, job_id=NOBODY)
        outcomes = [outcome(lease, blob) for lease in (gone, third, unknown, second, first)]
        assert ledger.record("holder", outcomes) == {(job.id, 1)}
        assert ledger.get("alice", other.id).succeeded == 0
        assert ledger.record("holder", []) == frozenset()

    def test_lines_of_many_jobs_are_recorded_together(self, home: Home) -> None:
        ledger = home.ledger()
        made = [planned(home, ledger, 1) for _ in range(20)]
        leases = [lease for job in made for lease in ledger.lease("holder", job.id, 1)]
        do(home, ledger, leases)
        assert {ledger.get("alice", job.id).succeeded for job in made} == {1}

    @pytest.mark.parametrize("odd", ['{"a","b"}', "\\", '"', "NULL", "", "a,b", "\x00\ud800", "é\n\t"])
    def test_whatever_a_line_is_called_it_can_be_recorded(self, home: Home, odd: str) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        do(home, ledger, ledger.lease("holder", job.id, 2), custom_id=odd, error=odd)
        assert ledger.get("alice", job.id).errors == ((odd, 2),)
        with home.opened[0].reading() as connection:
            names = connection.scalars(tasks.select().with_only_columns(tasks.c.custom_id).order_by(tasks.c.number))
            assert names.all() == [odd, odd, None]

    def test_all_or_none_is_recorded(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 3)
        good, lost = make_blob(home).name, "never-announced"
        outcomes = [outcome(lease, blob) for lease, blob in zip(leases, (good, lost, good), strict=True)]
        with pytest.raises(StorageFailed):
            ledger.record("holder", outcomes)
        assert ledger.get("alice", job.id).succeeded == 0
        do(home, ledger, leases)

    def test_results_are_in_use_until_the_job_is_over(self, home: Home) -> None:
        files, ledger = home.files(), home.ledger()
        made = [planned(home, ledger, 4, timeout_hours=100) for _ in range(2)]
        blob = make_blob(home).name
        for _ in range(2):
            leases = [lease for job in made for lease in ledger.lease("holder", job.id, 2)]
            ledger.record("holder", [outcome(lease, blob) for lease in leases])
        home.clock.now += 2 * DAY
        assert unused(files) == set()
        assert ledger.finish(made[0].id, SUCCESS, [])
        assert unused(files) == set()
        assert ledger.finish(made[1].id, SUCCESS, [])
        assert unused(files) == {blob}
        files.forget([blob])
        assert ledger.results(made[0].id, failed=False, after=0, limit=9) == ()


class TestEndings:
    def test_a_job_is_finished_once_with_its_files(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 2)
        leases = ledger.lease("holder", job.id, 2)
        assert ledger.ended(9) == ()
        do(home, ledger, leases[:1])
        assert ledger.ended(9) == ()
        do(home, ledger, leases[1:], error="b")
        assert [found.id for found in ledger.ended(9)] == [job.id]
        output = make_file(home, sample_type=SampleType.BATCH_RESULT, source=FileSource.MISTRAL)
        errors = make_file(home, sample_type=SampleType.BATCH_ERROR, source=FileSource.MISTRAL)
        home.clock.now += 5
        assert ledger.finish(job.id, SUCCESS, [output, errors])
        assert ledger.ended(9) == ()
        over = ledger.get("alice", job.id)
        assert (over.status, over.completed_at) == (SUCCESS, int(home.clock()))
        assert (over.output_file, over.error_file) == (output.id, errors.id)
        assert home.files().get("alice", output.id) == output
        second = make_file(home, sample_type=SampleType.BATCH_RESULT)
        assert not ledger.finish(job.id, SUCCESS, [second])
        assert ledger.get("alice", job.id) == over
        with pytest.raises(FileNotFound):
            home.files().find(second.id)

    def test_only_one_finisher_wins(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 1)
        do(home, ledger, ledger.lease("holder", job.id, 1))
        made = [make_file(home, sample_type=SampleType.BATCH_RESULT) for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            won = list(threads.map(lambda file: ledger.finish(job.id, SUCCESS, [file]), made))
        assert Counter(won) == {True: 1, False: 7}
        assert ledger.get("alice", job.id).output_file == made[won.index(True)].id
        assert home.files().count("alice", FileFilter()) == 1

    def test_a_job_does_not_end_before_all_its_lines_are_known(self, home: Home) -> None:
        ledger = home.ledger()
        job = ledger.create(make_job(home, 2))
        plan = plan_of(ledger, job)
        rest = replace(plan, offset=9, number=2)
        ledger.plan(plan, spans(plan, [1]), rest=rest)
        do(home, ledger, ledger.lease("holder", job.id, 9))
        assert ledger.ended(9) == ()
        with pytest.raises(IllegalMove):
            ledger.finish(job.id, SUCCESS, [])
        ledger.plan(rest, [], rest=None)
        assert [found.id for found in ledger.ended(9)] == [job.id]

    def test_a_queued_job_is_cancelled_at_once(self, home: Home) -> None:
        ledger = home.ledger()
        for job in (planned(home, ledger), ledger.create(make_job(home))):
            over = replace(job, status=CANCELLED, completed_at=int(home.clock()))
            assert ledger.cancel("alice", job.id) == over
            assert ledger.cancel("alice", job.id) == over == ledger.get("alice", job.id)
        assert ledger.stopping() == ()
        assert ledger.ended(9) == ()
        assert ledger.queues() == ()

    def test_a_running_job_is_cancelled_when_its_lines_are_done(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        leases = ledger.lease("holder", job.id, 2)
        assert ledger.cancel("alice", job.id).status is STOPPING
        assert ledger.cancel("alice", job.id).status is STOPPING
        assert ledger.stopping() == (job.id,)
        assert ledger.ended(9) == ()
        with pytest.raises(IllegalMove):
            ledger.finish(job.id, CANCELLED, [])
        do(home, ledger, leases[:1])
        ledger.release("holder", leases[1:])
        assert [found.id for found in ledger.ended(9)] == [job.id]
        with pytest.raises(IllegalMove):
            ledger.finish(job.id, SUCCESS, [])
        assert ledger.finish(job.id, CANCELLED, [])
        over = ledger.get("alice", job.id)
        assert (over.status, over.succeeded, over.failed) == (CANCELLED, 1, 0)
        assert ledger.stopping() == ledger.queues() == ()
        assert ledger.cancel("alice", job.id) == over

    @pytest.mark.parametrize("leased", [0, 1])
    def test_a_job_whose_time_is_up_ends(self, home: Home, leased: int) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, timeout_hours=1)
        leases = ledger.lease("holder", job.id, leased)
        assert ledger.stopping() == ()
        home.clock.now += HOUR
        assert ledger.stopping() == (job.id,)
        if leases:
            assert ledger.ended(9) == ()
            do(home, ledger, leases)
        assert [found.id for found in ledger.ended(9)] == [job.id]
        assert ledger.finish(job.id, LATE, [])
        assert ledger.stopping() == ledger.ended(9) == ()
        over = ledger.get("alice", job.id)
        assert (over.status, over.succeeded) == (LATE, leased)

    @pytest.mark.parametrize(
        ("before", "status"),
        [(QUEUED, SUCCESS), (QUEUED, STOPPING), (QUEUED, RUNNING), (RUNNING, CANCELLED), (RUNNING, QUEUED)],
    )
    def test_a_job_moves_as_it_may(self, home: Home, before: BatchStatus, status: BatchStatus) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 1)
        if before is RUNNING:
            do(home, ledger, ledger.lease("holder", job.id, 1))
        with pytest.raises(IllegalMove):
            ledger.finish(job.id, status, [])
        assert ledger.get("alice", job.id).status is before

    def test_so_many_ended_jobs_are_told_oldest_first(self, home: Home) -> None:
        ledger = home.ledger()
        late = [planned(home, ledger, 1, timeout_hours=1) for _ in range(2)]
        done = [planned(home, ledger, 1) for _ in range(2)]
        for job in done:
            do(home, ledger, ledger.lease("holder", job.id, 1))
        home.clock.now += HOUR
        assert [job.id for job in ledger.ended(3)] == [late[0].id, late[1].id, done[0].id]


class TestRetries:
    def test_exactly_the_lines_that_failed_are_tried_again(self, home: Home) -> None:
        ledger = home.ledger()
        old = planned(home, ledger, 5)
        leases = ledger.lease("holder", old.id, 4)
        do(home, ledger, [leases[0], leases[2]])
        do(home, ledger, [leases[1], leases[3]], error="broke")
        ledger.cancel("alice", old.id)
        ledger.finish(old.id, CANCELLED, [])
        new = ledger.retry(make_job(home, inputs=old.inputs, total=5), old.id)
        assert (new.total, new.status, new.errors) == (2, QUEUED, ())
        assert ledger.get("alice", new.id) == new
        again = ledger.lease("holder", new.id, 9)
        assert [(lease.number, lease.line, lease.attempt) for lease in again] == [
            (lease.number, lease.line, 1) for lease in (leases[1], leases[3])
        ]
        ledger.delete("alice", old.id)
        do(home, ledger, again)
        assert [job.id for job in ledger.ended(9)] == [new.id]
        assert old.inputs[0].blob.name not in unused(home.files())

    def test_nothing_that_failed_is_nothing_to_retry(self, home: Home) -> None:
        ledger = home.ledger()
        over, running = ended(home), planned(home, ledger)
        do(home, ledger, ledger.lease("holder", running.id, 1), error="broke")
        for of in (over, running):
            with pytest.raises(IllegalMove):
                ledger.retry(make_job(home), of.id)
        with pytest.raises(JobNotFound):
            ledger.retry(make_job(home), NOBODY)
        with pytest.raises(JobNotFound):
            ledger.retry(make_job(home, owner="bob"), over.id)
        assert ledger.count("alice", ALL) == 2


class TestForgetting:
    def test_a_job_that_is_over_is_forgotten_with_all_that_is_its(self, home: Home) -> None:
        ledger, files = home.ledger(), home.files()
        job = planned(home, ledger, 3, metadata={"k": "v"})
        do(home, ledger, ledger.lease("holder", job.id, 3), error="b")
        output = make_file(home, sample_type=SampleType.BATCH_ERROR)
        ledger.finish(job.id, SUCCESS, [output])
        ledger.delete("alice", job.id)
        ledger.clear()
        with pytest.raises(JobNotFound):
            ledger.get("alice", job.id)
        with pytest.raises(JobNotFound):
            ledger.delete("alice", job.id)
        assert files.get("alice", output.id) == output
        assert job.inputs[0].blob.name in unused(files)
        assert _rows(home) == Counter()

    @pytest.mark.parametrize("status", [QUEUED, RUNNING, STOPPING])
    def test_a_job_that_is_not_over_stays(self, home: Home, status: BatchStatus) -> None:
        ledger = home.ledger()
        job = planned(home, ledger)
        if status is not QUEUED:
            ledger.lease("holder", job.id, 1)
        if status is STOPPING:
            ledger.cancel("alice", job.id)
        with pytest.raises(IllegalMove):
            ledger.delete("alice", job.id)
        assert ledger.get("alice", job.id).status is status

    def test_old_jobs_expire(self, home: Home) -> None:
        ledger = home.ledger()
        old = [ended(home) for _ in range(3)]
        home.clock.now += 10
        young, active = ended(home), planned(home, ledger)
        before = int(home.clock())
        assert ledger.expire(before, 2) == (old[0].id, old[1].id)
        assert ledger.expire(before, 2) == (old[2].id,)
        assert ledger.expire(before, 2) == ()
        assert {job.id for job in ledger.list("alice", ALL, Listing())} == {young.id, active.id}

    def test_others_work_while_a_large_job_is_forgotten(self, home: Home) -> None:
        ledger = home.ledger()
        large = ledger.create(make_job(home, 40_000))
        plan = plan_of(ledger, large)
        ledger.plan(plan, spans(plan, range(1, 40_001)), rest=None)
        ledger.cancel("alice", large.id)
        small = planned(home, ledger, 1)
        over = threading.Event()

        def delete() -> None:
            ledger.delete("alice", large.id)
            ledger.clear()
            over.set()

        with ThreadPoolExecutor(1) as threads:
            deleted = threads.submit(delete)
            during = 0
            while not over.is_set():
                ledger.release("holder", ledger.lease("holder", small.id, 1))
                during += not over.is_set()
                time.sleep(0.001)
            deleted.result()
        assert during > 0
        assert _rows(home)["tasks"] == 1

    def test_what_a_killed_process_left_is_removed(self, home: Home) -> None:
        ledger = home.ledger()
        job = planned(home, ledger, 2)
        with home.opened[0].writing() as connection:
            seq = connection.scalar(select(jobs.c.seq).where(jobs.c.id == job.id))
            for table in (job_inputs, jobs):
                key = table.c.seq if table is jobs else table.c.job
                connection.execute(delete(table).where(key == seq))
            connection.execute(insert(leftovers).values(job=seq))
        assert _rows(home) == {"tasks": 2, "leftovers": 1}
        ledger.clear()
        assert _rows(home) == Counter()


def _rows(home: Home) -> Counter[str]:
    """How many rows of jobs there are, by table."""
    with home.opened[0].reading() as connection:
        return +Counter(
            {
                table.name: connection.scalar(select(func.count()).select_from(table))
                for table in METADATA.sorted_tables
                if table.name in {"jobs", "tasks", "leftovers"} or table.name.startswith("job_")
            }
        )
