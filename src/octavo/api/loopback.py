"""A server without keys belongs to the person at this machine, not to the web pages in that person's browser.

A page of another site can make a browser send requests here (cross-site request forgery), or let its own host name
point here and read the answers (DNS rebinding). The first is told by `Origin`, the second by `Host`.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from octavo.api.errors import FORBIDDEN, answer
from octavo.api.record import record_of


class LoopbackGuard:
    """Refuses requests that name another host than this machine, or that come from a foreign web page."""

    def __init__(self, app: ASGIApp, allowed_hosts: tuple[str, ...], cors_origins: tuple[str, ...]) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        complaint = self._complaint(Headers(scope=scope)) if scope["type"] in ("http", "websocket") else None
        if complaint is None:
            await self.app(scope, receive, send)
            return
        record_of(scope).error = "foreign"
        await answer(FORBIDDEN, complaint)(scope, receive, send)

    def _complaint(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not self._is_own(host):
            return (
                "This server has no keys, so it answers only requests to localhost, and this one names another host. "
                "Call it as http://localhost, or name the host with --allowed-host, or set OCTAVO_API_KEYS."
            )
        origin = headers.get("origin")
        if origin is not None and not self._is_welcome(origin.lower(), host.lower()):
            return (
                "This server has no keys, so no web page of another origin may use it. "
                "Allow the page's origin with --cors-origin, or set OCTAVO_API_KEYS."
            )
        return None

    def _is_own(self, host: str) -> bool:
        name = _host_name(host)
        return name is not None and (name in self._hosts or _is_loopback(name))

    def _is_welcome(self, origin: str, host: str) -> bool:
        """Whether the page came from this very server, or from an origin that was let in."""
        return bool({"*", origin} & self._origins) or urlsplit(origin).netloc == host


def _host_name(host: str) -> str | None:
    """The name in a `Host` header, lower case and without its port; None when there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_loopback(name: str) -> bool:
    if name in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
