"""How a server is doing, as `GET /v1/status` tells it: nothing of a document, of a caller, or that opens anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from octavo.domain.installation import Finding

Readiness = Literal["ready", "starting", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A model, and whether it can read now.

    Attributes:
        detail: why it cannot; empty where it can.
    """

    id: str
    aliases: tuple[str, ...]
    state: Readiness
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who reads: as `WorkerStats`, and `capacity`, the pages that can be read at the same time."""

    capacity: int
    warm: int
    busy: int
    waiting: int
    spare: int
    restarts: int
    recycled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Pages that are read now, and pages (and documents to open) that wait for their turn."""

    running: int
    waiting_requests: int
    waiting_batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Pages that were read in each step of the last minutes, the oldest first; the last step is not over yet."""

    step_seconds: int
    read: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Pages since the start, by what became of them, and how fast they are read.

    Attributes:
        kept: found among those that were read before.
        per_second: pages read, over the last seconds.
    """

    read: int
    kept: int
    failed: int
    per_second: float
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where things are kept, and how much there is of them.

    Attributes:
        free_bytes: of the disk of the data folder; None where it does not tell.
        kept_bytes: of finished pages.
        spool_bytes: of documents that lie there for requests; None where the disk does not tell.
    """

    data_dir: str
    database: str
    blobs: Literal["folder", "bucket"]
    free_bytes: int | None
    kept_bytes: int
    spool_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDays:
    """Days for which files are kept, by their kind; 0 is without end."""

    ocr: float
    batch: float
    results: float
    other: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept.

    Attributes:
        pages_seconds: finished pages; 0 is not at all.
        results_linked: whether a result can be had again later, because its pages are kept.
        job_days: batch jobs that are over; 0 is without end.
    """

    pages_seconds: float
    results_linked: bool
    file_days: FileDays
    job_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is refused: bytes of a document, bytes of an upload, pages of a document, seconds of a request."""

    max_file_bytes: int
    max_upload_bytes: int
    max_pages: int
    request_timeout: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """One server at one moment.

    Attributes:
        started_at: in Unix seconds.
    """

    version: str
    started_at: int
    models: tuple[ServedModel, ...]
    workers: Workers
    queue: Queue
    pages: Pages
    storage: Storage
    retention: Retention
    limits: Limits
    checks: tuple[Finding, ...]
