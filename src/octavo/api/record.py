"""What one request leaves in the log, filled in on its way by whoever learns something."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.types import Scope

CLIENT_LEFT = 499
"""Status of requests whose client left before it knew what came of them."""

_KEY = "octavo.record"


@dataclass(slots=True, kw_only=True)
class RequestRecord:
    """One request.

    Attributes:
        request_id: of the client where it sent a sane one, else made here.
        owner: name of the key that was used.
        pages: how many pages were read.
        error: code of the error that was answered.
        status: what came of it, where the answer had to begin before that was known; None is the answer's own.
        started: when its headers had come, on the clock of `time.monotonic`.
    """

    request_id: str
    owner: str = ""
    pages: int | None = None
    error: str | None = None
    status: int | None = None
    started: float = field(default_factory=time.monotonic)

    def deadline(self, request_timeout: float | None) -> float | None:
        """When it must be answered, on the same clock, if it may take so many seconds; None is without end."""
        return None if request_timeout is None else self.started + request_timeout


def record_of(scope: Scope) -> RequestRecord:
    """The record of the request; a fresh one outside of any middleware."""
    record: RequestRecord = scope.setdefault(_KEY, RequestRecord(request_id=""))
    return record


def keep(scope: Scope, record: RequestRecord) -> None:
    """Attach the record to its request."""
    scope[_KEY] = record
