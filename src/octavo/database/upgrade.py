"""Versions of the tables: made at once where there are none, and brought to this version by Alembic's migrations."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from octavo.database.connection import Database
from octavo.database.schema import METADATA
from octavo.domain.errors import InvalidSettings

MIGRATIONS = Path(__file__).with_name("migrations")
CURRENT = "0001"
"""The version of `schema.py`."""
_ONE_AT_A_TIME = 0x0C7A_0001  # of advisory locks in PostgreSQL; any number that nobody else takes


def version_of(connection: Connection) -> str | None:
    """The version of the tables; "" before the first, None where there are no tables at all.

    Raises:
        InvalidSettings: the tables are another program's.
    """
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    if tables:
        raise InvalidSettings("The database holds tables of another program. Name a database that is empty.")
    return None


def insist(database: Database) -> None:
    """Refuse a database that is not of this version.

    Raises:
        InvalidSettings: it is older, newer, or empty.
    """
    with database.reading() as connection:
        version = version_of(connection)
    refuse_newer(version)
    if version != CURRENT:
        found = "has no tables yet" if version is None else f"is of version {version or 'none'}, not {CURRENT}"
        raise InvalidSettings(f"The database {found}. Stop every server that uses it, and run: octavo migrate")


def prepare(database: Database) -> tuple[str | None, str]:
    """Make the tables, or bring them to this version; SQLite is copied before. From which version, and to which.

    Raises:
        InvalidSettings: it is newer.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
        version = version_of(connection)
        refuse_newer(version)
        if version is None:
            _create(connection)
        elif version != CURRENT:
            if database.is_sqlite:
                _copy(connection, version)
            _migrate(connection)
    return version, CURRENT


def refuse_newer(version: str | None) -> None:
    """Refuse a version that this program does not know.

    Raises:
        InvalidSettings: just that.
    """
    known = {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    if version and version not in known:
        raise InvalidSettings(
            f"The database was written by a newer Octavo: it is of version {version}, and this one knows {CURRENT}. "
            "Install that Octavo again, or go back to the copy that was made of the database before."
        )


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": CURRENT})


def _migrate(connection: Connection) -> None:
    # Imported here, for it takes longer than a start without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, CURRENT)


def _copy(connection: Connection, version: str) -> None:
    """Copy the file, with what still stands in its log, to `octavo.db.VERSION`, whole or not at all."""
    path = Path(str(connection.engine.url.database))
    copy = path.with_name(f"{path.name}.{version or 'none'}")
    half = copy.with_name(f"{copy.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(half)) as target:
        source.backup(target)
    file = os.open(half, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
    half.replace(copy)
