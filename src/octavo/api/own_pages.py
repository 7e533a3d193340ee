"""Whether a request comes from a page that this server gave out itself, as the browser tells.

A browser sends a cookie with every request to its server, whoever made the browser send it: another site (cross-site
request forgery), or another program on the same host, whose pages are of the same site. `Sec-Fetch-Site` (Fetch
Metadata, W3C) tells who it was, and no page can forge it; browsers send it where the connection is safe: over TLS, and
to this machine. Elsewhere `Origin` (Fetch standard) comes with all that could change something.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_PORTS = {"http": 80, "https": 443}


def is_own_page(scope: Scope, address: str) -> bool:
    """Whether a page of this server sent it, or (what only looks) a person did who typed its address.

    Args:
        scope: of the request.
        address: by which clients call the server.
    """
    headers, is_safe = Headers(scope=scope), scope["method"] in _SAFE_METHODS
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin" or (site == "none" and is_safe)
    return is_safe if origin is None else _is_same(origin, address)


def is_foreign_page(scope: Scope, address: str) -> bool:
    """Whether a page that is not this server's own sent it; false where no browser did."""
    headers = Headers(scope=scope)
    return ("sec-fetch-site" in headers or "origin" in headers) and not is_own_page(scope, address)


def is_opened_at(scope: Scope, address: str) -> bool:
    """Whether the page that sent it has the origin of this address; true where the browser does not tell its own."""
    origin = Headers(scope=scope).get("origin", "null")
    return origin == "null" or _is_same(origin, address)


def _is_same(origin: str, address: str) -> bool:
    own = _origin_of(address)
    return own is not None and _origin_of(origin) == own


def _origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None where there are none."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port and "@" not in url else None
