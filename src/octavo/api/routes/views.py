"""`GET /v1/files/{id}/pages/{n}`: pages of files, to look at."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import IntEnum
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.auth import Caller
from octavo.api.errors import Envelope
from octavo.api.record import record_of
from octavo.api.routes.files import Files
from octavo.api.routes.ocr import OptionsHeader, header_options
from octavo.api.sending import while_client_stays
from octavo.api.wiring import Wired, Wiring
from octavo.domain.view import PageView, View
from octavo.services.views import PageViews, fingerprint

KEPT = "private, max-age=3600"
"""Pages never change; whoever signs in as somebody else, or with another password, asks anew."""
VARY = "Authorization, Cookie, X-Octavo-Options"
MOST_PAGES = 1_000_000
"""Of a document."""
NARROWEST, WIDEST, USUAL = 16, 2000, 1200
"""Pixels."""

router = APIRouter(prefix="/v1/files", tags=["files"])
ERRORS = (400, 401, 403, 404, 413, 422, 429, 500, 503, 504)
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        "headers": {
            "X-Octavo-Page-Count": {"description": "Pages of the whole document.", "schema": {"type": "integer"}},
            "ETag": {"description": "Names the image, for `If-None-Match`.", "schema": {"type": "string"}},
        },
    },
    304: {"description": "The image is the one that `If-None-Match` names."},
    **{status: {"model": Envelope} for status in ERRORS},
}


class Turned(IntEnum):
    """Degrees."""

    NOT = 0
    LEFT = 90
    OVER = 180
    RIGHT = 270


async def _shown(wired: Wired) -> PageViews:
    """The pages of this server's files; there is a route for them only where it shows any."""
    assert wired.views is not None  # noqa: S101  see `create_app`
    return wired.views


class Jpeg(Response):
    """An image."""

    media_type = "image/jpeg"


class ViewAnswer(Jpeg):
    """Makes the image when it is sent, and gives it up when the client leaves."""

    def __init__(
        self, making: Callable[[], Awaitable[PageView]], headers: dict[str, str], *, any_known: bool = False
    ) -> None:
        """`any_known`: the client has an image of the page, whichever it is, and wants no other."""
        super().__init__(headers=headers)
        self._making = making
        self._any_known = any_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make it and send it."""
        await while_client_stays(receive, self._answer(scope, receive, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = await self._making()
        if self._any_known:
            self.status_code = 304
            del self.headers["content-length"]
        else:
            self.headers["content-length"] = str(len(made.jpeg))
            self.body = made.jpeg
        self.headers["x-octavo-page-count"] = str(made.page_count)
        await super().__call__(scope, receive, send)


@router.get("/{file_id}/pages/{index}", responses=RESPONSES, response_class=Jpeg)
async def view_page(  # noqa: PLR0913  one parameter for each of the request
    *,
    request: Request,
    wired: Wired,
    views: Annotated[PageViews, Depends(_shown)],
    files: Files,
    caller: Caller,
    file_id: str,
    index: Annotated[int, Path(ge=0, lt=MOST_PAGES, description="Of the page, from 0 on.")],
    width: Annotated[
        int,
        Query(
            ge=NARROWEST,
            le=WIDEST,
            description="Pixels of the image; it has fewer where it would be larger than twice the page at 200 dpi, "
            "than an image is itself, or than is useful of a very long page.",
        ),
    ] = USUAL,
    turned: Annotated[Turned, Query(description="Degrees counter-clockwise by which the page is turned.")] = Turned.NOT,
    x_octavo_options: OptionsHeader = None,
) -> Response:
    """The image of a page of a document, upright as its boxes are measured."""
    secret = header_options(x_octavo_options).password
    file = await files.get(caller.owner, file_id)
    view = View(index=index, width=width, turned=int(turned))
    tag = f'"{fingerprint(file, view)}"'
    headers = {"etag": tag, "cache-control": KEPT, "vary": VARY}
    known = _known(request)
    if secret is None and tag in known:
        return Response(status_code=304, headers=headers)
    making = partial(views.image, file, view, secret.get_secret_value() if secret else None)
    return ViewAnswer(partial(_made, request, wired, index, making), headers, any_known="*" in known)


def _known(request: Request) -> list[str]:
    """What `If-None-Match` names: tags in their quotes, or `*` for any image that there is."""
    return re.findall(r'"[^"]*"|\*', ",".join(request.headers.getlist("if-none-match")))


async def _made(request: Request, wired: Wiring, index: int, making: Callable[[], Awaitable[PageView]]) -> PageView:
    """The image, in the time that a request has."""
    deadline = record_of(request.scope).deadline(wired.options.request_timeout)
    late = f"The image of page {index} was not made in time: too many are asked for. Ask again."
    async with wired.ocr.deadlines.limit(deadline, lambda: late):
        return await making()
