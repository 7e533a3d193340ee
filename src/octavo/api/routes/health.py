"""Whether the server lives, and whether it can read yet. No key is needed."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octavo import __version__
from octavo.api.wiring import Wired
from octavo.domain.errors import OctavoError

router = APIRouter(tags=["health"])

PATIENCE = 0.05
"""Seconds that `/ready` waits for a worker before it says no."""


@router.get("/health")
async def health() -> dict[str, str]:
    """Answers as soon as the server listens."""
    return {"status": "ok", "version": __version__}


@router.get("/ready", responses={503: {"description": "No worker is warm yet; `Retry-After` says when to ask again."}})
async def ready(wired: Wired) -> JSONResponse:
    """Answers 200 once the first worker is warm."""
    try:
        async with asyncio.timeout(PATIENCE):
            await wired.ocr.executor.ready()
    except TimeoutError:
        return _not_ready("The models are being loaded.")
    except OctavoError as error:
        return _not_ready(str(error))
    return JSONResponse({"status": "ready"})


def _not_ready(reason: str) -> JSONResponse:
    return JSONResponse({"status": "starting", "detail": reason}, status_code=503, headers={"Retry-After": "1"})
