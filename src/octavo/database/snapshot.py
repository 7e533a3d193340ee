"""Copies of an SQLite database that another process may be working with, and what such a copy names.

A copy is made through SQLite's own backup, in one piece from one transaction: the write-ahead log lets the server read
and write meanwhile. The lock of the folder is the server's and is not needed.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.database.connection import PATIENCE
from octavo.database.upgrade import CURRENT
from octavo.domain.backup import NamedBlob
from octavo.domain.errors import CorruptDocument, DatabaseFailed, InvalidRequest

_BLOCK = 500
"""Rows of one look, so that no transaction is long."""
_NEW_FILES = "SELECT seq, blob, size, sha256 FROM files WHERE seq > ? ORDER BY seq LIMIT ?"
_NEW_INPUTS = (
    "SELECT job, place, blob, size, sha256 FROM job_inputs WHERE (job, place) > (?, ?) ORDER BY job, place LIMIT ?"
)
_RESULTS = "SELECT job, blob FROM job_results WHERE (job, blob) > (?, ?) ORDER BY job, blob LIMIT ?"
# The lines of jobs that run tell how far into a blob of results they reach.
_NAMED = """
SELECT blob, max(size), max(sha256), max(least), max(user) FROM (
  SELECT blob, size, sha256, size AS least, 'file ' || id AS user FROM files
  UNION ALL
  SELECT i.blob, i.size, i.sha256, i.size, 'an input of the batch job ' || j.id FROM job_inputs i JOIN jobs j
    ON j.seq = i.job
  UNION ALL
  SELECT r.blob, NULL, NULL, 0, 'results of the batch job ' || j.id FROM job_results r JOIN jobs j ON j.seq = r.job
  UNION ALL
  SELECT result_blob, NULL, NULL, result_offset + result_length, '' FROM tasks
    WHERE result_blob IS NOT NULL AND job IN (SELECT job FROM job_results)
) GROUP BY blob ORDER BY blob
"""


class LiveDatabase:
    """A database that a server may be working with. One thread.

    Raises:
        InvalidRequest: there is none, or one of another version.
        CorruptDocument: it is damaged.
        DatabaseFailed: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InvalidRequest(f"There is no database {path}, so there is nothing to back up. Name the data folder.")
        with _told(path):
            self._looking, self._frozen = _connected(path), _connected(path)
            self.version = _insisted(_version(self._looking))
        self._path = path
        self._files, self._inputs = 0, (0, -1)

    def news(self) -> Iterator[NamedBlob]:
        """Blobs that came into use since the last call took the last of them; results of running jobs each time."""
        with _told(self._path):
            while rows := self._looking.execute(_NEW_FILES, (self._files, _BLOCK)).fetchall():
                for seq, blob, size, digest in rows:
                    self._files = seq
                    yield NamedBlob(name=blob, size=size, sha256=digest)
            while rows := self._looking.execute(_NEW_INPUTS, (*self._inputs, _BLOCK)).fetchall():
                for job, place, blob, size, digest in rows:
                    self._inputs = (job, place)
                    yield NamedBlob(name=blob, size=size, sha256=digest)
            results = (0, "")
            while rows := self._looking.execute(_RESULTS, (*results, _BLOCK)).fetchall():
                for results in rows:
                    yield NamedBlob(name=results[1])

    @contextmanager
    def held(self) -> Iterator[None]:
        """While entered nobody writes, so that every blob that is named is there; others wait for us meanwhile.

        Raises:
            DatabaseFailed: others write all the time.
        """
        with _told(self._path):
            self._looking.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._looking.execute("ROLLBACK")

    def freeze(self) -> None:
        """What `copy` will write is what stands there now."""
        with _told(self._path):
            self._frozen.execute("BEGIN")
            self._frozen.execute("SELECT count(*) FROM alembic_version").fetchone()

    def copy(self, path: Path) -> None:
        """Write the database to a new file.

        Raises:
            CorruptDocument: the database is damaged.
            OSError: the file cannot be written.
        """
        path.touch(mode=0o600, exist_ok=False)
        target = sqlite3.connect(path, isolation_level=None)
        try:
            with _told(self._path):
                self._frozen.backup(target)
                self._frozen.execute("ROLLBACK")
                target.execute("PRAGMA journal_mode = DELETE")  # one file, which may be read from anywhere
                if target.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise CorruptDocument(_DAMAGED.format(self._path))
        finally:
            target.close()

    def close(self) -> None:
        """Nothing more is asked."""
        self._looking.close()
        self._frozen.close()


class Snapshot:
    """A copy that nobody works with. One thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _told(path):
            self._connection = _connected(path)

    def blobs(self) -> Iterator[NamedBlob]:
        """All blobs that it names, in order of their names."""
        with _told(self._path):
            for name, size, digest, least, user in self._connection.execute(_NAMED):
                yield NamedBlob(name=name, size=size, sha256=digest, least=least, user=user)

    def uses(self, name: str) -> bool:
        """Whether it names this blob."""
        known = "SELECT 1 FROM blobs WHERE name = ? AND uses > 0"
        with _told(self._path):
            return self._connection.execute(known, (name,)).fetchone() is not None

    def counts(self) -> tuple[int, int]:
        """How many files and jobs."""
        with _told(self._path):
            files, jobs = self._connection.execute(
                "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM jobs)"
            ).fetchone()
        return int(files), int(jobs)

    def close(self) -> None:
        """Nothing more is asked."""
        self._connection.close()


def version_in(path: Path) -> str | None:
    """The version of the tables in a file that others may be working with; None where there are none.

    Raises:
        InvalidRequest: there is no such file, or it is another program's.
        CorruptDocument: it is damaged.
        DatabaseFailed: it cannot be read.
    """
    if not path.is_file():
        return None
    with _told(path):
        connection = _connected(path)
        try:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return _version(connection) if tables != (0,) else None
        finally:
            connection.close()


_DAMAGED = "The database {} is damaged, or is not a database. Restore the last backup that was made of it."


def _connected(path: Path) -> sqlite3.Connection:
    # Never made where it is not; whoever may not write cannot use the log that the server writes.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None)


def _insisted(version: str) -> str:
    """What names blobs may look different in other versions."""
    if version != CURRENT:
        raise InvalidRequest(
            f"The database is of version {version or 'none'}, and this Octavo works with {CURRENT}. Back it up with "
            "the Octavo that wrote it; or bring an older one to this version with: octavo migrate"
        )
    return version


def _version(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        raise InvalidRequest("The database holds tables of another program, or none. Name another folder.") from None
    return str(row[0]) if row else ""


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Around whatever asks a database.

    Raises:
        CorruptDocument, DatabaseFailed, OSError: what the database's own errors mean; OSError is a full disk.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_")
        if name == "FULL":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        if name.startswith(("CORRUPT", "NOTADB")):
            raise CorruptDocument(_DAMAGED.format(path)) from error
        raise DatabaseFailed(
            f"The database {path} cannot be read ({error}). Run this as the user who runs the server, and try again."
        ) from error
