"""Whether the server lives, and whether it can read yet. No key is needed."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octavo import __version__
from octavo.api.wiring import Wired
from octavo.services.readiness import readiness

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Answers as soon as the server listens."""
    return {"status": "ok", "version": __version__}


@router.get("/ready", responses={503: {"description": "No worker is warm yet; `Retry-After` says when to ask again."}})
async def ready(wired: Wired) -> JSONResponse:
    """Answers 200 once the first worker is warm."""
    state, detail = await readiness(wired.ocr.executor)
    if state == "ready":
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": "starting", "detail": detail}, status_code=503, headers={"Retry-After": "1"})
