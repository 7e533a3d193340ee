"""What `GET /v1/status` answers. See `domain/status.py` for what each field means."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from octavo.api.admission import Admission
from octavo.domain.status import ServerStatus


class _Part(BaseModel):
    """A part of the status; fields are those of the noun of the same name."""

    model_config = ConfigDict(from_attributes=True)


class StatusModel(_Part):
    """A model, and whether it can read now; `detail` says why not."""

    id: str
    aliases: list[str]
    state: Literal["ready", "starting", "failed"]
    detail: str


class StatusWorkers(_Part):
    """Worker processes."""

    capacity: int = Field(description="Pages that can be read at the same time.")
    warm: int = Field(description="Workers that have loaded the models, the spare included.")
    busy: int
    waiting: int = Field(description="Calls that wait for a worker.")
    spare: int = Field(description="Warm workers beyond the capacity.")
    restarts: int = Field(description="Workers that died or were killed, since the start.")
    recycled: int = Field(description="Workers that were replaced for their age or memory, since the start.")


class StatusQueue(_Part):
    """Pages, and documents to open, that are worked on or wait; and requests that are inside."""

    running: int
    waiting_requests: int
    waiting_batch: int
    inside: int = Field(0, description="Requests for reading, and uploads, that are served or wait.")
    most_inside: int = Field(0, description="So many are let in at a time.")


class StatusHistory(_Part):
    """Pages read in each step of the last ten minutes, the oldest first; the last step is not over yet."""

    step_seconds: int
    read: list[int]


class StatusPages(_Part):
    """Pages since the start, by what became of them."""

    read: int
    kept: int = Field(description="Found among those that were read before.")
    failed: int
    per_second: float = Field(description="Pages read a second, over the last ten.")
    history: StatusHistory


class StatusStorage(_Part):
    """Where things are kept; what the disk does not tell in time is null."""

    data_dir: str
    database: Literal["SQLite", "PostgreSQL"]
    blobs: Literal["folder", "bucket"]
    free_bytes: int | None
    kept_bytes: int = Field(description="Of finished pages.")
    spool_bytes: int | None = Field(description="Of documents that lie on disk for requests.")


class StatusFileDays(_Part):
    """Days that files are kept; 0 is without end."""

    ocr: float
    batch: float
    results: float
    other: float


class StatusRetention(_Part):
    """How long things are kept."""

    pages_seconds: float = Field(description="Finished pages; 0 is not at all.")
    results_linked: bool = Field(description="Whether finished pages are kept, so that a result can be had again.")
    file_days: StatusFileDays
    job_days: float = Field(description="Batch jobs that are over; 0 is without end.")


class StatusLimits(_Part):
    """What is refused."""

    max_file_bytes: int
    max_upload_bytes: int
    max_pages: int
    request_timeout: float | None


class StatusCheck(_Part):
    """What came of one look at the server."""

    name: str
    state: Literal["ok", "warning", "error"]
    detail: str


class StatusOut(_Part):
    """How the server is doing."""

    version: str
    started_at: int = Field(description="In Unix seconds.")
    models: list[StatusModel]
    workers: StatusWorkers
    queue: StatusQueue
    pages: StatusPages
    storage: StatusStorage
    retention: StatusRetention
    limits: StatusLimits
    checks: list[StatusCheck]


def status_of(status: ServerStatus, admission: Admission) -> StatusOut:
    """The answer; who is inside is known at the door."""
    told = StatusOut.model_validate(status)
    told.queue.inside, told.queue.most_inside = admission.inside, admission.most
    return told
