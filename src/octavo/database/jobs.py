"""Batch jobs as their owners see them: made, looked at, cancelled, forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from octavo.database import blobs
from octavo.database.connection import Database
from octavo.database.files import MOST
from octavo.database.job_rows import enter, jobs_of, pair_of
from octavo.database.many import blocks
from octavo.database.repeats import Repeats
from octavo.database.schema import (
    FAILED,
    WAITING,
    job_errors,
    job_inputs,
    job_metadata,
    job_results,
    jobs,
    leftovers,
    tasks,
)
from octavo.domain.batch import BatchJob, BatchStatus, JobFilter
from octavo.domain.errors import FileNotFound, IllegalMove, JobNotFound, StorageFailed
from octavo.domain.file import Listing, Repeatable

_BLOCK = 5_000  # lines that one transaction removes
_BREATH = 0.001  # seconds between two of them, in which others come to write


class SqlJobs:
    """What owners do with jobs.

    Args:
        database: open.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def create(self, job: BatchJob, again: Repeatable | None = None) -> BatchJob:
        """Enter a job, or tell the one that the same request made."""
        with self._database.writing() as connection:
            repeats = Repeats(
                database=self._database, connection=connection, owner=job.owner, route="jobs", now=self._clock()
            )
            before = repeats.made_before(again, job.id)
            row = _row(connection, job.owner, before or job.id)
            if row is not None:
                return jobs_of(connection, [row])[0]
            if before is not None and again is not None:
                repeats.renew(again, job.id)
            with _inputs_in_use(connection, job):
                enter(connection, job)
        return job

    def retry(self, job: BatchJob, of: str) -> BatchJob:
        """Enter a job of the lines that failed in another."""
        with self._database.writing() as connection:
            if (row := _row(connection, job.owner, job.id)) is not None:
                return jobs_of(connection, [row])[0]
            old = _known(connection, job.owner, of)
            if not BatchStatus(old["status"]).is_final:
                raise IllegalMove(f"The batch job {of} is {old['status']}. Retry its failed lines when it is over.")
            if not old["failed"]:
                raise IllegalMove(f"No line failed in the batch job {of}; there is nothing to retry.")
            with _inputs_in_use(connection, job):
                found = {"total": old["failed"], "waiting": old["failed"], "plan_place": None}
                seq = enter(connection, job, **found)
            _copy_failed(connection, old["seq"], seq)
            return jobs_of(connection, [_known(connection, job.owner, job.id)])[0]

    def get(self, owner: str, job_id: str) -> BatchJob:
        """A job of this owner."""
        with self._database.reading() as connection:
            return jobs_of(connection, [_known(connection, owner, job_id)])[0]

    def list(self, owner: str, chosen: JobFilter, part: Listing) -> tuple[BatchJob, ...]:
        """Jobs of this owner."""
        order = (jobs.c.created_at, jobs.c.seq)
        rows = select(jobs).where(*_chosen(owner, chosen))
        rows = rows.order_by(*(order if chosen.oldest_first else [column.desc() for column in order]))
        rows = rows.limit(min(part.size, MOST)).offset(min(part.offset, MOST))
        with self._database.reading() as connection:
            return jobs_of(connection, connection.execute(rows).mappings())

    def count(self, owner: str, chosen: JobFilter) -> int:
        """How many jobs of this owner."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(jobs).where(*_chosen(owner, chosen))) or 0

    def known(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those of these ids that are jobs."""
        with self._database.reading() as connection:
            found = (connection.scalars(select(jobs.c.id).where(jobs.c.id.in_(block))) for block in blocks(job_ids))
            return frozenset(job_id for ids in found for job_id in ids)

    def cancel(self, owner: str, job_id: str) -> BatchJob:
        """Stop a job."""
        this = and_(jobs.c.id == job_id, jobs.c.owner == owner)
        queued = update(jobs).where(this, jobs.c.status == str(BatchStatus.QUEUED))
        running = update(jobs).where(this, jobs.c.status == str(BatchStatus.RUNNING))
        over = {"completed_at": int(self._clock()), "waiting": 0, "plan_place": None}
        with self._database.writing() as connection:
            if not connection.execute(queued.values(status=str(BatchStatus.CANCELLED), **over)).rowcount:
                connection.execute(running.values(status=str(BatchStatus.CANCELLATION_REQUESTED), plan_place=None))
            return jobs_of(connection, [_known(connection, owner, job_id)])[0]

    def delete(self, owner: str, job_id: str) -> None:
        """Forget a job that is over."""
        with self._database.writing() as connection:
            row = _known(connection, owner, job_id)
            if not BatchStatus(row["status"]).is_final:
                raise IllegalMove(
                    f"The batch job {job_id} is {row['status']}. Cancel it, and delete it when it is over."
                )
            _forget(connection, row["seq"])

    def expire(self, before: int, limit: int) -> tuple[str, ...]:
        """Forget jobs that were over long ago."""
        old = select(jobs.c.seq, jobs.c.id).where(jobs.c.completed_at.is_not(None), jobs.c.completed_at < before)
        old = old.order_by(jobs.c.completed_at, jobs.c.seq).limit(limit).with_for_update(skip_locked=True)
        with self._database.writing() as connection:
            found = connection.execute(old).all()
            for seq, _ in found:
                _forget(connection, seq)
        return tuple(job_id for _, job_id in found)

    def clear(self) -> None:
        """Remove lines whose jobs are forgotten, a block at a time, so that others can write meanwhile."""
        while (job := self._left_over()) is not None:
            self._clear_block(job)
            time.sleep(_BREATH)

    def _left_over(self) -> int | None:
        with self._database.reading() as connection:
            return connection.scalar(select(leftovers.c.job).limit(1))

    def _clear_block(self, job: int) -> None:
        with self._database.writing() as connection:
            block = select(tasks.c.number).where(tasks.c.job == job).order_by(tasks.c.number).limit(_BLOCK)
            last = connection.scalar(select(func.max(block.subquery().c.number)))
            if last is None:
                connection.execute(delete(leftovers).where(leftovers.c.job == job))
            else:
                connection.execute(delete(tasks).where(tasks.c.job == job, tasks.c.number <= last))


