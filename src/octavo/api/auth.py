"""Who is calling: a key becomes a Principal, whether it comes in a header or in the cookie of who signed in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from octavo.api.errors import UNAUTHORIZED, Refused
from octavo.api.key_cookie import cookie_of
from octavo.api.options import Keys
from octavo.api.own_pages import is_own_page
from octavo.api.record import record_of
from octavo.domain.errors import InvalidSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is calling; `owner` owns what is made, and is empty on a server without keys."""

    owner: str


class Keyring:
    """The keys that may use the server. Only digests are kept."""

    def __init__(self, keys: Keys) -> None:
        self._digests = [(name, _digest(key)) for name, key in _pairs(keys)]

    def __bool__(self) -> bool:
        return bool(self._digests)

    def owner_of(self, key: str) -> str | None:
        """The name whose key this is. Every key is compared, each in constant time."""
        given = _digest(key)
        owner = None
        for name, digest in self._digests:
            if hmac.compare_digest(given, digest):
                owner = name
        return owner

    def owner_of_header(self, text: str) -> str | None:
        """The name whose key a header says, in UTF-8 or, as some clients write it, in Latin-1."""
        try:
            return self.owner_of(text.encode("latin-1").decode("utf-8", "surrogateescape")) or self.owner_of(text)
        except UnicodeEncodeError:
            return self.owner_of(text)


def _pairs(keys: Keys) -> Iterator[tuple[str, str]]:
    for name, held in keys.items():
        for key in (held,) if isinstance(held, str) else held:
            if not key:
                raise InvalidSettings(f"The API key of {name!r} is empty. Give it a value, or leave the name out.")
            yield name, key


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


_bearer = HTTPBearer(auto_error=False, description="A key of this server; any text where it has none.")


Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def principal(request: Request, credentials: Credentials) -> Principal:
    """Whoever holds the key that was sent; anybody, with or without a key, where the server has none.

    Raises:
        Refused: the key is missing or unknown.
    """
    owner = owner_of(request, credentials)
    if owner is None:
        raise Refused(UNAUTHORIZED, "Unauthorized")
    record_of(request.scope).owner = owner
    return Principal(owner=owner)


def owner_of(request: Request, credentials: Credentials) -> str | None:
    """Whose key was sent, which is nobody's on a server without keys; None where it is missing or unknown.

    The cookie counts only where no bearer token was sent, and only if a page of this server sent the request. An
    `Authorization` of another scheme, such as `Basic`, is for a proxy, and says nothing here.
    """
    keyring: Keyring = request.app.state.wiring.keyring
    if not keyring:
        return ""
    if request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer":
        return keyring.owner_of_header(credentials.credentials) if credentials else None
    address = request.app.state.wiring.address.of(request.scope)
    key = cookie_of(address).key_in(request.scope)
    return keyring.owner_of(key) if key is not None and is_own_page(request.scope, address) else None


Caller = Annotated[Principal, Depends(principal)]
