"""`/v1/batch/jobs`."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from octavo.api.auth import Caller
from octavo.api.batch_answer import JobAnswer, outputs_of
from octavo.api.body import pieces_of
from octavo.api.errors import Complaint, Envelope, InvalidBody, invalid
from octavo.api.idempotency import IdempotencyKey, repeatable
from octavo.api.requests_spool import RequestsSpool
from octavo.api.routes.files import LAST_PART
from octavo.api.routes.ocr import Folder
from octavo.api.schemas.batch import (
    MOST_REQUESTS,
    BatchJobDeleted,
    BatchJobIn,
    BatchJobList,
    BatchJobOut,
    can_be_metadata,
    job_out,
)
from octavo.api.wiring import Wired, Wiring
from octavo.documents.spooling.spool import Spool
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.batch import BatchStatus, JobFilter
from octavo.domain.document import SpooledDocument
from octavo.domain.errors import LimitExceeded, UnknownModel
from octavo.domain.file import Listing
from octavo.services.batches import BatchService, Order

router = APIRouter(prefix="/v1/batch/jobs", tags=["batch"])

ERRORS = (401, 403, 404, 409, 422, 429, 503)
RESPONSES: dict[int | str, dict[str, Any]] = {status: {"model": Envelope} for status in ERRORS}
_KNOWN = {"page", "page_size", "model", "agent_id", "created_after", "created_by_me", "status", "order_by"}


@router.post("", response_model=BatchJobOut, responses=RESPONSES)
async def create(
    request: Request,
    wired: Wired,
    caller: Caller,
    folder: Folder,
    key: IdempotencyKey = None,
) -> BatchJobOut:
    """Begin a job: its requests are the lines of files, or come with it."""
    body, lines, count, digest = await _taken(request, wired, folder.path)
    _check_model(wired, body)
    order = Order(
        owner=caller.owner,
        endpoint=body.endpoint,
        file_ids=tuple(map(str, body.input_files or ())),
        lines=await _batches(wired).take_in(lines.path, count) if count else None,
        model=body.model,
        agent_id=body.agent_id,
        metadata=body.metadata or {},
        timeout_hours=body.timeout_hours,
        again=repeatable(key, "batch", digest),
    )
    try:
        return job_out(await _batches(wired).create(order))
    except LimitExceeded as error:
        complaint = Complaint(type="too_many_lines", loc=["body", "input_files"], msg=str(error))
        raise InvalidBody([complaint]) from None


@router.get("", response_model=BatchJobList, responses=RESPONSES)
async def jobs(  # noqa: PLR0913  one parameter for each filter
    *,
    request: Request,
    wired: Wired,
    caller: Caller,
    page: Annotated[int, Query(ge=0, le=LAST_PART)] = 0,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    model: str | None = None,
    agent_id: str | None = None,
    created_after: datetime | None = None,
    created_by_me: bool = False,  # noqa: ARG001  all that is listed is the caller's
    status: Annotated[list[BatchStatus] | None, Query()] = None,
    order_by: Literal["created", "-created"] = "-created",
) -> BatchJobList:
    """The caller's jobs. Every parameter that is not named here selects by metadata, as Mistral's clients send it."""
    metadata = {name: value for name, value in request.query_params.items() if name not in _KNOWN}
    if not can_be_metadata(metadata):
        return BatchJobList(data=[], total=0)  # no job has these
    chosen = JobFilter(
        model=model,
        agent_id=agent_id,
        statuses=tuple(status or ()),
        created_after=None if created_after is None else _seconds(created_after),
        metadata=metadata,
        oldest_first=order_by == "created",
    )
    found, total = await _batches(wired).list(caller.owner, chosen, Listing(page=page, size=page_size))
    return BatchJobList(data=[job_out(job) for job in found], total=total)


@router.get("/{job_id}", response_model=BatchJobOut, responses=RESPONSES)
async def job(job_id: str, wired: Wired, caller: Caller, *, inline: bool | None = None) -> BatchJobOut | Response:
    """One job; with `inline` the lines of its output and error files stand in `outputs` once it is over."""
    found = await _batches(wired).get(caller.owner, job_id)
    if not inline or not found.status.is_final:
        return job_out(found)
    return JobAnswer(job_out(found), await outputs_of(found, _batches(wired).files))


@router.post("/{job_id}/cancel", response_model=BatchJobOut, responses=RESPONSES)
async def cancel(job_id: str, wired: Wired, caller: Caller) -> BatchJobOut:
    """Stop a job; the lines that are done stay, and can be downloaded."""
    return job_out(await _batches(wired).cancel(caller.owner, job_id))


@router.post("/{job_id}/retry", response_model=BatchJobOut, responses=RESPONSES)
async def retry(job_id: str, wired: Wired, caller: Caller) -> BatchJobOut:
    """A new job of the lines of this one that failed. Octavo's own: Mistral has no such call."""
    return job_out(await _batches(wired).retry(caller.owner, job_id))


@router.delete("/{job_id}", response_model=BatchJobDeleted, responses=RESPONSES)
async def delete(job_id: str, wired: Wired, caller: Caller) -> BatchJobDeleted:
    """Forget a job that is over, and all that was kept for it but its output and error files."""
    await _batches(wired).delete(caller.owner, job_id)
    return BatchJobDeleted(id=job_id)


def _batches(wired: Wiring) -> BatchService:
    assert wired.batches is not None  # noqa: S101  see `create_app`
    return wired.batches


async def _taken(request: Request, wired: Wiring, folder: Path) -> tuple[BatchJobIn, SpooledDocument, int, str]:
    """The body without its requests, these as lines in a file, how many they are, and a digest of it all.

    Raises:
        InvalidBody: it is no JSON, or does not fit.
        FileTooLarge: it is over the limit.
        Overloaded, OutOfSpace: there is no room for it.
    """
    whole = sha256()
    with Spool(folder, wired.options.max_upload_bytes, wired.budget) as file:
        spool = RequestsSpool(file.write, MOST_REQUESTS)
        async for piece in pieces_of(request):
            whole.update(piece)
            await unbroken(spool.write, piece)
        try:
            body = BatchJobIn.model_validate_json(spool.close())
        except ValidationError as error:
            raise invalid(error, "body") from None
        _check_input(body, spool.count)
        return body, file.document("requests"), spool.count, whole.hexdigest()


def _check_input(body: BatchJobIn, count: int) -> None:
    """There is one kind of input.

    Raises:
        InvalidBody: there is none, or both.
    """
    given = bool(body.input_files) + bool(count)
    if given != 1 or body.requests:
        message = "Value error, Give either `input_files` or `requests`, with at least one entry"
        raise InvalidBody([Complaint(type="value_error", loc=["body"], msg=message)])


def _check_model(wired: Wiring, body: BatchJobIn) -> None:
    try:
        wired.models.resolve(body.model)
    except UnknownModel as error:
        raise InvalidBody([Complaint(type="invalid_model", loc=["body", "model"], msg=str(error))]) from None


def _seconds(moment: datetime) -> float:
    """Since 1970; a time without a zone is UTC, as clients send it."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
