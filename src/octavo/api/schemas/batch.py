"""Batch jobs on the wire: what creates one, what is told of it, and the lines of its files."""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps
from typing import Annotated, Any, Literal, Self, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from octavo.api.errors import Complaint, InvalidBody
from octavo.domain.batch import BatchJob, BatchStatus

MOST_REQUESTS = 10_000
"""Requests that may come with a job; more come as a file."""

MOST_FILES = 100
"""Files with the lines of one job."""

LONGEST_NAME = 8192
"""Characters of a `custom_id`, or of its JSON where it is no string."""

SERVED = "/v1/ocr"
Endpoint: TypeAlias = Literal[
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/fim/completions",
    "/v1/moderations",
    "/v1/chat/moderations",
    "/v1/ocr",
    "/v1/classifications",
    "/v1/chat/classifications",
    "/v1/conversations",
    "/v1/audio/transcriptions",
]
MOST_METADATA = 64
LONGEST_KEY = 32
LONGEST_VALUE = 512
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY)]
MetadataValue = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]


def _named(custom_id: Any) -> Any:
    """The name of a line.

    Raises:
        InvalidBody: it is long; raised past pydantic, for lines complain of that alone.
    """
    text = custom_id if isinstance(custom_id, str) else dumps(custom_id)
    if len(text) > LONGEST_NAME:
        message = f"Value should have at most {LONGEST_NAME} characters"
        raise InvalidBody([Complaint(type="string_too_long", loc=["line", "custom_id"], msg=message)])
    return custom_id


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("Name each file once")
    return ids


class BatchJobIn(BaseModel):
    """The body of `POST /v1/batch/jobs`; its `requests` are taken out of it while it arrives."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    endpoint: Endpoint = Field(description="What each line is a request to; this server runs `/v1/ocr`.")
    input_files: Annotated[list[UUID], Field(max_length=MOST_FILES), AfterValidator(_each_once)] | None = Field(
        None, description="Ids of files uploaded with `purpose=batch`, each once; 100 at most."
    )
    requests: list[Any] | None = Field(
        None, description="The requests themselves, as `{custom_id, body}`, instead of files; 10 000 at most."
    )
    model: Annotated[str, Field(max_length=256)] | None = Field(
        None, description="The model for all lines; without it each line may name its own."
    )
    agent_id: Annotated[str, Field(max_length=256)] | None = Field(None, description="Told back, and nothing else.")
    metadata: Annotated[dict[MetadataKey, MetadataValue], Field(max_length=MOST_METADATA)] | None = Field(
        None, description="Pairs by which jobs are found again."
    )
    timeout_hours: Annotated[int, Field(ge=1, le=168)] = Field(
        24, description="Hours after which the job ends, done or not."
    )

    @model_validator(mode="after")
    def _is_served(self) -> Self:
        if self.endpoint != SERVED:
            raise ValueError(f"This server runs batches of {SERVED} alone, not of {self.endpoint}")
        return self


class BatchError(BaseModel):
    """What went wrong with some lines."""

    message: str
    count: int = 1


class OctavoJob(BaseModel):
    """What only Octavo tells of a job."""

    pages: int


class BatchJobOut(BaseModel):
    """A job as Mistral's clients know it."""

    id: str
    object: Literal["batch"] = "batch"
    input_files: list[str]
    endpoint: str
    model: str | None
    agent_id: str | None
    metadata: dict[str, str] | None
    errors: list[BatchError]
    status: BatchStatus
    created_at: int
    started_at: int | None
    completed_at: int | None
    total_requests: int
    completed_requests: int
    succeeded_requests: int
    failed_requests: int
    output_file: str | None
    error_file: str | None
    octavo: OctavoJob
    outputs: list[dict[str, Any]] | None = None


class BatchJobList(BaseModel):
    """A part of the list of jobs."""

    object: Literal["list"] = "list"
    data: list[BatchJobOut]
    total: int


class BatchJobDeleted(BaseModel):
    """A job that is no more."""

    id: str
    object: Literal["batch"] = "batch"
    deleted: bool = True


class BatchLine(BaseModel):
    """One line of the input; what else stands in it is ignored, as Mistral does."""

    model_config = ConfigDict(hide_input_in_errors=True)

    custom_id: Annotated[Any, AfterValidator(_named)] = None
    body: Any = None

    @property
    def name(self) -> str | None:
        """The caller's name for the line; what is no string is told as it was written."""
        if self.custom_id is None or isinstance(self.custom_id, str):
            return self.custom_id
        return dumps(self.custom_id)


def can_be_metadata(pairs: Mapping[str, str]) -> bool:
    """Whether a job may have all of these."""
    fit = all(len(key) <= LONGEST_KEY and len(value) <= LONGEST_VALUE for key, value in pairs.items())
    return fit and len(pairs) <= MOST_METADATA


def job_out(job: BatchJob) -> BatchJobOut:
    """The job for the wire."""
    return BatchJobOut(
        id=job.id,
        input_files=[one.file_id for one in job.inputs if one.file_id],
        endpoint=job.endpoint,
        model=job.model,
        agent_id=job.agent_id,
        metadata=dict(job.metadata) or None,
        errors=[BatchError(message=message, count=count) for message, count in job.errors],
        status=job.status,
        created_at=job.created_at,
        started_at=job.started_at,
        completed_at=job.completed_at,
        total_requests=job.total,
        completed_requests=job.succeeded + job.failed,
        succeeded_requests=job.succeeded,
        failed_requests=job.failed,
        output_file=job.output_file,
        error_file=job.error_file,
        octavo=OctavoJob(pages=job.pages),
    )
