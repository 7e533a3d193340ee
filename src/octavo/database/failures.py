"""What a database says when it cannot work, as errors of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from octavo.domain.disk import NO_SPACE
from octavo.domain.errors import DatabaseFailed, OctavoError, OutOfSpace

OUT_OF_REACH = (
    "The server's database cannot be reached at the moment. Try again in a minute; whoever runs the server finds the "
    "reason in its log."
)
_SQLITE = ("BUSY", "LOCKED", "IOERR", "CANTOPEN", "READONLY", "NOMEM", "PROTOCOL", "CORRUPT", "NOTADB", "INTERRUPT")
# Classes of SQLSTATE: connection, transaction rolled back (deadlock), resources, locks, operator, system, internal;
# and, one by one, not let in, no such database, read-only (a standby).
_POSTGRES = ("08", "40", "53", "55", "57", "58", "XX", "28000", "28P01", "3D000", "25006")
_DISK_FULL = "53100"


@contextmanager
def failures_told() -> Iterator[None]:
    """Around whatever asks the database.

    Raises:
        DatabaseFailed: it is locked, gone, or broken.
        OutOfSpace: its disk is full.
    """
    try:
        yield
    except (DBAPIError, NoConnection, OSError) as error:
        told = error_of(error)
        if told is None:
            raise
        raise told from error


def error_of(error: Exception) -> OctavoError | None:
    """The error of ours; None for what only a mistake in the program can be."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _error_of_sqlite(cause)
    if (state := sqlstate(cause)) is not None:
        if state == _DISK_FULL:
            return OutOfSpace(NO_SPACE)
        return DatabaseFailed(OUT_OF_REACH) if state.startswith(_POSTGRES) else None
    if isinstance(cause, OSError | NoConnection) or type(cause).__name__ == "InterfaceError":
        return DatabaseFailed(OUT_OF_REACH)
    return None


def sqlstate(cause: object) -> str | None:
    """The five characters with which PostgreSQL names an error; None if it was not PostgreSQL that spoke."""
    said = cause.args[0] if isinstance(cause, Exception) and cause.args else None
    return str(said["C"]) if isinstance(said, dict) and "C" in said else None


def _error_of_sqlite(cause: sqlite3.Error) -> OctavoError | None:
    name = str(getattr(cause, "sqlite_errorname", "")).removeprefix("SQLITE_")
    if name == "FULL":
        return OutOfSpace(NO_SPACE)
    return DatabaseFailed(OUT_OF_REACH) if name.startswith(_SQLITE) else None
