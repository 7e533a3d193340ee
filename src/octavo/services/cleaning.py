"""Blobs that nothing uses any more, removed: what is deleted is gone from the disk."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.domain.errors import StorageFailed
from octavo.domain.stores import BlobStore, FileRepository

BLOCK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaner:
    """Removes blobs; in a thread."""

    files: FileRepository
    blobs: BlobStore

    def clean(self) -> None:
        """Remove all that are unused; one that cannot be removed holds up no other.

        Raises:
            DatabaseFailed, StorageFailed: some are left for the next time.
        """
        kept: dict[str, StorageFailed] = {}
        while names := [name for name in self.files.unused(BLOCK + len(kept)) if name not in kept]:
            for name in names:
                try:
                    self.blobs.delete(name)
                except StorageFailed as error:
                    kept[name] = error
            self.files.forget([name for name in names if name not in kept])
        for trouble in kept.values():
            raise trouble
