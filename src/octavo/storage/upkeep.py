"""Where blobs lie, and what is done to them while no server is started."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from octavo.domain.installation import StorageState
from octavo.domain.stores import BlobStore
from octavo.storage.blobs import open_blobs
from octavo.storage.half_files import make_folder
from octavo.storage.local_blobs import LocalBlobs
from octavo.storage.new_backup import NewBackup
from octavo.storage.new_data import LOCK, NewData, refuse_used
from octavo.storage.old_backup import OldBackup


class BlobUpkeep:
    """The blobs of an installation.

    Args:
        place: as `open_blobs` takes it.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    def folder(self) -> BlobStore | None:
        """The blobs, if they lie in a folder; None if in a bucket.

        Raises:
            InvalidSettings: there can be none.
        """
        blobs = open_blobs(self._place)
        return blobs if isinstance(blobs, LocalBlobs) else None

    def target(self, path: Path) -> NewBackup:
        """A new backup."""
        return NewBackup(path)

    def source(self, path: Path) -> OldBackup:
        """A backup that was made."""
        return OldBackup(path)

    def refuse_used(self, folder: Path) -> None:
        """Insist on a data folder that is empty or missing."""
        refuse_used(folder)

    def make(self, folder: Path) -> bool:
        """Make a data folder; False if it is there already."""
        is_new = not folder.exists()
        make_folder(folder)
        folder.chmod(0o700)
        return is_new

    def unmake(self, folder: Path) -> None:
        """Remove a data folder in which there is nothing after all."""
        with suppress(OSError):
            (folder / LOCK).unlink(missing_ok=True)
            folder.rmdir()

    def restored(self, folder: Path) -> NewData:
        """A data folder that is being restored."""
        return NewData(folder)

    def look(self) -> StorageState:
        """Where they are; a folder is made if need be.

        Raises:
            InvalidSettings: there can be none.
            StorageFailed: they cannot be reached.
        """
        blobs = open_blobs(self._place)
        blobs.reach()
        return StorageState(place=self._place, is_local=isinstance(blobs, LocalBlobs))
