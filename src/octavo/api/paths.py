"""One resource, however its address is written: base URLs come with `/v1`, without it, and with a slash too many."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_VERSIONS = re.compile(r"^(/v1)+(?=/|$)")
_UNVERSIONED = re.compile(r"^/(ocr|models|files|batch|status)(?=/|$)")

UPLOADS = frozenset({("POST", "/v1/files"), ("POST", "/v1/batch/jobs")})
"""Methods and paths whose bodies may be as large as a file: they have a limit of their own, and time enough."""


def is_upload(scope: Scope) -> bool:
    """Whether the request is one of them; OnePath lies around whoever asks."""
    return (scope["method"], scope["path"]) in UPLOADS


class OnePath:
    """Serves `/v1/v1/ocr`, `//v1/ocr`, `/ocr` and `/v1/ocr/` as `/v1/ocr`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            scope = {**scope, "path": canonical(scope["path"])}
        await self.app(scope, receive, send)


def canonical(path: str) -> str:
    """The address that the routes know."""
    single = re.sub(r"/{2,}", "/", path)
    versioned = _VERSIONS.sub("/v1", single)
    versioned = _UNVERSIONED.sub(r"/v1/\1", versioned)
    return versioned.rstrip("/") or "/"
