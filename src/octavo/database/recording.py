"""What became of leased lines, entered as one: the lines, the counts of their jobs, and the use of the results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, update

from octavo.database import blobs
from octavo.database.connection import Database
from octavo.database.job_rows import digest
from octavo.database.many import blocks, update_many
from octavo.database.schema import FAILED, LEASED, SUCCEEDED, job_errors, job_results, jobs, tasks
from octavo.domain.batch import Outcome


def record(
    database: Database, connection: Connection, holder: str, outcomes: Sequence[Outcome]
) -> frozenset[tuple[str, int]]:
    """Enter outcomes of lines that the holder has leased; job and number of those that counted, now or before.

    Raises:
        StorageFailed: the blob of a result was never announced, or is removed already.
    """
    by_job: dict[str, dict[int, Outcome]] = defaultdict(dict)
    for outcome in outcomes:
        by_job[outcome.job_id].setdefault(outcome.number, outcome)
    counted, before = [], []
    for seq, job_id in seqs_of(connection, by_job):
        for block in blocks(sorted(by_job[job_id])):
            held, known = _held(connection, seq, holder, [by_job[job_id][number] for number in block])
            counted += [(seq, outcome) for outcome in held]
            before += known
    _enter(database, connection, counted)
    return frozenset((outcome.job_id, outcome.number) for outcome in [*before, *(one for _, one in counted)])


def seqs_of(connection: Connection, job_ids: Iterable[str]) -> list[tuple[int, str]]:
    """Numbers and ids of jobs, in order; without those that are forgotten."""
    found: list[tuple[int, str]] = []
    for block in blocks(job_ids):
        found += [
            (row[0], row[1]) for row in connection.execute(select(jobs.c.seq, jobs.c.id).where(jobs.c.id.in_(block)))
        ]
    return sorted(found)


def _held(
    connection: Connection, seq: int, holder: str, outcomes: Sequence[Outcome]
) -> tuple[list[Outcome], list[Outcome]]:
    """Those whose line is leased by the holder, and those that were recorded by a call whose answer got lost."""
    lines = tasks.c
    rows = select(lines.number, lines.state, lines.holder, lines.result_blob, lines.result_offset)
    rows = rows.where(lines.job == seq, lines.number.in_([outcome.number for outcome in outcomes]))
    found = {row.number: row for row in connection.execute(rows.order_by(lines.number).with_for_update())}
    known = [(outcome, found[outcome.number]) for outcome in outcomes if outcome.number in found]
    held = [outcome for outcome, row in known if row.state == LEASED and row.holder == holder]
    before = [
        outcome
        for outcome, row in known
        if row.state in {SUCCEEDED, FAILED}
        and (row.result_blob, row.result_offset) == (outcome.result.blob, outcome.result.offset)
    ]
    return held, before


def _enter(database: Database, connection: Connection, counted: Sequence[tuple[int, Outcome]]) -> None:
    if not counted:
        return
    update_many(
        connection, tasks, [_row_of(seq, outcome) for seq, outcome in counted], holder=None, claim=None, until=None
    )
    done = Counter((seq, outcome.error is not None) for seq, outcome in counted)
    pages: Counter[int] = Counter()
    for seq, outcome in counted:
        pages[seq] += outcome.pages
    for seq in sorted({seq for seq, _ in counted}):
        good, bad = done[seq, False], done[seq, True]
        moved = {
            "succeeded": jobs.c.succeeded + good,
            "failed": jobs.c.failed + bad,
            "leased": jobs.c.leased - good - bad,
            "pages": jobs.c.pages + pages[seq],
        }
        connection.execute(update(jobs).where(jobs.c.seq == seq).values(moved))
    _count_errors(database, connection, counted)
    _use_results(database, connection, counted)


def _count_errors(database: Database, connection: Connection, counted: Sequence[tuple[int, Outcome]]) -> None:
    errors = Counter((seq, outcome.error) for seq, outcome in counted if outcome.error is not None)
    rows = [
        {"job": seq, "digest": digest(message), "message": message, "count": number}
        for (seq, message), number in errors.items()
    ]
    for row in sorted(rows, key=lambda row: (row["job"], row["digest"])):
        new = database.insert(job_errors).values(row)
        more = {"count": job_errors.c.count + new.excluded.count}
        connection.execute(new.on_conflict_do_update(index_elements=["job", "digest"], set_=more))


def _use_results(database: Database, connection: Connection, counted: Sequence[tuple[int, Outcome]]) -> None:
    """One use for each job and blob, however many lines of the one stand in the other."""
    new = []
    for seq, blob in sorted({(seq, outcome.result.blob) for seq, outcome in counted}):
        row = database.insert(job_results).values(job=seq, blob=blob).on_conflict_do_nothing()
        if connection.execute(row).rowcount:
            new.append(blob)
    blobs.use(connection, new)


def _row_of(seq: int, outcome: Outcome) -> dict[str, object]:
    return {
        "job": seq,
        "number": outcome.number,
        "state": SUCCEEDED if outcome.error is None else FAILED,
        "custom_id": outcome.custom_id,
        "result_blob": outcome.result.blob,
        "result_offset": outcome.result.offset,
        "result_length": outcome.result.length,
        "error": outcome.error,
        "pages": outcome.pages,
    }
