"""What lies around the routes."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from octavo.api.admission import AdmissionControl
from octavo.api.body import BodyLimit
from octavo.api.context import RequestContext
from octavo.api.loopback import LoopbackGuard
from octavo.api.paths import OnePath
from octavo.api.patience import Patience
from octavo.api.safe_headers import SafeHeaders
from octavo.api.wiring import Wiring


def layers(
    wired: Wiring,
    *,
    guarded: bool,
    allowed_hosts: tuple[str, ...],
    cors_origins: tuple[str, ...],
    idle_timeout: float,
    max_body_bytes: int,
    max_upload_bytes: int,
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
        Middleware(SafeHeaders),
        Middleware(RequestContext, traffic=wired.traffic),
        *([guard] if guarded else []),
        *([cors] if cors_origins else []),
        Middleware(OnePath),
        Middleware(AdmissionControl, admission=wired.admission),
        Middleware(Patience, admission=wired.admission, idle=idle_timeout, request_timeout=wired.request_timeout),
        Middleware(BodyLimit, max_body_bytes=max_body_bytes, max_upload_bytes=max_upload_bytes),
    ]
