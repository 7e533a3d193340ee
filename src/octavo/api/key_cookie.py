"""The cookie in which a browser keeps the key of the person who signed in.

No script can read it, and it goes to this server alone, as far as browsers can be told so: names that begin with
`__Host-` and `__Secure-` (RFC 6265bis) cannot be set by other hosts of a domain or without TLS.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import Scope

LONGEST_KEY = 2048
"""Bytes: browsers keep cookies of 4096 bytes, and drop longer ones without a word."""
SECONDS = 30 * 24 * 3600
"""For which the browser keeps it."""

_VALUE = re.compile(r"[A-Za-z0-9_-]{1,2732}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCookie:
    """Of a server at one address.

    Attributes:
        name: another one for each port of a host, for cookies go to all of them.
        path: the prefix of the server, if it has one: the cookie goes with no request to others beside it. Their
            pages are of the same origin, though, and can call this server with the cookie.
        is_secure: whether it is sent over TLS alone.
    """

    name: str
    path: str
    is_secure: bool

    def key_in(self, scope: Scope) -> str | None:
        """The key that a request brings; None if it brings none, or several, of which others may have set one."""
        brought = [value for name, value in _pairs(scope) if name == self.name]
        return _key_of(brought[0]) if len(brought) == 1 else None

    def keep(self, response: Response, key: str) -> None:
        """Let the browser keep the key."""
        value = urlsafe_b64encode(key.encode("utf-8", "surrogateescape")).decode().rstrip("=")
        self._set(response, value, SECONDS)

    def drop(self, response: Response) -> None:
        """Let the browser forget it."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            self.name,
            value,
            max_age=seconds,
            path=self.path,
            secure=self.is_secure,
            httponly=True,
            samesite="strict",
        )


def cookie_of(address: str) -> KeyCookie:
    """The cookie of a server that clients call by this address."""
    parts = urlsplit(address)
    path = parts.path or "/"
    if parts.scheme == "https":
        lead = "__Host-" if path == "/" else "__Secure-"
        return KeyCookie(name=f"{lead}octavo-key", path=path, is_secure=True)
    return KeyCookie(name=f"octavo-key-{parts.port or 80}", path=path, is_secure=False)


def _pairs(scope: Scope) -> list[tuple[str, str]]:
    """Names and values of all cookies, as they came."""
    cookies = ";".join(Headers(scope=scope).getlist("cookie")).split(";")
    parted = (cookie.partition("=") for cookie in cookies)
    return [(name.strip(), value.strip()) for name, _, value in parted]


def _key_of(value: str) -> str | None:
    if not _VALUE.fullmatch(value):
        return None
    try:
        return urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("utf-8", "surrogateescape")
    except ValueError:  # a length that base64 never has
        return None
