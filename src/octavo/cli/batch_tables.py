"""Batch jobs as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from octavo.cli.batch_api import Job
from octavo.cli.batch_run import FROM

_HEAD = ("ID", "STATUS", "DONE", "FAILED", "CREATED", "FROM")
_LONGEST = 40


def table_of(jobs: Sequence[Job]) -> Iterator[str]:
    """One line for each, below a head."""
    rows = [_HEAD, *map(_row, jobs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def fields_of(job: Job) -> Iterator[str]:
    """All that is known, a line for each thing."""
    told = job.told
    fields = {
        "id": job.id,
        "status": str(job.status),
        "requests": f"{job.done:,} of {job.total:,} done, {job.failed:,} failed",
        "pages": None if job.pages is None else f"{job.pages:,}",
        "model": told.get("model"),
        "endpoint": told.get("endpoint"),
        **{name: _time(told.get(f"{name}_at")) for name in ("created", "started", "completed")},
        "input files": ", ".join(told.get("input_files") or ()),
        "output file": job.output_file,
        "error file": job.error_file,
        **(told.get("metadata") or {}),
    }
    for name, value in fields.items():
        if value:
            yield f"{name + ':':<14}{value}"
    for message, count in job.errors:
        yield f"{count:>7,} x {message}"


def _row(job: Job) -> tuple[str, ...]:
    came = _origin(job)
    short = came if len(came) <= _LONGEST else f"…{came[1 - _LONGEST :]}"
    done = f"{job.done:,}/{job.total:,}"
    return job.id, str(job.status), done, f"{job.failed:,}", _time(job.told.get("created_at")) or "", short


def _origin(job: Job) -> str:
    """Where the requests came from, as far as the job's maker has said."""
    metadata = job.told.get("metadata") or {}
    return str(metadata.get(FROM) or ", ".join(f"{name}={value}" for name, value in metadata.items()))


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")
