"""An installation for tests of backups: the real database and blobs in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from octavo.database.connection import Database
from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.database.open import open_database
from octavo.database.upkeep import SqlUpkeep
from octavo.domain.backup import Manifest, NamedBlob
from octavo.domain.batch import BatchInput, BatchJob, Outcome, Span
from octavo.domain.errors import StorageFailed
from octavo.domain.file import FileFilter, FilePurpose, FileSource, Listing, SampleType, StoredFile
from octavo.services.cleaning import Cleaner
from octavo.services.upkeep import Upkeep
from octavo.storage.local_blobs import LocalBlobs
from octavo.storage.upkeep import BlobUpkeep

Something = Callable[[], object]


@dataclass
class Installation:
    """A data folder that a server of this process works on."""

    folder: Path
    database: Database
    blobs: LocalBlobs
    told: list[NamedBlob] = field(default_factory=list)

    @property
    def files(self) -> SqlFiles:
        return SqlFiles(self.database)

    @property
    def upkeep(self) -> Upkeep:
        return upkeep_of(self.folder)

    def keep(self, name: str, content: bytes) -> StoredFile:
        """A new file, and its blob of the same name."""
        self.files.announce(name)
        blob = self.blobs.put(name, [content])
        file = StoredFile(
            id=f"id-{name}",
            owner="alice",
            name=name,
            blob=blob,
            purpose=FilePurpose.OCR,
            sample_type=SampleType.OCR_INPUT,
            source=FileSource.UPLOAD,
            created_at=1,
        )
        return self.files.add(file)

    def forget(self, name: str) -> None:
        """Delete a file, and its blob."""
        self.files.delete("alice", f"id-{name}")
        Cleaner(files=self.files, blobs=self.blobs).clean()
        assert name not in set(self.blobs.names())

    def job(self, results: bytes) -> None:
        """A job of two lines, of which one is done, with these results."""
        ledger, file = SqlLedger(self.database), self.keep("input", b"one\ntwo\n")
        job = BatchJob(
            id="job", owner="alice", endpoint="/v1/ocr", total=2, created_at=2_000_000_000,
            inputs=(BatchInput(blob=file.blob, lines=2, file_id=file.id),),
        )  # fmt: skip
        ledger.create(job)
        (plan,) = ledger.unplanned(1)
        lines = [(1, Span(blob="input", offset=0, length=3)), (2, Span(blob="input", offset=4, length=3))]
        assert ledger.plan(plan, lines, rest=None)
        lease, _ = ledger.lease("me", "job", 2)
        self.files.announce("results")
        self.blobs.put("results", [results])
        result = Span(blob="results", offset=0, length=10)
        outcome = Outcome(job_id="job", number=lease.number, custom_id="one", result=result)
        assert ledger.record("me", [outcome])

    def path_of(self, name: str) -> Path:
        (path,) = self.folder.rglob(name)
        return path

    def back_up(self, target: Path) -> Manifest:
        return self.upkeep.back_up(target, "1.2.3", self.told.append)


def upkeep_of(folder: Path) -> Upkeep:
    database, storage = SqlUpkeep(folder / "octavo.db"), BlobUpkeep(str(folder / "blobs"))
    return Upkeep(data_dir=folder, is_plain=True, database=database, storage=storage)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Installation]:
    folder = tmp_path / "old"
    database = open_database(folder / "octavo.db")
    yield Installation(folder, database, LocalBlobs(folder / "blobs"))
    database.close()


@pytest.fixture(params=["backup", "backup.tar"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def restored(source: Path, *, skip_damaged: bool = False) -> dict[str, bytes | None]:
    """What is in each file of an installation that was restored beside a backup; None where it is lost."""
    folder = source.with_name("new")
    told: list[NamedBlob] = []
    upkeep_of(folder).restore(source, told.append, skip_damaged=skip_damaged)
    database, blobs = open_database(folder / "octavo.db"), LocalBlobs(folder / "blobs")
    found: dict[str, bytes | None] = {}
    try:
        for file in SqlFiles(database).list("alice", FileFilter(), Listing(size=1000)):
            try:
                found[file.name] = b"".join(blobs.read(file.blob.name))
                blobs.bring(file.blob, folder).unlink()  # it is what the database says
            except StorageFailed:
                found[file.name] = None
    finally:
        database.close()
    return found


def happening(monkeypatch: pytest.MonkeyPatch, kind: type, method: str, what: list[Something]) -> None:
    """Let these things happen, one each time before the method does its work."""
    inner = getattr(kind, method)

    def outer(self: object, *arguments: object) -> object:
        if what:
            what.pop(0)()
        return inner(self, *arguments)

    monkeypatch.setattr(kind, method, outer)
