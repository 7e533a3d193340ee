"""Requests that come again: within a day they are answered as the first time."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from octavo.database.connection import Database
from octavo.database.schema import idempotency
from octavo.domain.errors import KeyReused
from octavo.domain.file import Repeatable

REMEMBERED_FOR = 24 * 3600
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """What one owner asked for on one route.

    Attributes:
        route: `files` or `jobs`.
        now: seconds since 1970.
    """

    database: Database
    connection: Connection
    owner: str
    route: str
    now: float

    def made_before(self, again: Repeatable | None, new_id: str) -> str | None:
        """The id that the same request made before; None, and `new_id` is remembered, when there is none.

        Raises:
            KeyReused: the key came with another body.
        """
        old = idempotency.c.created_at <= self.now - REMEMBERED_FOR
        self.connection.execute(delete(idempotency).where(old))
        if again is None:
            return None
        key = _digest(again)
        row = {"owner": self.owner, "route": self.route, "key": key, "body": again.body, "id": new_id}
        first = self.database.insert(idempotency).values(**row, created_at=self.now).on_conflict_do_nothing()
        if self.connection.execute(first).rowcount:
            return None
        row_there = select(idempotency.c.body, idempotency.c.id).where(self._is(key)).with_for_update()
        return _same(again, *self.connection.execute(row_there).one())

    def known(self, again: Repeatable) -> str | None:
        """The id that the same request made before; nothing is remembered where there is none.

        Raises:
            KeyReused: the key came with another body.
        """
        young = idempotency.c.created_at > self.now - REMEMBERED_FOR
        row = select(idempotency.c.body, idempotency.c.id).where(self._is(_digest(again)), young)
        found = self.connection.execute(row).first()
        return None if found is None else _same(again, *found)

    def renew(self, again: Repeatable, new_id: str) -> None:
        """What the request made is gone; what it makes now takes its place."""
        key = _digest(again)
        self.connection.execute(update(idempotency).where(self._is(key)).values(id=new_id, created_at=self.now))

    def _is(self, key: str) -> ColumnElement[bool]:
        known = idempotency.c
        return and_(known.owner == self.owner, known.route == self.route, known.key == key)


def _digest(again: Repeatable) -> str:
    return sha256(again.key.encode(errors="surrogatepass")).hexdigest()


def _same(again: Repeatable, body: str, known_id: str) -> str:
    """The id, if the bodies are one."""
    if body != again.body:
        raise KeyReused(
            "This Idempotency-Key came with another request in the last 24 hours. Choose a new key for a new one."
        )
    return str(known_id)
