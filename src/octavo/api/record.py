"""What one request leaves in the log, filled in on its way by whoever learns something."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

_KEY = "octavo.record"


@dataclass(slots=True, kw_only=True)
class RequestRecord:
    """One request.

    Attributes:
        request_id: of the client where it sent a sane one, else made here.
        owner: name of the key that was used.
        pages: how many pages were read.
        error: code of the error that was answered.
    """

    request_id: str
    owner: str = ""
    pages: int | None = None
    error: str | None = None


def record_of(scope: Scope) -> RequestRecord:
    """The record of the request; a fresh one outside of any middleware."""
    record: RequestRecord = scope.setdefault(_KEY, RequestRecord(request_id=""))
    return record


def keep(scope: Scope, record: RequestRecord) -> None:
    """Attach the record to its request."""
    scope[_KEY] = record
