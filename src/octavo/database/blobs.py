"""How often each blob is used. One that is not used any more, or never was, is doomed: it never comes into use again.

So whoever removes doomed blobs from the store need not fear that somebody begins to use one meanwhile. Statements
lock rows in the order of their names, that no two transactions wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, and_, case, delete, literal_column, or_, select, update

from octavo.database.connection import Database
from octavo.database.schema import blobs
from octavo.domain.errors import StorageFailed

ANNOUNCED_FOR = 24 * 3600
"""Seconds that one who announced a blob has to write it and come to use it."""
_DOOMED = 0.0


def announce(database: Database, connection: Connection, name: str, now: float) -> None:
    """Enter a blob that is not used yet; one that was announced before is announced anew."""
    row = database.insert(blobs).values(name=name, uses=0, since=now)
    again = and_(blobs.c.uses == 0, blobs.c.since != _DOOMED)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"since": now}, where=again))


def use(connection: Connection, names: Iterable[str]) -> None:
    """Count a use more of each; of one that is named twice, two.

    Raises:
        StorageFailed: one was never announced, or is doomed.
    """
    for name, times in _in_order(names):
        counted = update(blobs).where(blobs.c.name == name, or_(blobs.c.uses > 0, blobs.c.since != _DOOMED))
        if not connection.execute(counted.values(uses=blobs.c.uses + times)).rowcount:
            raise StorageFailed(
                "What was stored is not there any more, for it took too long or was deleted meanwhile. Try again."
            )


def drop(connection: Connection, names: Iterable[str]) -> None:
    """Count a use less of each."""
    for name, times in _in_order(names):
        since = case((blobs.c.uses <= times, _DOOMED), else_=blobs.c.since)
        connection.execute(
            update(blobs).where(blobs.c.name == name, blobs.c.uses > 0).values(uses=blobs.c.uses - times, since=since)
        )


def doom(connection: Connection, names: Iterable[str]) -> None:
    """Blobs that were announced will not be used."""
    for name, _ in _in_order(names):
        connection.execute(update(blobs).where(blobs.c.name == name, blobs.c.uses == 0).values(since=_DOOMED))


def doomed(connection: Connection, now: float, limit: int) -> tuple[str, ...]:
    """Names of blobs that are to be removed, those included whose time to come into use is up."""
    old = and_(blobs.c.uses == literal_column("0"), or_(blobs.c.since == _DOOMED, blobs.c.since <= now - ANNOUNCED_FOR))
    names = connection.scalars(select(blobs.c.name).where(old).order_by(blobs.c.since).limit(limit).with_for_update())
    found = tuple(names)
    doom(connection, found)
    return found


def forget(connection: Connection, names: Iterable[str]) -> None:
    """Blobs are removed; those that are in use stay known."""
    for name, _ in _in_order(names):
        connection.execute(delete(blobs).where(blobs.c.name == name, blobs.c.uses == 0))


def _in_order(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items())
