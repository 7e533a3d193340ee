"""What is done to an installation from outside of its server: backed up, restored, migrated, looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from octavo.domain.backup import Manifest, NamedBlob
from octavo.domain.errors import InvalidSettings
from octavo.domain.installation import DatabaseState, StorageState
from octavo.domain.stores import BlobStore
from octavo.services.backup import Backup, Copy, Live, Target
from octavo.services.restore import NewFolder, Restore, Source

ELSEWHERE = (
    "A backup holds an SQLite database and a folder of blobs, and this installation keeps {what} elsewhere. Back up "
    "PostgreSQL with pg_dump, and a bucket with its own versioning or replication: the database first, then the "
    "bucket, with deleted objects kept for some days."
)
NOT_HERE = (
    "A backup is restored into a data folder, and the settings name another place for the database or for blobs. Take "
    "OCTAVO_DATABASE__URL and OCTAVO_STORAGE__URL away (database.url and storage.url in octavo.toml)."
)


class Database(Protocol):
    """The database of an installation."""

    @property
    def file(self) -> Path | None:
        """Its file; None of PostgreSQL."""
        ...

    def live(self, path: Path) -> Live:
        """A database that a server may be working with."""
        ...

    def opened(self, path: Path) -> Copy:
        """A copy of one."""
        ...

    def migrate(self) -> tuple[str | None, str]:
        """Bring it to this version; from which, and to which."""
        ...

    def migrate_copy(self, path: Path) -> None:
        """Bring a copy to this version."""
        ...

    def owned(self, folder: Path) -> AbstractContextManager[None]:
        """While entered, no server starts on the folder."""
        ...

    def look(self) -> DatabaseState:
        """What it is."""
        ...


class Storage(Protocol):
    """The blobs of an installation."""

    def folder(self) -> BlobStore | None:
        """The blobs, if they lie in a folder."""
        ...

    def target(self, path: Path) -> Target:
        """A new backup."""
        ...

    def source(self, path: Path) -> Source:
        """A backup that was made."""
        ...

    def refuse_used(self, folder: Path) -> None:
        """Insist on a data folder that is empty or missing."""
        ...

    def make(self, folder: Path) -> bool:
        """Make a data folder; False if it is there already."""
        ...

    def unmake(self, folder: Path) -> None:
        """Remove a data folder in which there is nothing after all."""
        ...

    def restored(self, folder: Path) -> NewFolder:
        """A data folder that is being restored."""
        ...

    def look(self) -> StorageState:
        """Where they are."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """An installation, seen from outside of its server. Everything blocks.

    Attributes:
        data_dir: its folder.
        is_plain: whether everything lies there.
    """

    data_dir: Path
    is_plain: bool
    database: Database
    storage: Storage

    def back_up(self, path: Path, octavo: str, tell: Callable[[NamedBlob], None]) -> Manifest:
        """Make a backup while the server, if there is one, goes on.

        Args:
            path: a folder or .tar file that is not there yet.
            octavo: version of this program.
            tell: is told of each blob that is lost or damaged; the rest is backed up.

        Raises:
            InvalidSettings: the installation is one that cannot be backed up so.
            InvalidRequest: there is nothing to back up, or something of the name of the backup.
            DatabaseFailed, CorruptDocument: the database cannot be read.
            OSError: the backup cannot be written.
        """
        file = self.database.file
        if file is None:
            raise InvalidSettings(ELSEWHERE.format(what="its database"))
        with closing(self.database.live(file)) as live:
            store = self.storage.folder()
            if store is None:
                raise InvalidSettings(ELSEWHERE.format(what="its blobs"))
            with closing(self.storage.target(path)) as target:
                backup = Backup(live=live, store=store, target=target, opened=self.database.opened, tell=tell)
                return backup.make(octavo)

    def restore(self, path: Path, tell: Callable[[NamedBlob], None], *, skip_damaged: bool) -> tuple[Manifest, int]:
        """Restore a backup into the data folder; what the backup says, and how many blobs were left out.

        Raises:
            InvalidRequest: the folder is used, or there is no backup, or it is newer.
            CorruptDocument: the backup is damaged.
            OSError: the folder cannot be written.
        """
        if not self.is_plain:
            raise InvalidSettings(NOT_HERE)
        self.storage.refuse_used(self.data_dir)
        with closing(self.storage.source(path)) as source:
            is_new = self.storage.make(self.data_dir)
            with self.database.owned(self.data_dir):
                self.storage.refuse_used(self.data_dir)  # a server may have begun meanwhile
                try:
                    return source.manifest, self._restored(source, tell, skip_damaged=skip_damaged)
                except BaseException:
                    if is_new:
                        self.storage.unmake(self.data_dir)
                    raise

    def _restored(self, source: Source, tell: Callable[[NamedBlob], None], *, skip_damaged: bool) -> int:
        with closing(self.storage.restored(self.data_dir)) as folder:
            restore = Restore(source=source, folder=folder, migrate=self.database.migrate_copy, tell=tell)
            return restore.make(skip_damaged=skip_damaged)
