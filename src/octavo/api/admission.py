"""How many requests are let in at a time: those beyond are sent away before their bodies are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from octavo.api.errors import FAULTS, answer
from octavo.api.paths import UPLOADS
from octavo.api.record import record_of
from octavo.domain.errors import Overloaded

GUARDED = ("POST", "/v1/ocr")
ADMITTED = UPLOADS | {GUARDED}
"""What takes disk and time: requests for reading, and uploads."""


@dataclass(slots=True)
class Admission:
    """The numbers of one server, for one event loop.

    Attributes:
        most: requests that may be inside at a time.
        inside: those that are, from their headers on to the last byte of their answers.
        refused: how many were sent away since the start, by reason: `waiting` (too many were inside), `stalled` and
            `late` (the body stopped coming, or did not come in time).
    """

    most: int
    inside: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class AdmissionControl:
    """Answers 429 at once to requests for reading, and to uploads, when too many are inside."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self.app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; OnePath lies around this."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) not in ADMITTED:
            await self.app(scope, receive, send)
        elif self._admission.inside >= self._admission.most:
            await self._turn_away(scope, receive, send)
        else:
            self._admission.inside += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self._admission.inside -= 1

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._admission.refused["waiting"] += 1
        record_of(scope).error = Overloaded.code
        message = (
            f"{self._admission.most} requests are being served or waiting already, the most that is taken here. "
            "Try again in a while; whoever runs the server can raise the limit with OCTAVO_LIMITS__MAX_WAITING."
        )
        await answer(FAULTS[Overloaded], message)(scope, receive, send)
