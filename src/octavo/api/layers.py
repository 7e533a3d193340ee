"""What lies around the routes."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from octavo.api.body import BodyLimit
from octavo.api.context import RequestContext
from octavo.api.loopback import LoopbackGuard
from octavo.api.paths import OnePath


def layers(
    *, guarded: bool, allowed_hosts: tuple[str, ...], cors_origins: tuple[str, ...], max_body_bytes: int
) -> list[Middleware]:
    """From the outside in; all are plain ASGI, so answers stream through them."""
    guard = Middleware(LoopbackGuard, allowed_hosts=allowed_hosts, cors_origins=cors_origins)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=cors_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "retry-after"],
    )
    return [
        Middleware(RequestContext),
        *([guard] if guarded else []),
        *([cors] if cors_origins else []),
        Middleware(OnePath),
        Middleware(BodyLimit, max_body_bytes=max_body_bytes),
    ]
