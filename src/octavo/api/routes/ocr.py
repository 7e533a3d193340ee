"""`POST /v1/ocr`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import ValidationError

from octavo.api.answer import OcrAnswer
from octavo.api.auth import Caller
from octavo.api.body import parse_json
from octavo.api.errors import Envelope, invalid
from octavo.api.schemas.ocr_request import OCRRequest, OctavoOptions
from octavo.api.schemas.ocr_response import OCRResponse
from octavo.api.schemas.to_domain import document_ref, read_request
from octavo.api.wiring import Wired

router = APIRouter(prefix="/v1", tags=["ocr"])

OptionsHeader = Annotated[str | None, Header(description="Octavo's own options as JSON, as `octavo` in the body.")]


@router.post("/ocr", response_model=OCRResponse, responses={status: {"model": Envelope} for status in (400, 413, 429)})
async def ocr(request: Request, wired: Wired, caller: Caller, x_octavo_options: OptionsHeader = None) -> OcrAnswer:
    """Read a document: Markdown, pictures, tables and blocks of each page."""
    extra = _header_options(x_octavo_options)
    body = await parse_json(request, OCRRequest)
    model = wired.models.resolve(body.model)
    asked = read_request(
        body,
        document_ref(body),
        extra=_merged(extra, body.octavo),
        model=model.id,
        dpi=wired.default_dpi,
        owner=caller.owner,
    )
    return OcrAnswer(partial(wired.ocr.read, asked), asked.answer, body.model or model.id)


def _header_options(header: str | None) -> OctavoOptions:
    try:
        return OctavoOptions.model_validate_json(header) if header else OctavoOptions()
    except ValidationError as error:
        raise invalid(error, "header", "x-octavo-options") from None


def _merged(header: OctavoOptions, body: OctavoOptions | None) -> OctavoOptions:
    """Options of the body go before those of the header, one by one."""
    given = {name: getattr(body, name) for name in body.model_fields_set} if body else {}
    return header.model_copy(update=given)
