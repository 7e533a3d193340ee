"""The way to the database: transactions on SQLite or PostgreSQL, alike but for how they are begun."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext

from octavo.database.failures import OUT_OF_REACH, error_of, failures_told
from octavo.database.lock import FolderLock
from octavo.domain.errors import DatabaseFailed

PATIENCE = 15.0
"""Seconds for which a call waits for another that writes, or for a connection."""
_ANSWER_WITHIN = 60.0  # a server of which nothing is heard for so long is gone
_CONNECTIONS = 32  # one for each thread of the server that asks, nearly


class Database:
    """An open database; any thread may use it.

    Attributes:
        is_sqlite: whether it is a file, which this process owns alone; else it is PostgreSQL, which others share.
        lock: of the file, if it is one.
    """

    def __init__(self, engine: Engine, lock: FolderLock | None = None) -> None:
        self._engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.lock = lock
        # SQLite lets those wait who come while another writes, and looks again now and then: this is quicker.
        self._turn: threading.Lock | None = threading.Lock() if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks; it waits for nobody.

        Raises:
            DatabaseFailed: the database is locked or gone.
        """
        with failures_told(), self._engine.connect() as connection, _dropped_when_broken(connection):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole, or not at all when anything is raised within.

        Raises:
            DatabaseFailed: the database is locked or gone. What was to be written may have been kept where the
                connection broke just when it was ended.
            OutOfSpace: the disk is full.
        """
        with (
            self._alone(),
            failures_told(),
            self._engine.connect() as connection,
            _dropped_when_broken(connection),
            connection.execution_options(octavo_writes=True).begin(),
        ):
            yield connection

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that can say what is to be done where the row is there already."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Let go of everything."""
        self._engine.dispose()
        if self.lock is not None:
            self.lock.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=PATIENCE):
            raise DatabaseFailed(OUT_OF_REACH)
        try:
            yield
        finally:
            self._turn.release()


def sqlite_engine(path: Path) -> Engine:
    """The engine of a file, which is made if need be, for nobody else to read."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        pool_size=_CONNECTIONS,
        pool_timeout=PATIENCE,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, never by the driver
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # One that writes takes the lock first: one that came to write after it has read could find itself too late.
        writes = connection.get_execution_options().get("octavo_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgres_engine(url: URL, ssl_context: object = None) -> Engine:
    """The engine of a PostgreSQL server."""
    engine = create_engine(
        url,
        connect_args={"timeout": _ANSWER_WITHIN, "ssl_context": ssl_context, "application_name": "octavo"},
        pool_size=_CONNECTIONS // 2,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "handle_error")
    def mark(context: ExceptionContext) -> None:
        # The driver's errors do not all say that the connection is of no use any more; a new one costs little.
        if isinstance(error_of(context.original_exception), DatabaseFailed):  # type: ignore[arg-type]
            context.is_disconnect = True

    return engine


@contextmanager
def _dropped_when_broken(connection: Connection) -> Iterator[None]:
    """Never give a connection back to the pool that failed in a way that is not the program's."""
    try:
        yield
    except Exception as error:
        if error_of(error) is not None and not connection.invalidated:
            connection.invalidate()
        raise
