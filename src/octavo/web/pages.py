"""The workbench at `/`: one page of HTML and the modules that it loads, all of them from here.

Every view is the same page; which one is shown is decided in the browser, by the address.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
VIEWS = ("/", "/compare", "/batches", "/service")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types dompurify differ"
)
"""What is in a document can run nothing and load nothing, whatever it says: no script or style stands in the page, and
where the browser knows trusted types, no text becomes markup but through the sanitiser, and no address
a script but that of the comparison's worker."""

router = APIRouter(include_in_schema=False)


async def _page() -> FileResponse:
    return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": POLICY})


for view in VIEWS:
    router.add_api_route(view, _page, methods=["GET"])


def install(app: FastAPI) -> None:
    """Serve the workbench beside the API."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))