def _row(connection: Connection, owner: str, job_id: str) -> RowMapping | None:
    return connection.execute(select(jobs).where(jobs.c.id == job_id, jobs.c.owner == owner)).mappings().first()


def _known(connection: Connection, owner: str, job_id: str) -> RowMapping:
    row = _row(connection, owner, job_id)
    if row is None:
        raise JobNotFound(f"There is no batch job {job_id}. It may have been deleted.")
    return row


@contextmanager
def _inputs_in_use(connection: Connection, job: BatchJob) -> Iterator[None]:
    """Enter a job within; its inputs are in use after."""
    yield
    try:
        blobs.use(connection, [entry.blob.name for entry in job.inputs])
    except StorageFailed as error:
        raise FileNotFound("An input file of the batch job was deleted meanwhile. Upload it again.") from error


def _chosen(owner: str, chosen: JobFilter) -> list[ColumnElement[bool]]:
    wanted = [jobs.c.owner == owner]
    if chosen.model is not None:
        wanted.append(jobs.c.model == chosen.model)
    if chosen.agent_id is not None:
        wanted.append(jobs.c.agent_id == chosen.agent_id)
    if chosen.statuses:
        wanted.append(jobs.c.status.in_([str(status) for status in chosen.statuses]))
    if chosen.created_after is not None:
        wanted.append(jobs.c.created_at > literal(chosen.created_after, Double))
    return wanted + [jobs.c.seq.in_(_having(*pair)) for pair in chosen.metadata.items()]


def _having(key: str, value: str) -> Select[tuple[int]]:
    return select(job_metadata.c.job).where(job_metadata.c.pair == pair_of(key, value))


def _copy_failed(connection: Connection, old: int, new: int) -> None:
    kept = ("number", "blob", "offset", "length", "custom_id")
    failed = select(
        literal(new).label("job"),
        *(tasks.c[name] for name in kept),
        literal(WAITING).label("state"),
        literal(0).label("attempts"),
    ).where(tasks.c.job == old, tasks.c.state == FAILED)
    connection.execute(insert(tasks).from_select(["job", *kept, "state", "attempts"], failed))


def _forget(connection: Connection, seq: int) -> None:
    """Remove a job, but for its lines, which are left over."""
    used: list[str] = []
    for table in (job_inputs, job_results):
        used += connection.scalars(delete(table).where(table.c.job == seq).returning(table.c.blob))
    for other in (job_metadata, job_errors):
        connection.execute(delete(other).where(other.c.job == seq))
    connection.execute(delete(jobs).where(jobs.c.seq == seq))
    connection.execute(insert(leftovers).values(job=seq))
    blobs.drop(connection, used)
