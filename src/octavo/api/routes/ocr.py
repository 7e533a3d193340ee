"""`POST /v1/ocr`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import ValidationError

from octavo.api.accept import EVENTS, wants_events
from octavo.api.answer import OcrAnswer
from octavo.api.auth import Caller
from octavo.api.body import parse_json
from octavo.api.errors import Envelope, invalid
from octavo.api.event_stream import EventStream
from octavo.api.forms import parse_form
from octavo.api.record import record_of
from octavo.api.schemas.ocr_request import OCROptions, OCRRequest, OctavoOptions
from octavo.api.schemas.ocr_response import OCRResponse
from octavo.api.schemas.to_domain import document_ref, read_request
from octavo.api.wiring import Wired, Wiring
from octavo.domain.document import DocumentRef
from octavo.services.folder import RequestFolder

router = APIRouter(prefix="/v1", tags=["ocr"])

OptionsHeader = Annotated[str | None, Header(description="Octavo's own options as JSON, as `octavo` in the body.")]
ERRORS = (400, 401, 403, 408, 413, 422, 429, 500, 501, 503, 504)
AS_EVENTS = {
    "description": "The answer; with `Accept: text/event-stream` the events `start`, `page` for each page when it is "
    "read, and at last `result` with the answer, or `error`.",
    "content": {EVENTS: {"schema": {"type": "string"}, "example": 'event: page\ndata: {"done": 1, "pages": 3, …}\n\n'}},
}
RESPONSES: dict[int | str, dict[str, Any]] = {200: AS_EVENTS, **{status: {"model": Envelope} for status in ERRORS}}


async def request_folder(wired: Wired) -> AsyncIterator[RequestFolder]:
    """A folder for what lies on disk of the request; held until the last byte of the answer.

    Raises:
        OutOfSpace: the disk is full.
    """
    folder = RequestFolder(wired.ocr.spool_dir)
    async with folder.held():
        yield folder


Folder = Annotated[RequestFolder, Depends(request_folder)]


@router.post("/ocr", response_model=OCRResponse, responses=RESPONSES)
async def ocr(
    request: Request,
    wired: Wired,
    caller: Caller,
    folder: Folder,
    x_octavo_options: OptionsHeader = None,
) -> OcrAnswer | EventStream:
    """Read a document: Markdown, pictures, tables and blocks of each page."""
    as_events = wants_events(request.scope)
    extra = header_options(x_octavo_options)
    async with wired.ocr.deadlines.limit(None, str):  # the end of the server; for the rest see `patience.py`
        options, document = await _parse(request, wired, folder.path, caller.owner)
    model = wired.models.resolve(options.model)
    asked = read_request(
        options,
        document,
        extra=_merged(extra, options.octavo),
        model=model.id,
        dpi=wired.options.default_dpi,
        languages=wired.options.default_languages,
        owner=caller.owner,
        deadline=record_of(request.scope).deadline(None if as_events else wired.options.request_timeout),
    )
    form = EventStream if as_events else OcrAnswer
    return form(partial(wired.ocr.read, asked, folder=folder), asked.answer, options.model or model.id)


async def _parse(request: Request, wired: Wiring, folder: Path, owner: str) -> tuple[OCROptions, DocumentRef]:
    """The body, as a form or as JSON: clients do not always label JSON."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await parse_form(request, folder, wired.options.max_file_bytes, wired.budget)
    body, texts = await parse_json(request, OCRRequest, folder, wired.budget)
    return body, document_ref(body, texts, owner=owner)


def header_options(header: str | None) -> OctavoOptions:
    """What the header says.

    Raises:
        InvalidBody: it is no JSON, or has unknown or impossible options.
    """
    try:
        return OctavoOptions.model_validate_json(header) if header else OctavoOptions()
    except ValidationError as error:
        raise invalid(error, "header", "x-octavo-options") from None


def _merged(header: OctavoOptions, body: OctavoOptions | None) -> OctavoOptions:
    """Options of the body go before those of the header, one by one."""
    given = {name: getattr(body, name) for name in body.model_fields_set} if body else {}
    return header.model_copy(update=given)
