"""How often each blob is used. One that is not used any more, or never was, is doomed: it never comes into use again.

So whoever removes doomed blobs from the store need not fear that somebody begins to use one meanwhile. Statements
lock rows in the order of their names, that no two transactions wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, and_, case, delete, literal_column, or_, select, update

from octavo.database.connection import Database
from octavo.database.many import blocks
from octavo.database.schema import blobs
from octavo.domain.errors import StorageFailed

ANNOUNCED_FOR = 24 * 3600
"""Seconds that one who announced a blob has to write it and come to use it."""
_DOOMED = 0.0


def announce(database: Database, connection: Connection, name: str, now: float) -> None:
    """Enter a blob that is not used yet; one that was announced before is announced anew."""
    since = max(now, 1.0)  # even for a clock that was never set
    row = database.insert(blobs).values(name=name, uses=0, since=since)
    again = and_(blobs.c.uses == 0, blobs.c.since != _DOOMED)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"since": since}, where=again))


def use(connection: Connection, names: Iterable[str]) -> None:
    """Count a use more of each; of one that is named twice, two.

    Raises:
        StorageFailed: one was never announced, or is doomed.
    """
    alive = or_(blobs.c.uses > 0, blobs.c.since != _DOOMED)
    for these, times, number in _locked(connection, names):
        if connection.execute(update(blobs).where(these, alive).values(uses=blobs.c.uses + times)).rowcount < number:
            raise StorageFailed(
                "What was stored is not there any more, for it took too long or was deleted meanwhile. Try again."
            )


def drop(connection: Connection, names: Iterable[str]) -> None:
    """Count a use less of each."""
    for these, times, _ in _locked(connection, names):
        since = case((blobs.c.uses <= times, _DOOMED), else_=blobs.c.since)
        gone = update(blobs).where(these, blobs.c.uses > 0)
        connection.execute(gone.values(uses=blobs.c.uses - times, since=since))


def doom(connection: Connection, names: Iterable[str]) -> None:
    """Blobs that were announced will not be used."""
    for these, _, _ in _locked(connection, names):
        connection.execute(update(blobs).where(these, blobs.c.uses == 0).values(since=_DOOMED))


def doomed(connection: Connection, now: float, limit: int) -> tuple[str, ...]:
    """Names of blobs that are to be removed; those whose time to come into use is up are doomed by that."""
    unused = blobs.c.uses == literal_column("0")
    old = or_(blobs.c.since == _DOOMED, blobs.c.since <= now - ANNOUNCED_FOR)
    found = tuple(connection.scalars(select(blobs.c.name).where(unused, old).order_by(blobs.c.since).limit(limit)))
    doom(connection, found)
    if not found:
        return ()
    # One that came into use since it was looked for stays.
    still = select(blobs.c.name).where(blobs.c.name.in_(found), unused, blobs.c.since == _DOOMED)
    return tuple(connection.scalars(still))


def forget(connection: Connection, names: Iterable[str]) -> None:
    """Blobs are removed; those that are in use stay known."""
    for these, _, _ in _locked(connection, names):
        connection.execute(delete(blobs).where(these, blobs.c.uses == 0))


def _locked(connection: Connection, names: Iterable[str]) -> Iterator[tuple[ColumnElement[bool], int, int]]:
    """Which blobs are named how often, and how many they are; locked in the order of their names."""
    times = Counter(names)
    for block in blocks(sorted(times)):
        lock = select(blobs.c.name).where(blobs.c.name.in_(block)).order_by(blobs.c.name).with_for_update()
        connection.execute(lock).all()
        for number in sorted({times[name] for name in block}):
            group = [name for name in block if times[name] == number]
            yield blobs.c.name.in_(group), number, len(group)
