"""Results that got lost: their lines wait again, and count no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, literal_column, select, update

from octavo.database import blobs
from octavo.database.job_rows import digest
from octavo.database.many import blocks
from octavo.database.schema import FAILED, SUCCEEDED, WAITING, job_errors, job_results, jobs, tasks

_NO_RESULT = dict.fromkeys(("custom_id", "result_blob", "result_offset", "result_length", "error", "pages"))


def redo(connection: Connection, job: int, blob: str) -> int:
    """Undo what was recorded of the lines whose results stand in this blob; how many."""
    lines = tasks.c
    lost = select(lines.number, lines.state, lines.error, lines.pages).where(
        lines.job == job, lines.result_blob == blob, lines.state.in_([SUCCEEDED, FAILED])
    )
    found = connection.execute(lost.order_by(lines.number).with_for_update()).all()
    for block in blocks([row.number for row in found]):
        these = update(tasks).where(lines.job == job, lines.number.in_(block))
        connection.execute(these.values(_NO_RESULT | {"state": WAITING}))
    _count_less(connection, job, found)
    used = delete(job_results).where(job_results.c.job == job, job_results.c.blob == blob)
    if connection.execute(used).rowcount:
        blobs.drop(connection, [blob])
    return len(found)


def _count_less(connection: Connection, job: int, found: Sequence[Row[*tuple[Any, ...]]]) -> None:
    failed = sum(row.state == FAILED for row in found)
    less = {
        "succeeded": jobs.c.succeeded - (len(found) - failed),
        "failed": jobs.c.failed - failed,
        "waiting": jobs.c.waiting + len(found),
        "pages": jobs.c.pages - sum(row.pages or 0 for row in found),
    }
    connection.execute(update(jobs).where(jobs.c.seq == job).values(less))
    for message, number in Counter(row.error for row in found if row.error is not None).items():
        this = (job_errors.c.job == job, job_errors.c.digest == digest(message))
        connection.execute(update(job_errors).where(*this).values(count=job_errors.c.count - number))
        connection.execute(delete(job_errors).where(*this, job_errors.c.count <= literal_column("0")))
