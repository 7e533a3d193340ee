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


def layers(wired: Wiring) -> list[Middleware]:
    """From the outside in; all are plain ASGI, so answers stream through them."""
    told, admission = wired.options, wired.admission
    guard = Middleware(LoopbackGuard, allowed_hosts=told.allowed_hosts, cors_origins=told.cors_origins)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=told.cors_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "retry-after", "x-octavo-page-count"],
    )
    return [
        Middleware(SafeHeaders),
        Middleware(RequestContext, traffic=wired.traffic),
        *([guard] if told.loopback_only and not wired.keyring else []),
        *([cors] if told.cors_origins else []),
        Middleware(OnePath),
        Middleware(AdmissionControl, admission=admission),
        Middleware(Patience, admission=admission, idle=told.idle_timeout, request_timeout=told.request_timeout),
        Middleware(BodyLimit, max_body_bytes=told.max_body_bytes, max_upload_bytes=told.max_upload_bytes),
    ]
