"""Files and jobs as the tests of the ledger need them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.domain.batch import BatchInput, BatchJob, Lease, Outcome, Plan, Span
from octavo.domain.file import Blob, FilePurpose, FileSource, SampleType, StoredFile
from ports.databases import Home

NOBODY = str(uuid.UUID(int=0))
"""An id that nothing has."""


def make_file(home: Home, **changes: Any) -> StoredFile:
    """A file, entered nowhere, whose blob is announced unless one is given."""
    if "blob" not in changes:
        changes["blob"] = make_blob(home)
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "owner": "alice",
        "name": "lines.jsonl",
        "purpose": FilePurpose.BATCH,
        "sample_type": SampleType.BATCH_REQUEST,
        "source": FileSource.UPLOAD,
        "created_at": int(home.clock()),
    }
    return StoredFile(**(values | changes))


def make_blob(home: Home, name: str | None = None) -> Blob:
    """A blob that is announced."""
    blob = Blob(name=name or uuid.uuid4().hex, size=1000, sha256="0" * 64)
    home.files().announce(blob.name)
    return blob


def make_job(home: Home, lines: int = 3, **changes: Any) -> BatchJob:
    """A job, entered nowhere, of one input that is announced."""
    if "inputs" not in changes:
        changes["inputs"] = (BatchInput(blob=make_blob(home), lines=lines),)
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "owner": "alice",
        "endpoint": "/v1/ocr",
        "total": lines,
        "created_at": int(home.clock()),
    }
    return BatchJob(**(values | changes))


def plan_of(ledger: SqlLedger, job: BatchJob) -> Plan:
    (plan,) = [plan for plan in ledger.unplanned(1000) if plan.job_id == job.id]
    return plan


def spans(plan: Plan, numbers: Sequence[int]) -> list[tuple[int, Span]]:
    return [(number, Span(blob=plan.blob.name, offset=100 * number, length=90)) for number in numbers]


def planned(home: Home, ledger: SqlLedger, lines: int = 3, **changes: Any) -> BatchJob:
    """A job whose lines are all known."""
    job = ledger.create(make_job(home, lines, **changes))
    plan = plan_of(ledger, job)
    assert ledger.plan(plan, spans(plan, range(1, lines + 1)), rest=None)
    return job


def outcome(lease: Lease, blob: str, **changes: Any) -> Outcome:
    span = Span(blob=blob, offset=10 * lease.number, length=9)
    values: dict[str, Any] = {"job_id": lease.job_id, "number": lease.number, "result": span}
    return Outcome(**(values | changes))


def do(home: Home, ledger: SqlLedger, leases: Sequence[Lease], holder: str = "holder", **changes: Any) -> str:
    """Record leases, their results in a blob of its own; its name."""
    blob = make_blob(home).name
    done = ledger.record(holder, [outcome(lease, blob, **changes) for lease in leases])
    assert done == {(lease.job_id, lease.number) for lease in leases}
    return blob


def unused(files: SqlFiles) -> set[str]:
    return set(files.unused(1000))
