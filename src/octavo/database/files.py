"""What is known of files, in the ledger; `FileRepository` tells what each method does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, literal, or_, select

from octavo.database import blobs
from octavo.database.connection import Database
from octavo.database.file_rows import enter, file_of
from octavo.database.repeats import Repeats
from octavo.database.schema import files, settings
from octavo.domain.errors import FileNotFound
from octavo.domain.file import FileFilter, Listing, Repeatable, StoredFile

_BLOCK = 500  # files that one transaction forgets
ROUTE = "files"
"""What keys of requests that come again are for."""
MOST = 2**63 - 1
"""That a database can count to."""


class SqlFiles:
    """Files in a database.

    Args:
        database: open.
        clock: seconds since 1970.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def secret(self) -> bytes:
        """32 random bytes, made once."""
        known = select(settings.c.value).where(settings.c.name == "secret")
        with self._database.reading() as connection:
            value = connection.scalar(known)
        if value is None:
            made = self._database.insert(settings).values(name="secret", value=secrets.token_hex(32))
            with self._database.writing() as connection:
                connection.execute(made.on_conflict_do_nothing())
                value = connection.scalar(known)
        return bytes.fromhex(str(value))

    def announce(self, blob: str) -> None:
        """A blob is about to be written."""
        with self._database.writing() as connection:
            blobs.announce(self._database, connection, blob, self._clock())

    def add(self, file: StoredFile, again: Repeatable | None = None) -> StoredFile:
        """Enter a file, or tell the one that the same request made before."""
        now = self._clock()
        with self._database.writing() as connection:
            repeats = Repeats(database=self._database, connection=connection, owner=file.owner, route=ROUTE, now=now)
            known = self._known(connection, file, repeats.made_before(again, file.id), again, repeats)
            if known is not None:
                return known
            enter(connection, file)
        return file

    def repeated(self, owner: str, again: Repeatable) -> StoredFile | None:
        """The file that the same request made before."""
        with self._database.reading() as connection:
            repeats = Repeats(
                database=self._database, connection=connection, owner=owner, route=ROUTE, now=self._clock()
            )
            chosen = files.c.id == repeats.known(again), files.c.owner == owner, self._in_time()
            row = connection.execute(select(files).where(*chosen)).mappings().first()
        return None if row is None else file_of(row)

    def get(self, owner: str, file_id: str) -> StoredFile:
        """A file of this owner."""
        return self._one(file_id, files.c.owner == owner)

    def find(self, file_id: str) -> StoredFile:
        """A file, whoever owns it."""
        return self._one(file_id)

    def list(self, owner: str, chosen: FileFilter, part: Listing) -> tuple[StoredFile, ...]:
        """Files of this owner, the newest first."""
        rows = select(files).where(*self._chosen(owner, chosen))
        rows = rows.order_by(files.c.created_at.desc(), files.c.seq.desc())
        rows = rows.limit(min(part.size, MOST)).offset(min(part.offset, MOST))
        with self._database.reading() as connection:
            return tuple(file_of(row) for row in connection.execute(rows).mappings())

    def count(self, owner: str, chosen: FileFilter) -> int:
        """How many files of this owner."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(files).where(*self._chosen(owner, chosen))) or 0

    def delete(self, owner: str, file_id: str) -> None:
        """Forget a file."""
        gone = delete(files).where(files.c.id == file_id, files.c.owner == owner).returning(files.c.blob)
        with self._database.writing() as connection:
            names = connection.scalars(gone).all()
            if not names:
                raise _not_found(file_id)
            blobs.drop(connection, names)

    def expire(self, limit: int) -> int:
        """Forget files whose time is up."""
        done = 0
        while done < limit:
            with self._database.writing() as connection:
                number = self._expire(connection, min(_BLOCK, limit - done))
            done += number
            if number < _BLOCK:
                break
        return done

    def unused(self, limit: int) -> tuple[str, ...]:
        """Names of blobs that can be removed."""
        with self._database.writing() as connection:
            return blobs.doomed(connection, self._clock(), limit)

    def forget(self, blobs_removed: Iterable[str]) -> None:
        """These blobs are removed."""
        with self._database.writing() as connection:
            blobs.forget(connection, blobs_removed)

    def _known(
        self,
        connection: Connection,
        file: StoredFile,
        before: str | None,
        again: Repeatable | None,
        repeats: Repeats,
    ) -> StoredFile | None:
        """The file that is there already: of the same request, or (a call that is tried again) of the same id."""
        rows = select(files).where(files.c.id == (before or file.id), files.c.owner == file.owner, self._in_time())
        row = connection.execute(rows).mappings().first()
        if row is not None:
            if row["blob"] != file.blob.name:
                blobs.doom(connection, [file.blob.name])
            return file_of(row)
        if before is not None and again is not None:
            repeats.renew(again, file.id)
        return None

    def _one(self, file_id: str, *more: ColumnElement[bool]) -> StoredFile:
        with self._database.reading() as connection:
            rows = select(files).where(files.c.id == file_id, self._in_time(), *more)
            row = connection.execute(rows).mappings().first()
        if row is None:
            raise _not_found(file_id)
        return file_of(row)

    def _in_time(self) -> ColumnElement[bool]:
        return or_(files.c.expires_at.is_(None), files.c.expires_at > self._clock())

    def _chosen(self, owner: str, chosen: FileFilter) -> Sequence[ColumnElement[bool]]:
        wanted = [files.c.owner == owner, self._in_time()]
        if chosen.purpose is not None:
            wanted.append(files.c.purpose == str(chosen.purpose))
        if chosen.sample_types:
            wanted.append(files.c.sample_type.in_([str(kind) for kind in chosen.sample_types]))
        if chosen.sources:
            wanted.append(files.c.source.in_([str(source) for source in chosen.sources]))
        if chosen.mimetypes:
            wanted.append(files.c.mimetype.in_(chosen.mimetypes))
        if chosen.search:
            place = func.instr if self._database.is_sqlite else func.strpos
            wanted.append(place(files.c.folded, literal(chosen.search.casefold(), files.c.folded.type)) > 0)
        return wanted

    def _expire(self, connection: Connection, limit: int) -> int:
        old = select(files.c.seq).where(files.c.expires_at.is_not(None), files.c.expires_at <= self._clock())
        seqs = connection.scalars(old.order_by(files.c.expires_at).limit(limit).with_for_update()).all()
        names = connection.scalars(delete(files).where(files.c.seq.in_(seqs)).returning(files.c.blob)).all()
        blobs.drop(connection, names)
        return len(names)


def _not_found(file_id: str) -> FileNotFound:
    return FileNotFound(f"There is no file {file_id}. It may have been deleted, or its time is up.")
