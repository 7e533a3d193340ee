"""The one table: which error of the domain becomes which status, type and code of Mistral's wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from octavo.api.record import record_of
from octavo.domain import errors as domain


@dataclass(frozen=True, slots=True)
class Fault:
    """How an error looks on the wire.

    Attributes:
        status: of HTTP.
        type, code: as Mistral names them; a code is a string of digits, or nothing.
        message: Mistral's own sentence, where clients look for it.
        where: the field at fault, for errors that clients read as a list.
        retry_after: seconds after which another try makes sense.
        headers: to send along.
    """

    status: int
    type: str
    code: str | None = None
    message: str | None = None
    where: tuple[str, ...] = ("body",)
    retry_after: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


FAULTS: Mapping[type[domain.OctavoError], Fault] = {
    domain.OctavoError: Fault(500, "internal_server_error", "1000"),
    domain.InvalidRequest: Fault(400, "invalid_request_error"),
    domain.UnknownModel: Fault(400, "invalid_model", "1500"),
    domain.InvalidDocumentReference: Fault(400, "invalid_request_file", "3310"),
    domain.UnsupportedDocument: Fault(400, "document_parser_invalid_file", "3740"),
    domain.InvalidSettings: Fault(500, "internal_server_error", "1000"),
    domain.NotFound: Fault(404, "not_found"),
    domain.UnknownFile: Fault(
        422, "invalid_file", "1901", message="Could not get file.", where=("body", "document", "file_id")
    ),
    domain.InvalidFileFormat: Fault(422, "invalid_request_error"),
    domain.Conflict: Fault(409, "conflict"),
    domain.LimitExceeded: Fault(400, "invalid_request_error"),
    domain.FileTooLarge: Fault(413, "request_too_large"),
    domain.TooManyPages: Fault(400, "document_parser_too_many_pages", "3730"),
    domain.DocumentError: Fault(400, "document_parser_invalid_file", "3740"),
    domain.FetchFailed: Fault(400, "invalid_request_file", "3310"),
    domain.FetchForbidden: Fault(400, "invalid_request_file", "3310"),
    domain.EngineError: Fault(500, "internal_server_error", "1000"),
    domain.EngineNotInstalled: Fault(501, "not_implemented"),
    domain.EngineTimeout: Fault(504, "timeout"),
    domain.RequestTimeout: Fault(504, "timeout", retry_after=1),
    domain.Overloaded: Fault(429, "rate_limited", "1300", retry_after=5),
    domain.DatabaseFailed: Fault(503, "service_unavailable", retry_after=5),
    domain.StorageFailed: Fault(503, "service_unavailable", retry_after=60),
    domain.NoWorker: Fault(503, "service_unavailable", retry_after=30),
    domain.ShuttingDown: Fault(503, "service_unavailable", retry_after=5),
}
"""Looked up along the classes that an error descends from: a new error gets its parent's answer."""

UNAUTHORIZED = Fault(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
FORBIDDEN = Fault(403, "forbidden")
NOT_FOUND = FAULTS[domain.NotFound]
TOO_LARGE = FAULTS[domain.FileTooLarge]
BROKEN = FAULTS[domain.OctavoError]
MOST_COMPLAINTS = 20
LONGEST_TEXT = 200


class Envelope(BaseModel):
    """Mistral's form of an error, and `detail` for the clients that read that."""

    object: str = "error"
    message: str
    type: str
    param: str | None = None
    code: str | None = None
    raw_status_code: int
    detail: str | list[dict[str, Any]]


class Complaint(BaseModel):
    """One entry of `detail` when the request itself does not fit."""

    type: str
    loc: list[str | int]
    msg: str


class Refused(Exception):
    """The request is turned away before any service is asked."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class InvalidBody(Exception):
    """The request does not fit its shape; `complaints` say where and why."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, item.loc))}: {item.msg}" for item in complaints))
        self.complaints = complaints


def fault_of(error: domain.OctavoError) -> Fault:
    """The row of the table for an error."""
    return next(FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS)


def answer(fault: Fault, message: str, detail: str | list[dict[str, Any]] | None = None) -> JSONResponse:
    """The response for a fault; a 422 always carries a list, because clients break on a string there."""
    if detail is None and fault.status == 422:
        detail = [Complaint(type=fault.type, loc=list(fault.where), msg=message).model_dump()]
    envelope = Envelope(
        message=fault.message or message,
        type=fault.type,
        code=fault.code,
        raw_status_code=fault.status,
        detail=message if detail is None else detail,
    )
    headers = dict(fault.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return JSONResponse(envelope.model_dump(), status_code=fault.status, headers=headers)


def complaints_of(errors: Sequence[Any], *place: str) -> list[Complaint]:
    """Pydantic's findings under `place`, cut short, and without what was sent: it may be a document or a secret."""
    return [
        Complaint(type=error["type"], loc=[*place, *map(_short, error["loc"])], msg=str(_short(error["msg"])))
        for error in errors[:MOST_COMPLAINTS]
    ]


def invalid(error: ValidationError, *place: str) -> InvalidBody:
    """A failed validation as an error of the wire."""
    return InvalidBody(
        complaints_of(error.errors(include_url=False, include_context=False, include_input=False), *place)
    )


def _short(text: str | int) -> str | int:
    """Keys of the request are cut: they may be as long as the request."""
    return text[:LONGEST_TEXT] if isinstance(text, str) else text


async def _octavo_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, domain.OctavoError)  # noqa: S101  registered for this class alone
    record_of(request.scope).error = error.code
    return answer(fault_of(error), str(error))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101  registered for this class alone
    record_of(request.scope).error = error.fault.type
    return answer(error.fault, str(error))


async def _invalid_body(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InvalidBody)  # noqa: S101  registered for this class alone
    record_of(request.scope).error = "invalid_body"
    fault = Fault(422, "invalid_request_error")
    return answer(fault, str(error), [item.model_dump() for item in error.complaints])


async def _invalid_parameters(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
    return await _invalid_body(request, InvalidBody(complaints_of(error.errors())))


def install(app: FastAPI) -> None:
    """Let `app` answer errors by this table; paths and methods that do not exist keep `{"detail": ...}`."""
    app.add_exception_handler(domain.OctavoError, _octavo_error)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(InvalidBody, _invalid_body)
    app.add_exception_handler(RequestValidationError, _invalid_parameters)
