"""Backups of an installation whose server works on meanwhile.

Blobs are copied first, as often around as it takes until only a few new ones are left. Then for a moment nobody
writes: every blob that the database names is there, for one is removed only after the database forgot it. In this
moment the database's state is held fast, and the blobs that are left are opened; whoever deletes one after that takes
its name away, not the bytes from us. So nothing that the copy of the database names is missing from the backup, unless
it was lost or damaged before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from octavo.domain.backup import Manifest, NamedBlob
from octavo.domain.errors import StorageFailed
from octavo.domain.file import Blob
from octavo.domain.stores import BlobStore

MOST_OPEN = 100
"""Blobs that are opened while nobody writes; some systems let a program open no more than 256 files."""


class Live(Protocol):
    """A database that a server may be working with."""

    version: str

    def news(self) -> Iterator[NamedBlob]:
        """Blobs that came into use since the last call took the last of them; results of running jobs each time."""
        ...

    def held(self) -> AbstractContextManager[None]:
        """While entered nobody writes."""
        ...

    def freeze(self) -> None:
        """What `copy` will write is what stands there now."""
        ...

    def copy(self, path: Path) -> None:
        """Write the database to a new file."""
        ...

    def close(self) -> None:
        """Nothing more is asked."""
        ...


class Copy(Protocol):
    """A copy of a database."""

    def blobs(self) -> Iterator[NamedBlob]:
        """All blobs that it names."""
        ...

    def uses(self, name: str) -> bool:
        """Whether it names this blob."""
        ...

    def counts(self) -> tuple[int, int]:
        """How many files and jobs."""
        ...

    def close(self) -> None:
        """Nothing more is asked."""
        ...


class Blobs(Protocol):
    """Blobs of a backup, or of a data folder that is being restored. OSErrors are those of its disk."""

    def put(self, blob: NamedBlob, pieces: Iterable[bytes]) -> Blob:
        """Write a blob; StorageFailed if it is damaged."""
        ...

    def has(self, name: str) -> bool:
        """Whether it was put."""
        ...

    def look(self, name: str) -> Blob:
        """Size and digest of one that was put."""
        ...

    def size(self, name: str) -> int:
        """Bytes of one that was put."""
        ...

    def names(self) -> Iterator[str]:
        """All of them."""
        ...

    def remove(self, name: str) -> None:
        """It is not needed."""
        ...


class Target(Protocol):
    """A backup that is being made."""

    @property
    def blobs(self) -> Blobs:
        """Those of the backup."""
        ...

    @property
    def database(self) -> Path:
        """Where the copy of the database belongs."""
        ...

    @property
    def sums(self) -> str:
        """Digest of the list."""
        ...

    @property
    def size(self) -> int:
        """Bytes of all that is listed."""
        ...

    def list_database(self) -> None:
        """Enter the database."""
        ...

    def list_blob(self, blob: Blob) -> None:
        """Enter a blob."""
        ...

    def finish(self, manifest: Manifest) -> None:
        """It is whole."""
        ...

    def close(self) -> None:
        """What was not finished goes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What makes a backup; in one thread.

    Attributes:
        live: the database.
        store: its blobs.
        target: where they go.
        opened: reads a copy of the database.
        tell: is told of each blob that is lost or damaged, and what uses it.
    """

    live: Live
    store: BlobStore
    target: Target
    opened: Callable[[Path], Copy]
    tell: Callable[[NamedBlob], None]

    def make(self, octavo: str) -> Manifest:
        """Make it; `octavo` is the version of the program.

        Raises:
            DatabaseFailed, CorruptDocument: the database cannot be read.
            OSError: the backup cannot be written.
        """
        rest = None
        while rest is None:
            for blob in self.live.news():
                self._copy(blob)
            rest = self._freeze()
        self.live.copy(self.target.database)
        for blob, pieces in rest:
            self._put(blob, pieces)
        with closing(self.opened(self.target.database)) as copy:
            manifest = self._listed(copy, octavo)
        self.target.finish(manifest)
        return manifest

    def _freeze(self) -> list[tuple[NamedBlob, Iterator[bytes]]] | None:
        """Blobs that are left, opened, in the moment of the copy; None if there were too many."""
        left: list[tuple[NamedBlob, Iterator[bytes]]] = []
        late: NamedBlob | None = None
        with self.live.held():
            for blob in self.live.news():
                if self.target.blobs.has(blob.name):
                    continue
                if len(left) == MOST_OPEN:
                    late = blob
                    break
                with suppress(StorageFailed):  # told in the end, when it is still not there
                    left.append((blob, self.store.read(blob.name)))
            else:
                self.live.freeze()
        if late is None:
            return left
        for blob, pieces in left:
            self._put(blob, pieces)
        self._copy(late)
        return None

    def _copy(self, blob: NamedBlob) -> None:
        """Take a blob over, if it is there and was not taken yet."""
        if not self.target.blobs.has(blob.name):
            with suppress(StorageFailed):  # it was deleted meanwhile; or it is told in the end
                self._put(blob, self.store.read(blob.name))

    def _put(self, blob: NamedBlob, pieces: Iterator[bytes]) -> None:
        if not self.target.blobs.has(blob.name):
            with suppress(StorageFailed):
                self.target.blobs.put(blob, pieces)

    def _listed(self, copy: Copy, octavo: str) -> Manifest:
        for name in self.target.blobs.names():
            if not copy.uses(name):
                self.target.blobs.remove(name)
        self.target.list_database()
        blobs = damaged = 0
        for blob in copy.blobs():
            if self._list(blob):
                blobs += 1
            else:
                damaged += 1
                self.tell(blob)
        files, jobs = copy.counts()
        return Manifest(
            octavo=octavo,
            database=self.live.version,
            made_at=int(time.time()),
            files=files,
            jobs=jobs,
            blobs=blobs,
            size=self.target.size,
            damaged=damaged,
            sums=self.target.sums,
        )

    def _list(self, blob: NamedBlob) -> bool:
        """Enter a blob; False if it is not there, or is not what the database says."""
        kept = self.target.blobs
        self._copy(blob)
        if not kept.has(blob.name):
            return False
        if blob.sha256 is not None:  # it was checked when it was written
            found = Blob(name=blob.name, size=kept.size(blob.name), sha256=blob.sha256)
        else:
            found = kept.look(blob.name)
        if found.size < blob.least:
            kept.remove(blob.name)
            return False
        self.target.list_blob(found)
        return True
