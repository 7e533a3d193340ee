"""How jobs end: which shall stop, which only have to be finished, and their last transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, literal_column, select, update

from octavo.database import blobs, file_rows
from octavo.database.connection import Database
from octavo.database.job_rows import digest, jobs_of
from octavo.database.redoing import redo
from octavo.database.schema import FAILED, SUCCEEDED, job_errors, job_results, jobs, tasks
from octavo.domain.batch import BatchJob, BatchStatus, Span
from octavo.domain.errors import IllegalMove
from octavo.domain.file import SampleType, StoredFile

CANCELLED = jobs.c.status == literal_column("'CANCELLATION_REQUESTED'")
NOT_OVER = jobs.c.completed_at.is_(None)
_ZERO: ColumnElement[int] = literal_column("0")
_NOTHING_LEFT = and_(NOT_OVER, jobs.c.plan_place.is_(None), jobs.c.waiting == _ZERO, jobs.c.leased == _ZERO)
UNREADABLE = "The rest of an input file could not be read. Upload it again, and make a job of the requests not done."
_FILES = {SampleType.BATCH_RESULT: "output_file", SampleType.BATCH_ERROR: "error_file"}


class SqlEndings:
    """What brings jobs to their end.

    Args:
        database: open.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def stopping(self) -> tuple[str, ...]:
        """Ids of jobs whose work shall stop."""
        with self._database.reading() as connection:
            found = connection.execute(select(jobs.c.id, jobs.c.seq).where(CANCELLED)).all()
            found = [*found, *connection.execute(select(jobs.c.id, jobs.c.seq).where(self._out_of_time()))]
        return tuple(dict.fromkeys(job_id for job_id, _ in sorted(found, key=lambda job: int(job[1]))))

    def ended(self, limit: int) -> tuple[BatchJob, ...]:
        """Jobs that only have to be finished."""
        idle = jobs.c.leased == _ZERO
        found: dict[int, RowMapping] = {}
        with self._database.reading() as connection:
            for why, order in (
                (_NOTHING_LEFT, jobs.c.seq),
                (and_(CANCELLED, idle), jobs.c.seq),
                (and_(self._out_of_time(), idle), jobs.c.due),  # the order of its index
            ):
                rows = connection.execute(select(jobs).where(why).order_by(order).limit(limit))
                found |= {row["seq"]: row for row in rows.mappings()}
            return jobs_of(connection, [found[seq] for seq in sorted(found)[:limit]])

    def results(self, job_id: str, *, failed: bool, after: int, limit: int) -> tuple[tuple[int, Span], ...]:
        """Numbers and results of lines."""
        seq = select(jobs.c.seq).where(jobs.c.id == job_id, NOT_OVER).scalar_subquery()
        lines = tasks.c
        rows = select(lines.number, lines.result_blob, lines.result_offset, lines.result_length)
        rows = rows.where(lines.job == seq, lines.number > after, lines.state == (FAILED if failed else SUCCEEDED))
        with self._database.reading() as connection:
            found = connection.execute(rows.order_by(lines.number).limit(limit)).all()
        return tuple((row[0], Span(blob=row[1], offset=row[2], length=row[3])) for row in found)

    def redo(self, job_id: str, blob: str) -> int:
        """Let lines wait again whose results got lost with a blob."""
        with self._database.writing() as connection:
            seq = connection.scalar(select(jobs.c.seq).where(jobs.c.id == job_id, NOT_OVER))
            return 0 if seq is None else redo(connection, seq, blob)

    def finish(self, job_id: str, status: BatchStatus, files: Sequence[StoredFile]) -> bool:
        """End a job, and enter its files."""
        with self._database.writing() as connection:
            known = select(jobs).where(jobs.c.id == job_id).with_for_update()
            row = connection.execute(known).mappings().first()
            if row is None or BatchStatus(row["status"]).is_final:
                return False
            if not BatchStatus(row["status"]).may_become(status) or not status.is_final:
                raise IllegalMove(f"The batch job {job_id} is {row['status']} and cannot become {status}.")
            if row["leased"] or (status is BatchStatus.SUCCESS and (row["waiting"] or row["plan_place"] is not None)):
                raise IllegalMove(f"The batch job {job_id} cannot become {status}: lines of it are still to be done.")
            if status is BatchStatus.FAILED:
                _tell_undone(connection, row)
            for file in files:
                file_rows.enter(connection, file)
            over = {"status": str(status), "completed_at": int(self._clock()), "waiting": 0, "plan_place": None}
            named = {_FILES[file.sample_type]: file.id for file in files}
            connection.execute(update(jobs).where(jobs.c.seq == row["seq"]).values(**over, **named))
            used = delete(job_results).where(job_results.c.job == row["seq"]).returning(job_results.c.blob)
            blobs.drop(connection, connection.scalars(used).all())
        return True

    def _out_of_time(self) -> ColumnElement[bool]:
        return and_(NOT_OVER, jobs.c.due <= int(self._clock()))


def _tell_undone(connection: Connection, job: RowMapping) -> None:
    undone = job["total"] - job["succeeded"] - job["failed"]
    if undone > 0:
        told = {"job": job["seq"], "digest": digest(UNREADABLE), "message": UNREADABLE, "count": undone}
        connection.execute(insert(job_errors).values(told))
