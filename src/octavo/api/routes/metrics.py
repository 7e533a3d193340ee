"""`GET /metrics`, for Prometheus."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from octavo.api.auth import Caller
from octavo.api.errors import Envelope
from octavo.api.metrics import MEDIA_TYPE, metrics_of
from octavo.api.wiring import Wired

router = APIRouter(tags=["health"], responses={status: {"model": Envelope} for status in (401, 403)})


RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
    401: {"model": Envelope},
    403: {"model": Envelope},
}


@router.get("/metrics", response_class=Response, responses=RESPONSES)
async def metrics(wired: Wired, _: Caller) -> Response:
    """Numbers of this server in Prometheus' text format; nothing of a document or a caller."""
    return Response(metrics_of(wired), media_type=MEDIA_TYPE)
