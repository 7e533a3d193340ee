"""Restoring a backup: everything is checked while it is copied, and has its place only when all of it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from octavo.domain.backup import Manifest, NamedBlob
from octavo.domain.errors import CorruptDocument, StorageFailed
from octavo.services.backup import Blobs


class Source(Protocol):
    """A backup that was made."""

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        ...

    def keep_database(self, folder: Path) -> Path:
        """Write the database into a folder."""
        ...

    def blobs(self) -> Iterator[tuple[NamedBlob, Iterator[bytes] | None]]:
        """All blobs, with their bytes; None where they are not there."""
        ...

    def close(self) -> None:
        """Nothing more is asked."""
        ...


class NewFolder(Protocol):
    """A data folder that is being restored."""

    @property
    def stage(self) -> Path:
        """Where the database is prepared."""
        ...

    @property
    def blobs(self) -> Blobs:
        """Those that are restored."""
        ...

    def finish(self) -> None:
        """Everything is there."""
        ...

    def close(self) -> None:
        """What was not finished goes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """What restores a backup; in one thread.

    Attributes:
        source: the backup.
        folder: where it goes.
        migrate: brings a database to this version, and refuses a newer one.
        tell: is told of each blob that is damaged.
    """

    source: Source
    folder: NewFolder
    migrate: Callable[[Path], None]
    tell: Callable[[NamedBlob], None]

    def make(self, *, skip_damaged: bool = False) -> int:
        """Restore it; how many blobs were damaged and left out, which `skip_damaged` allows.

        Raises:
            InvalidSettings: the backup was made by a newer version.
            CorruptDocument: it is damaged.
            OSError: the folder cannot be written.
        """
        self.migrate(self.source.keep_database(self.folder.stage))
        damaged = 0
        for blob, pieces in self.source.blobs():
            if not self._put(blob, pieces):
                damaged += 1
                self.tell(blob)
        if damaged and not skip_damaged:
            raise CorruptDocument(
                f"{damaged} of {self.source.manifest.blobs} blobs of the backup are damaged or lost. Restore another "
                "backup; or what is left of this one, with --skip-damaged."
            )
        self.folder.finish()
        return damaged

    def _put(self, blob: NamedBlob, pieces: Iterator[bytes] | None) -> bool:
        if pieces is None:
            return False
        try:
            self.folder.blobs.put(blob, pieces)
        except (StorageFailed, CorruptDocument):
            return False
        return True
