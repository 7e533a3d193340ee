"""Whatever is done to the ledger in whatever order, it says what a simple model says, and no line is in two hands.

The long form, `FUZZ_EXAMPLES=500 pytest tests/properties/test_ledger.py`, tries so many sequences, others each time.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import update

from octavo.database.schema import METADATA, tasks
from octavo.domain.batch import BatchJob, BatchStatus, Lease
from octavo.domain.errors import IllegalMove, JobNotFound
from ports.databases import KINDS, Home, new_database, postgres
from ports.ledger_things import make_blob, make_job, outcome, plan_of, spans

__all__ = ["postgres"]
LONG_FORM = os.environ.get("FUZZ_EXAMPLES")
EXAMPLES = {"sqlite": int(LONG_FORM or 10), "postgresql": int(LONG_FORM or 3)}
STEPS = 40
HOLDERS = ("one", "two")
MOST = 12  # lines of a job
QUEUED, RUNNING, STOPPING = BatchStatus.QUEUED, BatchStatus.RUNNING, BatchStatus.CANCELLATION_REQUESTED
ENDS = {RUNNING: BatchStatus.SUCCESS, STOPPING: BatchStatus.CANCELLED}


@dataclass
class Model:
    """A job as it has to be: for each line that is known, who holds it, or what became of it."""

    job: BatchJob
    status: BatchStatus = QUEUED
    known: int = 0
    held: dict[int, str] = field(default_factory=dict)
    attempts: Counter[int] = field(default_factory=Counter)
    done: dict[int, str | None] = field(default_factory=dict)

    @property
    def waiting(self) -> list[int]:
        return [number for number in range(1, self.known + 1) if number not in self.held and number not in self.done]

    @property
    def is_to_be_done(self) -> bool:
        return self.status in {QUEUED, RUNNING}

    @property
    def may_end(self) -> bool:
        if self.status is STOPPING:
            return not self.held
        return self.status is RUNNING and len(self.done) == self.job.total

    @property
    def errors(self) -> Counter[str]:
        return Counter(error for error in self.done.values() if error is not None)


class LedgerMachine(RuleBasedStateMachine):
    home: Home

    def __init__(self) -> None:
        super().__init__()
        with self.home.opened[0].writing() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())
        self.ledger = self.home.ledger()
        self.models: list[Model] = []
        self.leases: list[tuple[str, Lease]] = []
        self.gone: list[str] = []

    def one(self, data: st.DataObject) -> Model:
        return data.draw(st.sampled_from(self.models))

    @rule(lines=st.integers(1, MOST))
    def create(self, lines: int) -> None:
        self.models.append(Model(self.ledger.create(make_job(self.home, lines))))

    @precondition(lambda self: self.models)
    @rule(data=st.data(), number=st.integers(0, MOST))
    def plan(self, data: st.DataObject, number: int) -> None:
        model = self.one(data)
        is_open = model.is_to_be_done and model.known < model.job.total
        assert is_open == (model.job.id in {plan.job_id for plan in self.ledger.unplanned(100)})
        if not is_open:
            return
        plan = plan_of(self.ledger, model.job)
        assert plan.number == model.known + 1
        known = min(model.job.total, model.known + number)
        rest = (
            None
            if known == model.job.total
            else type(plan)(job_id=plan.job_id, place=0, blob=plan.blob, offset=known, number=known + 1)
        )
        found = spans(plan, range(model.known + 1, known + 1))
        assert self.ledger.plan(plan, found, rest=rest)
        # A second planner comes too late, unless the first found nothing and left all as it was.
        if rest != plan:
            assert not self.ledger.plan(plan, found, rest=rest)
        model.known = known

    @precondition(lambda self: self.models)
    @rule(data=st.data(), holder=st.sampled_from(HOLDERS), limit=st.integers(1, MOST))
    def lease(self, data: st.DataObject, holder: str, limit: int) -> None:
        model = self.one(data)
        leases = self.ledger.lease(holder, model.job.id, limit)
        expected = model.waiting[:limit] if model.is_to_be_done else []
        assert [lease.number for lease in leases] == expected
        for lease in leases:
            model.held[lease.number] = holder
            model.attempts[lease.number] += 1
            assert lease.attempt == model.attempts[lease.number]
            self.leases.append((holder, lease))
        if leases:
            model.status = RUNNING

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), holder=st.sampled_from(HOLDERS), error=st.sampled_from([None, "a", "b"]))
    def record(self, data: st.DataObject, holder: str, error: str | None) -> None:
        """Also lines that another holds, that were recorded before, or whose job is forgotten."""
        chosen = data.draw(st.lists(st.sampled_from([lease for _, lease in self.leases]), min_size=1, max_size=6))
        blob = make_blob(self.home).name
        counted = self.ledger.record(holder, [outcome(lease, blob, error=error) for lease in chosen])
        expected = set()
        for lease in chosen:
            model = self.model_of(lease.job_id)
            if model is not None and model.held.get(lease.number) == holder:
                del model.held[lease.number]
                model.done[lease.number] = error
                expected.add((lease.job_id, lease.number))
        assert counted == expected

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), holder=st.sampled_from(HOLDERS))
    def release(self, data: st.DataObject, holder: str) -> None:
        chosen = data.draw(st.lists(st.sampled_from([lease for _, lease in self.leases]), max_size=6))
        self.ledger.release(holder, chosen)
        for lease in chosen:
            model = self.model_of(lease.job_id)
            if model is not None and model.held.get(lease.number) == holder:
                del model.held[lease.number]

    @rule(holder=st.sampled_from(HOLDERS))
    def reap(self, holder: str) -> None:
        """The other is gone: on PostgreSQL, for as long as a lease lasts."""
        with self.home.opened[0].writing() as connection:
            connection.execute(update(tasks).where(tasks.c.until.is_not(None)).values(until=tasks.c.until - 61))
        self.ledger.extend(holder)
        lost = [(model, number) for model in self.models for number, who in model.held.items() if who != holder]
        assert self.ledger.reap(holder) == len(lost)
        for model, number in lost:
            del model.held[number]

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        model = self.one(data)
        if model.is_to_be_done:
            model.status = BatchStatus.CANCELLED if model.status is QUEUED else STOPPING
        assert self.ledger.cancel("alice", model.job.id).status is model.status

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        model = self.one(data)
        status = ENDS.get(model.status, BatchStatus.SUCCESS)
        if model.status.is_final:
            assert not self.ledger.finish(model.job.id, status, [])
        elif model.may_end:
            assert self.ledger.finish(model.job.id, status, [])
            model.status = status
        else:
            with pytest.raises(IllegalMove):
                self.ledger.finish(model.job.id, status, [])

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        model = self.one(data)
        failed = [number for number, error in model.done.items() if error is not None]
        new = make_job(self.home, model.job.total)
        if not failed or not model.status.is_final:
            with pytest.raises(IllegalMove):
                self.ledger.retry(new, model.job.id)
            return
        made = self.ledger.retry(new, model.job.id)
        assert made.total == len(failed)
        leases = self.ledger.lease("one", made.id, MOST)
        assert [lease.number for lease in leases] == sorted(failed)
        self.ledger.release("one", leases)
        self.ledger.cancel("alice", made.id)
        assert self.ledger.finish(made.id, BatchStatus.CANCELLED, [])
        self.ledger.delete("alice", made.id)

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        model = self.one(data)
        if not model.status.is_final:
            with pytest.raises(IllegalMove):
                self.ledger.delete("alice", model.job.id)
            return
        self.ledger.delete("alice", model.job.id)
        self.models.remove(model)
        self.gone.append(model.job.id)

    @invariant()
    def counts_are_equal(self) -> None:
        for model in self.models:
            job = self.ledger.get("alice", model.job.id)
            assert job.status is model.status
            assert job.succeeded + job.failed == len(model.done)
            assert job.errors == tuple(sorted(model.errors.items(), key=lambda entry: (-entry[1], entry[0])))
            assert job.failed == model.errors.total()
        for job_id in self.gone[-1:]:
            with pytest.raises(JobNotFound):
                self.ledger.get("alice", job_id)

    @invariant()
    def lines_are_where_they_belong(self) -> None:
        for model in self.models:
            for failed in (False, True):
                told = self.ledger.results(model.job.id, failed=failed, after=0, limit=100)
                due = [n for n, error in sorted(model.done.items()) if (error is not None) == failed]
                assert [number for number, _ in told] == ([] if model.status.is_final else due)
        waiting = [model for model in self.models if model.is_to_be_done and model.waiting]
        assert self.ledger.queues() == tuple(("alice", model.job.id) for model in waiting)
        assert {job.id for job in self.ledger.ended(100)} == {model.job.id for model in self.models if model.may_end}
        stopping = [model.job.id for model in self.models if model.status is STOPPING]
        assert self.ledger.stopping() == tuple(stopping)

    def model_of(self, job_id: str) -> Model | None:
        return next((model for model in self.models if model.job.id == job_id), None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledger_says_what_the_model_says(kind: str, request: pytest.FixtureRequest) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(kind=kind, where=new_database(kind, request.getfixturevalue, Path(folder)))
        home.open()
        machine = type("Machine", (LedgerMachine,), {"home": home})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES[kind],
                    stateful_step_count=STEPS,
                    deadline=None,
                    derandomize=not LONG_FORM,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            home.close()
