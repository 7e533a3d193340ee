"""Who is calling: a bearer key becomes a Principal."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from octavo.api.errors import UNAUTHORIZED, Refused
from octavo.api.options import Keys
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


def _pairs(keys: Keys) -> Iterator[tuple[str, str]]:
    for name, held in keys.items():
        for key in (held,) if isinstance(held, str) else held:
            if not key:
                raise InvalidSettings(f"The API key of {name!r} is empty. Give it a value, or leave the name out.")
            yield name, key


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


_bearer = HTTPBearer(auto_error=False, description="A key of this server; any text where it has none.")


async def principal(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Principal:
    """Whoever holds the key that was sent; anybody, with or without a key, where the server has none.

    Raises:
        Refused: the key is missing or unknown.
    """
    keyring: Keyring = request.app.state.wiring.keyring
    if not keyring:
        return Principal(owner="")
    owner = keyring.owner_of(credentials.credentials) if credentials else None
    if owner is None:
        raise Refused(UNAUTHORIZED, "Unauthorized")
    record_of(request.scope).owner = owner
    return Principal(owner=owner)


Caller = Annotated[Principal, Depends(principal)]
