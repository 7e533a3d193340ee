"""`GET /v1/status`: how this server is doing."""

from __future__ import annotations

from fastapi import APIRouter

from octavo.api.auth import Caller
from octavo.api.errors import Envelope
from octavo.api.schemas.status import StatusOut, status_of
from octavo.api.wiring import Wired

router = APIRouter(tags=["health"], responses={status: {"model": Envelope} for status in (401, 403)})


@router.get("/v1/status")
async def status(wired: Wired, _: Caller) -> StatusOut:
    """Models, workers, queue, pages a second, storage, limits and checks; nothing of a document or another caller."""
    assert wired.status is not None  # noqa: S101  see `create_app`
    return status_of(await wired.status.look(), wired.admission)
