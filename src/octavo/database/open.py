"""Opening the database that was chosen: a path or `sqlite:///path`, or `postgresql://user:password@host/name`."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError

from octavo.database import upgrade
from octavo.database.connection import Database, postgres_engine, sqlite_engine
from octavo.database.failures import failures_told, sqlstate
from octavo.database.lock import DATABASE, FolderLock
from octavo.domain.errors import DatabaseFailed, InvalidSettings

_PAUSES = (0.2, 0.5, 1.0)  # seconds; a server that is just being started again is soon there
_FORMS = "a path, sqlite:///PATH, or postgresql://USER:PASSWORD@HOST:PORT/NAME"
_REFUSALS = {
    "28P01": "it does not accept the password",
    "28000": "it does not let this user in",
    "3D000": "it has no database of this name",
}


def open_database(where: str | Path) -> Database:
    """Open the ledger of a server; on SQLite it is made, or brought to this version, if need be.

    Raises:
        InvalidSettings: it belongs to a newer version, another process, or another program; PostgreSQL has to be
            prepared by `octavo migrate`; or the address cannot be right.
        DatabaseFailed: it cannot be reached.
    """
    database = _open(where)
    try:
        if database.is_sqlite:
            upgrade.prepare(database)
        else:
            upgrade.insist(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(where: str | Path) -> tuple[str | None, str]:
    """Make the tables or bring them to this version; from which version, None if there was nothing, to which.

    Raises:
        InvalidSettings, DatabaseFailed: as `open_database`.
    """
    database = _open(where)
    try:
        return upgrade.prepare(database)
    finally:
        database.close()


def version_of(where: str | Path) -> str | None:
    """Of which version the database is, without changing it; None if it has no tables, empty if it tells none.

    Raises:
        InvalidSettings, DatabaseFailed: as `open_database`, but that it may be of any version.
    """
    database = _open(where)
    try:
        with database.reading() as connection:
            return upgrade.version_of(connection)
    finally:
        database.close()


def _open(where: str | Path) -> Database:
    if isinstance(where, str) and "://" in where:
        url = _parsed(where)
        if url.get_backend_name() == "postgresql":
            return _postgres(url)
        where = Path(url.database or DATABASE)
    return _sqlite(Path(where))


def _parsed(where: str) -> URL:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise InvalidSettings(f"The address of the database is malformed. It has to be {_FORMS}.") from None
    scheme = url.drivername
    if scheme in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+pg8000")
    if scheme == "sqlite" and url.database != ":memory:" and not url.query:
        return url
    raise InvalidSettings(f"No database can be had from an address of the kind {scheme}. It has to be {_FORMS}.")


def _sqlite(path: Path) -> Database:
    path = path.resolve()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = f"The folder {path.parent} cannot be used ({error.strerror})."
        raise InvalidSettings(f"{reason} Name another one.") from None
    lock = FolderLock(path)
    try:
        database = Database(sqlite_engine(path), lock)
        with failures_told(), database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except (OSError, DatabaseError, DatabaseFailed) as error:
        lock.close()
        reason = f"The database {path} cannot be opened: it is damaged, not a database, or not ours to read."
        raise InvalidSettings(f"{reason} Restore a copy of it, or name another data folder.") from error
    return database


def _postgres(url: URL) -> Database:
    url, ssl_context = _of_driver(url)
    engine = postgres_engine(url, ssl_context)
    try:
        _reach(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def _reach(engine: Engine) -> None:
    """Connect once, with patience for a server that is not there yet, and none for one that says no."""
    for pause in (*_PAUSES, None):
        try:
            with failures_told(), engine.connect():
                return
        except DatabaseFailed as error:
            cause = error.__cause__.orig if isinstance(error.__cause__, DBAPIError) else error.__cause__
            if reason := _REFUSALS.get(sqlstate(cause) or ""):
                raise InvalidSettings(f"The PostgreSQL server cannot be used: {reason}. See to its address.") from error
            if pause is None:
                raise
            time.sleep(pause)


def _of_driver(url: URL) -> tuple[URL, ssl.SSLContext | None]:
    """Socket folder and encryption, written as PostgreSQL's own programs take them, as the driver wants them."""
    query = {name: str(value) for name, value in url.query.items()}
    folder, mode = query.pop("host", None), query.pop("sslmode", "prefer")
    if query or mode not in _ENCRYPTION:
        raise InvalidSettings(
            "The address of the database has parameters that are not known. There are host=/FOLDER (of the socket) "
            f"and sslmode={'|'.join(_ENCRYPTION)}."
        )
    socket = {"unix_sock": f"{folder}/.s.PGSQL.{url.port or 5432}"} if folder else {}
    return url.set(query=socket, port=None if folder else url.port), _ENCRYPTION[mode]()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_ENCRYPTION = {
    "disable": lambda: None,
    "prefer": lambda: None,
    "require": _unverified,
    "verify-full": ssl.create_default_context,
}
