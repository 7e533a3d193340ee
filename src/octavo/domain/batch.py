"""Batch jobs: many requests in one, each line of the input a task of its own.

A job is what a caller made and watches; a task is one of its lines; a lease is a task that somebody works on; an
outcome is what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from octavo.domain.file import Blob

NO_METADATA: Mapping[str, str] = MappingProxyType({})


class BatchStatus(StrEnum):
    """Where a job stands, as the API names it."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    TIMEOUT_EXCEEDED = "TIMEOUT_EXCEEDED"
    CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether the job is over."""
        return not MOVES[self]

    def may_become(self, other: BatchStatus) -> bool:
        """Whether `other` may follow."""
        return other in MOVES[self]


MOVES: Mapping[BatchStatus, frozenset[BatchStatus]] = MappingProxyType(
    {
        BatchStatus.QUEUED: frozenset(
            {BatchStatus.RUNNING, BatchStatus.CANCELLED, BatchStatus.TIMEOUT_EXCEEDED, BatchStatus.FAILED}
        ),
        BatchStatus.RUNNING: frozenset(
            {
                BatchStatus.SUCCESS,
                BatchStatus.FAILED,
                BatchStatus.TIMEOUT_EXCEEDED,
                BatchStatus.CANCELLATION_REQUESTED,
            }
        ),
        BatchStatus.CANCELLATION_REQUESTED: frozenset({BatchStatus.CANCELLED}),
        BatchStatus.SUCCESS: frozenset(),
        BatchStatus.FAILED: frozenset(),
        BatchStatus.TIMEOUT_EXCEEDED: frozenset(),
        BatchStatus.CANCELLED: frozenset(),
    }
)
"""Which status may follow which; a job is SUCCESS when every line was processed, even when lines failed."""

ACTIVE = frozenset(status for status in BatchStatus if not status.is_final)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInput:
    """One input of a job: lines in a blob.

    Attributes:
        blob: the JSONL; kept as long as the job, whatever becomes of the file.
        lines: those that are not blank.
        file_id: of the file that the caller named; None where the requests came with the job.
    """

    blob: Blob
    lines: int
    file_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchJob:
    """One job.

    Attributes:
        id: a UUID.
        owner: whose it is; to everybody else it does not exist.
        endpoint: path of the API that each line is a request to.
        model: for all lines; None lets each line name its own.
        agent_id: told back, and nothing else.
        timeout_hours: from `created_at` on; what is not done by then is left undone.
        created_at, started_at, completed_at: seconds since 1970.
        total, succeeded, failed: lines.
        pages: that were read in them.
        errors: what went wrong with lines, with how many of them, most frequent first.
        output_file, error_file: ids of files, once the job is over and if there is anything in them.
    """

    id: str
    owner: str
    endpoint: str
    inputs: tuple[BatchInput, ...]
    total: int
    created_at: int
    model: str | None = None
    agent_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    timeout_hours: int = 24
    status: BatchStatus = BatchStatus.QUEUED
    started_at: int | None = None
    completed_at: int | None = None
    succeeded: int = 0
    failed: int = 0
    pages: int = 0
    errors: tuple[tuple[str, int], ...] = ()
    output_file: str | None = None
    error_file: str | None = None

    @property
    def due(self) -> int:
        """When its time is up, in seconds since 1970."""
        return self.created_at + 3600 * self.timeout_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs are listed; what is empty or None selects all.

    Attributes:
        created_after: seconds since 1970.
        metadata: pairs that a job must have, all of them.
        oldest_first: else the newest come first.
    """

    model: str | None = None
    agent_id: str | None = None
    statuses: tuple[BatchStatus, ...] = ()
    created_after: float | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    oldest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a blob: bytes from `offset` on."""

    blob: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the lines of a job are still to be found: in input `place`, from byte `offset` on.

    Attributes:
        job_id: of the job.
        place: index of the input.
        blob: its bytes.
        offset: of the first byte that was not looked at.
        number: of the next line, counted from 1 over all inputs.
    """

    job_id: str
    place: int
    blob: Blob
    offset: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A line that somebody works on: nobody else does until the lease is given back or has run out.

    Attributes:
        job_id, owner, model, endpoint: of its job.
        number: of the line, counted from 1 over all inputs.
        line: where it stands.
        attempt: how often it was leased, this time included.
    """

    job_id: str
    owner: str
    model: str | None
    endpoint: str
    number: int
    line: Span
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one line.

    Attributes:
        job_id, number: which line.
        custom_id: the caller's name for it, if it could be read.
        result: where the line of the output (or of the errors) stands.
        error: why it failed, in few words that many lines share; None is success.
        pages: that were read.
    """

    job_id: str
    number: int
    result: Span
    custom_id: str | None = None
    error: str | None = None
    pages: int = 0
