"""The workbench at `/`: one page of HTML and the modules that it loads, all of them from here.

Every view is the same page; which one is shown is decided in the browser, by the address.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
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

_KINDS = (("text/javascript", ".js"), ("text/css", ".css"))
"""What browsers load as modules and styles, whatever the system takes such files for: Windows asks its registry."""

router = APIRouter(include_in_schema=False)
_files = StaticFiles(directory=STATIC)


async def _page(request: Request) -> Response:
    answer = await _files.get_response("index.html", request.scope)
    answer.headers["Content-Security-Policy"] = POLICY  # also where the page has not changed: browsers may take it over
    return answer


for view in VIEWS:
    router.add_api_route(view, _page, methods=["GET", "HEAD"])


def install(app: FastAPI) -> None:
    """Serve the workbench beside the API."""
    for kind, end in _KINDS:
        mimetypes.add_type(kind, end)
    app.include_router(router)
    app.mount("/static", _files)
