"""What a database is, and what is done to it from outside of a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from octavo.database import upgrade
from octavo.database.connection import Database
from octavo.database.lock import DATABASE, FolderLock, holder_of
from octavo.database.open import migrate, version_of
from octavo.database.snapshot import LiveDatabase, Snapshot, version_in
from octavo.database.upgrade import refuse_newer
from octavo.domain.errors import InvalidSettings
from octavo.domain.installation import DatabaseState


class SqlUpkeep:
    """The database of an installation.

    Args:
        place: as `open_database` takes it.
    """

    def __init__(self, place: str | Path) -> None:
        self._place = place

    @property
    def file(self) -> Path | None:
        """Its file; None of PostgreSQL.

        Raises:
            InvalidSettings: the address cannot be right.
        """
        if isinstance(self._place, Path) or "://" not in self._place:
            return Path(self._place)
        try:
            url = make_url(self._place)
        except (ArgumentError, ValueError):
            raise InvalidSettings("The address of the database is malformed (OCTAVO_DATABASE__URL).") from None
        return Path(url.database or DATABASE) if url.get_backend_name() == "sqlite" else None

    def live(self, path: Path) -> LiveDatabase:
        """A database that a server may be working with."""
        return LiveDatabase(path)

    def opened(self, path: Path) -> Snapshot:
        """A copy of one."""
        return Snapshot(path)

    def migrate(self) -> tuple[str | None, str]:
        """Bring it to this version; from which, and to which."""
        return migrate(self._place)

    def migrate_copy(self, path: Path) -> None:
        """Bring a copy to this version; beside it stays another one, as it was."""
        if migrate(path)[0] is None:
            raise InvalidSettings("The backup has an empty database. Restore another one.")

    @contextmanager
    def owned(self, folder: Path) -> Iterator[None]:
        """While entered, no server starts on the folder."""
        lock = FolderLock(folder / DATABASE)
        try:
            yield
        finally:
            lock.close()

    def look(self) -> DatabaseState:
        """What it is, without changing it.

        Raises:
            InvalidSettings: it belongs to a newer version or another program, or the address cannot be right.
            CorruptDocument, DatabaseFailed: it cannot be read.
        """
        file = self.file
        if file is not None:
            version = version_in(file)
            refuse_newer(version)
            holder = holder_of(file.parent) if file.parent.is_dir() else None
            return DatabaseState(kind="SQLite", current=upgrade.CURRENT, version=version, holder=holder)
        version = version_of(self._place)
        refuse_newer(version)
        return DatabaseState(kind="PostgreSQL", current=upgrade.CURRENT, version=version)


def state_of(database: Database) -> DatabaseState:
    """What the open database of this process is, asked over the way that the process itself takes.

    Raises:
        DatabaseFailed: it cannot be reached.
    """
    with database.reading() as connection:
        version = upgrade.version_of(connection)
    if database.is_sqlite:
        return DatabaseState(kind="SQLite", current=upgrade.CURRENT, version=version, holder=(os.getpid(), None))
    return DatabaseState(kind="PostgreSQL", current=upgrade.CURRENT, version=version)
