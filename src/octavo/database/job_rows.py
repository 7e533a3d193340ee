"""Jobs as rows, and rows as jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert, select

from octavo.database.schema import job_errors, job_inputs, job_metadata, jobs
from octavo.domain.batch import BatchInput, BatchJob, BatchStatus
from octavo.domain.file import Blob

_Parts = dict[int, list[RowMapping]]


def enter(connection: Connection, job: BatchJob, **more: object) -> int:
    """Add a job with its inputs and metadata, none of its lines known; its `seq`."""
    row = _row_of(job) | {"plan_place": 0, "plan_offset": 0, "plan_number": 1} | more
    seq = int(connection.execute(insert(jobs).values(row).returning(jobs.c.seq)).scalar_one())
    _add(connection, job_inputs, [_row_of_input(seq, place, entry) for place, entry in enumerate(job.inputs)])
    pairs = [
        {"job": seq, "place": place, "key": key, "value": value, "pair": pair_of(key, value)}
        for place, (key, value) in enumerate(job.metadata.items())
    ]
    _add(connection, job_metadata, pairs)
    return seq


def jobs_of(connection: Connection, rows: Iterable[RowMapping]) -> tuple[BatchJob, ...]:
    """The jobs in rows, with all that belongs to them."""
    found = list(rows)
    seqs = [row["seq"] for row in found]
    inputs = _parts(connection, job_inputs, seqs, job_inputs.c.place)
    metadata = _parts(connection, job_metadata, seqs, job_metadata.c.place)
    errors = _parts(connection, job_errors, seqs, job_errors.c.count.desc(), job_errors.c.message)
    return tuple(_job_of(row, inputs[row["seq"]], metadata[row["seq"]], errors[row["seq"]]) for row in found)


def pair_of(key: str, value: str) -> str:
    """A digest of a pair of metadata."""
    return digest(f"{len(key)}:{key}{value}")


def digest(words: str) -> str:
    """Any text, in 64 characters."""
    return sha256(words.encode(errors="surrogatepass")).hexdigest()


def _parts(connection: Connection, table: Table, seqs: Sequence[int], *order: Any) -> _Parts:
    parts: _Parts = defaultdict(list)
    if seqs:
        for row in connection.execute(select(table).where(table.c.job.in_(seqs)).order_by(*order)).mappings():
            parts[row["job"]].append(row)
    return parts


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _job_of(
    row: RowMapping, inputs: list[RowMapping], metadata: list[RowMapping], errors: list[RowMapping]
) -> BatchJob:
    return BatchJob(
        id=row["id"],
        owner=row["owner"],
        endpoint=row["endpoint"],
        inputs=tuple(map(_input_of, inputs)),
        total=row["total"],
        created_at=row["created_at"],
        model=row["model"],
        agent_id=row["agent_id"],
        metadata={pair["key"]: pair["value"] for pair in metadata},
        timeout_hours=row["timeout_hours"],
        status=BatchStatus(row["status"]),
        started_at=row["started_at"],
        completed_at=row["completed_at"],
        succeeded=row["succeeded"],
        failed=row["failed"],
        pages=row["pages"],
        errors=tuple((error["message"], error["count"]) for error in errors),
        output_file=row["output_file"],
        error_file=row["error_file"],
    )


def _input_of(row: RowMapping) -> BatchInput:
    blob = Blob(name=row["blob"], size=row["size"], sha256=row["sha256"])
    return BatchInput(blob=blob, lines=row["lines"], file_id=row["file_id"])


def _row_of_input(seq: int, place: int, entry: BatchInput) -> dict[str, Any]:
    return {
        "job": seq,
        "place": place,
        "blob": entry.blob.name,
        "size": entry.blob.size,
        "sha256": entry.blob.sha256,
        "lines": entry.lines,
        "file_id": entry.file_id,
    }


def _row_of(job: BatchJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "owner": job.owner,
        "endpoint": job.endpoint,
        "model": job.model,
        "agent_id": job.agent_id,
        "timeout_hours": job.timeout_hours,
        "created_at": job.created_at,
        "due": job.due,
        "started_at": job.started_at,
        "completed_at": job.completed_at,
        "status": str(job.status),
        "total": job.total,
        "waiting": 0,
        "leased": 0,
        "succeeded": job.succeeded,
        "failed": job.failed,
        "pages": job.pages,
        "output_file": job.output_file,
        "error_file": job.error_file,
    }
