"""Lines of jobs: found, leased, given back, recorded.

Statements lock lines before jobs, jobs before blobs, and each of them in order, that no two transactions wait for
each other.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import count, groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    RowMapping,
    ScalarSelect,
    and_,
    cast,
    extract,
    func,
    literal_column,
    select,
    update,
)

from octavo.database import recording
from octavo.database.connection import Database
from octavo.database.endings import NOT_OVER
from octavo.database.many import BLOCK, blocks, insert_many
from octavo.database.schema import LEASED, WAITING, job_inputs, jobs, tasks
from octavo.domain.batch import BatchStatus, Lease, Outcome, Plan, Span
from octavo.domain.errors import DatabaseFailed
from octavo.domain.file import Blob

LEASE_LASTS = 60
"""Seconds, by the database's clock; on SQLite it belongs to its holder until another process owns the database."""
_QUEUES = 100
_PASSED_OVER = 1000
_TO_BE_DONE = jobs.c.status.in_([str(BatchStatus.QUEUED), str(BatchStatus.RUNNING)])
_IS_LEASED = tasks.c.state == literal_column(str(LEASED))
_IS_WAITING = tasks.c.state == literal_column(str(WAITING))
_FREE = {"state": WAITING, "holder": None, "claim": None, "until": None}


class SqlLines:
    """What those who work on lines do.

    Args:
        database: open.
        clock: seconds since 1970; leases know nothing of it.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._claims = count(1)
        self._doubtful: set[tuple[str, int]] = set()

    def unplanned(self, limit: int, *, one_each: bool = False, but: Collection[str] = ()) -> tuple[Plan, ...]:
        """Jobs whose lines are not all known."""
        wanted = [jobs.c.plan_place.is_not(None), NOT_OVER, self._in_time()]
        wanted.append(jobs.c.id.not_in(sorted(but)[:_PASSED_OVER]))
        if one_each:
            wanted.append(jobs.c.seq.in_(select(func.min(jobs.c.seq)).where(*wanted).group_by(jobs.c.owner)))
        here = and_(job_inputs.c.job == jobs.c.seq, job_inputs.c.place == jobs.c.plan_place)
        rows = select(*jobs.c, job_inputs.c.blob, job_inputs.c.size, job_inputs.c.sha256).join(job_inputs, here)
        rows = rows.where(*wanted).order_by(jobs.c.seq).limit(limit)
        with self._database.reading() as connection:
            return tuple(
                Plan(
                    job_id=row["id"],
                    place=row["plan_place"],
                    blob=Blob(name=row["blob"], size=row["size"], sha256=row["sha256"]),
                    offset=row["plan_offset"],
                    number=row["plan_number"],
                )
                for row in connection.execute(rows).mappings()
            )

    def plan(self, plan: Plan, lines: Sequence[tuple[int, Span]], *, rest: Plan | None) -> bool:
        """Enter lines that were found."""
        here = and_(
            jobs.c.plan_place == plan.place, jobs.c.plan_offset == plan.offset, jobs.c.plan_number == plan.number
        )
        there = {
            "plan_place": rest.place if rest else _next_input(plan),
            "plan_offset": rest.offset if rest else 0,
            "plan_number": rest.number if rest else plan.number + len(lines),
            "waiting": jobs.c.waiting + len(lines),
        }
        moved = update(jobs).where(jobs.c.id == plan.job_id, here).values(there).returning(jobs.c.seq)
        with self._database.writing() as connection:
            seq = connection.scalar(moved)
            if seq is None:
                return False
            insert_many(connection, tasks, [_row_of(seq, number, span) for number, span in lines])
        return True

    def queues(self) -> tuple[tuple[str, str], ...]:
        """Owner and id of jobs that have lines waiting."""
        has_work = and_(jobs.c.waiting > literal_column("0"), _TO_BE_DONE, self._in_time())
        with self._database.reading() as connection:
            owners = _owners(connection)
            share = max(1, _QUEUES // max(1, len(owners)))
            found: list[tuple[Any, ...]] = []
            for owner in owners:
                rows = select(jobs.c.seq, jobs.c.owner, jobs.c.id).where(has_work, jobs.c.owner == owner)
                found += map(tuple, connection.execute(rows.order_by(jobs.c.seq).limit(share)))
        return tuple((owner, job_id) for _, owner, job_id in sorted(found, key=lambda job: int(job[0]))[:_QUEUES])

    def lease(self, holder: str, job_id: str, limit: int) -> tuple[Lease, ...]:
        """Lease the first lines that wait."""
        self._give_back_doubtful()
        claim = next(self._claims)
        try:
            with self._database.writing() as connection:
                return self._leased(connection, holder, job_id, limit, claim)
        except DatabaseFailed:
            # It may have been kept, and we were not told: nobody would ever work on these lines.
            self._doubtful.add((holder, claim))
            raise

    def extend(self, holder: str) -> None:
        """The holder is alive."""
        self._give_back_doubtful()
        if not self._database.is_sqlite:
            with self._database.writing() as connection:
                connection.execute(
                    update(tasks)
                    .where(_IS_LEASED, tasks.c.holder == holder)
                    .values(until=_database_time() + LEASE_LASTS)
                )

    def reap(self, holder: str) -> int:
        """Let lines wait again whose holder is gone."""
        gone = tasks.c.holder != holder if self._database.is_sqlite else tasks.c.until < _database_time()
        return self._free(gone)

    def release(self, holder: str, leases: Sequence[Lease]) -> None:
        """Give leases back undone."""
        by_job: dict[str, list[int]] = defaultdict(list)
        for lease in leases:
            by_job[lease.job_id].append(lease.number)
        with self._database.writing() as connection:
            freed: Counter[int] = Counter()
            for seq, job_id in recording.seqs_of(connection, by_job):
                for block in blocks(sorted(set(by_job[job_id]))):
                    this = and_(tasks.c.job == seq, tasks.c.number.in_(block), tasks.c.holder == holder)
                    freed[seq] += connection.execute(update(tasks).where(_IS_LEASED, this).values(_FREE)).rowcount
            _waiting_again(connection, freed)

    def record(self, holder: str, outcomes: Sequence[Outcome]) -> frozenset[tuple[str, int]]:
        """Enter what became of leased lines."""
        with self._database.writing() as connection:
            return recording.record(self._database, connection, holder, outcomes)

    def _leased(self, connection: Connection, holder: str, job_id: str, limit: int, claim: int) -> tuple[Lease, ...]:
        # The job is locked before its lines, against the rule: what is locked by others is passed over, not awaited.
        may = and_(jobs.c.id == job_id, _TO_BE_DONE, self._in_time())
        job = connection.execute(select(jobs).where(may).with_for_update()).mappings().first()
        if job is None:
            return ()
        lines = tasks.c
        rows: list[tuple[Any, ...]] = []
        waiting = select(lines.number).where(lines.job == job["seq"], _IS_WAITING)
        first = waiting.order_by(lines.number).limit(limit).with_for_update(skip_locked=True)
        lent = {"state": LEASED, "attempts": lines.attempts + 1, "holder": holder, "claim": claim}
        lent["until"] = None if self._database.is_sqlite else _database_time() + LEASE_LASTS
        for block in blocks(connection.scalars(first).all()):
            taken = update(tasks).where(lines.job == job["seq"], lines.number.in_(block)).values(lent)
            told = taken.returning(lines.number, lines.blob, lines.offset, lines.length, lines.attempts)
            rows += map(tuple, connection.execute(told))
        if rows:
            connection.execute(update(jobs).where(jobs.c.seq == job["seq"]).values(self._begun(job, len(rows))))
        return tuple(_lease_of(job, row) for row in sorted(rows, key=lambda row: int(row[0])))

    def _begun(self, job: RowMapping, number: int) -> dict[str, object]:
        """What a job is with so many more lines leased."""
        started_at = int(self._clock()) if job["started_at"] is None else job["started_at"]
        return {
            "status": str(BatchStatus.RUNNING),
            "started_at": started_at,
            "waiting": jobs.c.waiting - number,
            "leased": jobs.c.leased + number,
        }

    def _in_time(self) -> ColumnElement[bool]:
        return jobs.c.due > int(self._clock())

    def _give_back_doubtful(self) -> None:
        for holder, claim in tuple(self._doubtful):
            self._free(and_(tasks.c.holder == holder, tasks.c.claim == claim))
            self._doubtful.discard((holder, claim))

    def _free(self, which: ColumnElement[bool]) -> int:
        """Let leased lines wait again, a block at a time; how many."""
        lines, total = tasks.c, 0
        # In no order: it would be had by walking over all lines.
        block = select(lines.job, lines.number).where(_IS_LEASED, which).limit(BLOCK)
        while True:
            freed: Counter[int] = Counter()
            with self._database.writing() as connection:
                found = sorted(map(tuple, connection.execute(block.with_for_update(skip_locked=True))))
                for seq, group in groupby(found, key=lambda line: int(line[0])):
                    numbers = [number for _, number in group]
                    this = and_(lines.job == seq, lines.number.in_(numbers))
                    freed[seq] += connection.execute(update(tasks).where(this).values(_FREE)).rowcount
                _waiting_again(connection, freed)
            total += freed.total()
            if len(found) < BLOCK:
                return total


def _next_input(plan: Plan) -> ScalarSelect[int]:
    """Place of the next one; null after the last, for then all lines are known."""
    after = and_(job_inputs.c.job == jobs.c.seq, job_inputs.c.place == plan.place + 1)
    return select(job_inputs.c.place).where(after).scalar_subquery()


def _waiting_again(connection: Connection, freed: Counter[int]) -> None:
    for seq, number in sorted(freed.items()):
        moved = {"waiting": jobs.c.waiting + number, "leased": jobs.c.leased - number}
        connection.execute(update(jobs).where(jobs.c.seq == seq).values(moved))


def _owners(connection: Connection) -> tuple[str, ...]:
    """Those who have jobs with lines waiting; each is found by one step in the index."""
    found: list[str] = []
    while len(found) < _QUEUES:
        rest = select(func.min(jobs.c.owner)).where(jobs.c.waiting > literal_column("0"))
        owner = connection.scalar(rest.where(jobs.c.owner > found[-1]) if found else rest)
        if owner is None:
            break
        found.append(owner)
    return tuple(found)


def _database_time() -> ColumnElement[float]:
    return cast(extract("epoch", func.clock_timestamp()), Double)


def _lease_of(job: RowMapping, row: tuple[Any, ...]) -> Lease:
    number, blob, offset, length, attempts = row
    return Lease(
        job_id=job["id"],
        owner=job["owner"],
        model=job["model"],
        endpoint=job["endpoint"],
        number=number,
        line=Span(blob=blob, offset=offset, length=length),
        attempt=attempts,
    )


def _row_of(seq: int, number: int, span: Span) -> dict[str, object]:
    return {
        "job": seq,
        "number": number,
        "blob": span.blob,
        "offset": span.offset,
        "length": span.length,
        "state": WAITING,
        "attempts": 0,
    }
