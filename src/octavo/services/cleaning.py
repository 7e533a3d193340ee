"""Blobs that nothing uses any more, removed: what is deleted is gone from the disk."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.domain.stores import BlobStore, FileRepository

BLOCK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaner:
    """Removes blobs; in a thread."""

    files: FileRepository
    blobs: BlobStore

    def clean(self) -> None:
        """Remove all that are unused.

        Raises:
            DatabaseFailed, StorageFailed: some are left for the next time.
        """
        while names := self.files.unused(BLOCK):
            for name in names:
                self.blobs.delete(name)
            self.files.forget(names)
