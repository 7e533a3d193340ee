"""Backups and what is restored from them, on the real database and blobs; what happens meanwhile is scripted."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from octavo.database.connection import Database
from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.database.open import open_database
from octavo.database.snapshot import LiveDatabase
from octavo.database.upgrade import CURRENT
from octavo.database.upkeep import SqlUpkeep
from octavo.domain.backup import FORMAT, Manifest, NamedBlob
from octavo.domain.batch import BatchInput, BatchJob, Outcome, Span
from octavo.domain.errors import CorruptDocument, InvalidRequest, InvalidSettings, StorageFailed
from octavo.domain.file import FileFilter, FilePurpose, FileSource, Listing, SampleType, StoredFile
from octavo.services import backup as backing_up
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


def test_all_of_an_installation_comes_back(old: Installation, target: Path) -> None:
    contents = {"one": b"1", "empty": b"", "large": bytes(range(256)) * 10_000}
    for name, content in contents.items():
        old.keep(name, content)
    old.job(b"0123456789")
    secret = old.files.secret()
    made = old.back_up(target)
    assert (made.files, made.jobs, made.blobs, made.damaged, made.database) == (4, 1, 5, 0, CURRENT)
    assert made.size > 2_560_000
    assert old.told == []
    assert restored(target) == {**contents, "input": b"one\ntwo\n"}
    folder = target.with_name("new")
    assert {path.name for path in folder.iterdir()} == {"blobs", "octavo.db", "octavo.db.lock"}
    database = open_database(folder / "octavo.db")
    try:
        ledger = SqlLedger(database)
        assert SqlFiles(database).secret() == secret
        assert ledger.reap("another") == 1  # the line that the old server had leased
        assert [lease.number for lease in ledger.lease("another", "job", 9)] == [2]
        ((_, span),) = ledger.results("job", failed=False, after=0, limit=9)
        assert b"".join(LocalBlobs(folder / "blobs").read(span.blob)) == b"0123456789"
    finally:
        database.close()


def test_a_backup_can_be_checked_with_the_tools_of_the_system(old: Installation, tmp_path: Path) -> None:
    old.keep("one", b"1")
    old.back_up(tmp_path / "backup")
    lines = (tmp_path / "backup" / "SHA256SUMS").read_text().splitlines()
    for line in lines:
        digest, _, path = line.partition("  ")
        assert sha256((tmp_path / "backup" / path).read_bytes()).hexdigest() == digest
    assert [line.partition("  ")[2].rpartition("/")[2] for line in lines] == ["octavo.db", "one"]
    old.back_up(tmp_path / "packed.tar")
    with tarfile.open(tmp_path / "packed.tar") as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    assert restored(tmp_path / "unpacked" / "packed") == {"one": b"1"}


def test_nobody_else_may_look_into_a_backup(old: Installation, target: Path) -> None:
    old.keep("one", b"1")
    old.back_up(target)
    assert target.stat().st_mode & 0o077 == 0


def test_what_comes_and_goes_meanwhile_does_no_harm(
    old: Installation, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        old.keep(name, name.encode())
    happening(
        monkeypatch,
        LocalBlobs,
        "read",
        [
            lambda: old.forget("c"),  # known, and not copied yet
            lambda: (old.forget("a"), old.keep("d", b"d"), old.keep("e", b"e")),  # copied already; and new ones
        ],
    )
    made = old.back_up(target)
    assert (made.blobs, made.damaged) == (3, 0)
    assert restored(target) == {"b": b"b", "d": b"d", "e": b"e"}
    if target.is_dir():
        assert {path.name for path in (target / "blobs").rglob("*") if path.is_file()} == {"b", "d", "e"}


def test_what_is_deleted_after_the_moment_of_the_copy_is_in_it(
    old: Installation, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.keep("a", b"a")
    happening(monkeypatch, LiveDatabase, "held", [lambda: old.keep("late", b"late")])
    happening(monkeypatch, LiveDatabase, "copy", [lambda: (old.forget("a"), old.forget("late"))])
    old.back_up(target)
    assert restored(target) == {"a": b"a", "late": b"late"}


def test_nobody_writes_in_the_moment_of_the_copy_and_everybody_after_it(
    old: Installation, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.keep("a", b"a")
    impatient = sqlite3.connect(old.folder / "octavo.db", timeout=0, isolation_level=None)

    def fails_to_write() -> None:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("DELETE FROM files")

    happening(monkeypatch, LiveDatabase, "freeze", [fails_to_write])
    happening(monkeypatch, LiveDatabase, "copy", [lambda: impatient.execute("DELETE FROM files")])
    with closing(impatient):
        old.back_up(target)
    assert restored(target) == {"a": b"a"}


def test_many_that_come_late_take_another_round(
    old: Installation, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "MOST_OPEN", 2)
    old.keep("first", b"first")
    names = iter(range(100))

    def several(count: int) -> Something:
        return lambda: [old.keep(f"late{next(names)}", b"late") for _ in range(count)]

    happening(monkeypatch, LiveDatabase, "held", [several(7), several(3), several(2)])
    happening(monkeypatch, LiveDatabase, "copy", [lambda: [old.forget(f"late{number}") for number in range(12)]])
    assert old.back_up(target).blobs == 13
    assert list(restored(target).values()).count(b"late") == 12


def test_blobs_of_nobody_are_left_out(old: Installation, tmp_path: Path) -> None:
    old.keep("one", b"1")
    old.files.announce("begun")
    old.blobs.put("begun", [b"half of an upload"])
    old.back_up(tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup" / "blobs").rglob("*") if path.is_file()] == ["one"]


def test_others_write_while_the_database_is_copied(old: Installation, tmp_path: Path) -> None:
    old.keep("one", b"1")
    live = LiveDatabase(old.folder / "octavo.db")
    with closing(live):
        live.freeze()
        old.keep("two", b"2")
        live.copy(tmp_path / "copy.db")
        old.keep("three", b"3")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM files").fetchall() == [("one",)]


def test_damage_is_told_and_the_rest_is_backed_up(old: Installation, target: Path) -> None:
    for name in ("changed", "lost", "short", "sound"):
        old.keep(name, b"0123456789")
    old.job(b"0123456789")
    for name in ("changed", "short", "results"):
        old.path_of(name).chmod(0o600)
    old.path_of("changed").write_bytes(b"0123456780")
    old.path_of("short").write_bytes(b"012345678")
    old.path_of("results").write_bytes(b"012345678")
    old.path_of("lost").unlink()
    made = old.back_up(target)
    assert (made.blobs, made.damaged) == (2, 4)
    assert {blob.name: blob.user for blob in old.told} == {
        "changed": "file id-changed",
        "lost": "file id-lost",
        "short": "file id-short",
        "results": "results of the batch job job",
    }
    lost = dict.fromkeys(["changed", "lost", "short"])
    assert restored(target) == {**lost, "sound": b"0123456789", "input": b"one\ntwo\n"}


def test_a_damaged_database_is_no_backup(old: Installation, tmp_path: Path) -> None:
    for number in range(200):
        old.keep(f"{number}", b"x")
    path = old.folder / "octavo.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\x55" * len(raw[len(raw) // 2 :])
    path.write_bytes(raw)
    with pytest.raises(CorruptDocument, match="damaged"):
        old.back_up(tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_what_has_the_name_already_stays(old: Installation, target: Path) -> None:
    old.keep("one", b"1")
    target.write_text("mine")
    with pytest.raises(InvalidRequest, match="is there already"):
        old.back_up(target)
    assert target.read_text() == "mine"


def test_a_name_that_was_taken_meanwhile_stays(
    old: Installation, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.keep("one", b"1")
    happening(monkeypatch, LiveDatabase, "copy", [lambda: target.write_text("mine")])
    with pytest.raises(InvalidRequest, match="is there already"):
        old.back_up(target)
    assert target.read_text() == "mine"
    assert {path.name for path in target.parent.iterdir()} == {"old", target.name}


def test_there_must_be_something_to_back_up_and_a_place_for_it(old: Installation, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="nothing to back up"):
        upkeep_of(tmp_path / "none").back_up(tmp_path / "backup", "1", old.told.append)
    assert not (tmp_path / "none").exists()
    with pytest.raises(InvalidRequest, match="no folder"):
        old.back_up(tmp_path / "none" / "backup")


@pytest.mark.parametrize("version", ["", "9999"])
def test_a_database_of_another_version_is_refused(old: Installation, tmp_path: Path, version: str) -> None:
    with closing(sqlite3.connect(old.folder / "octavo.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()
    with pytest.raises(InvalidRequest, match=f"is of version {version or 'none'}"):
        old.back_up(tmp_path / "backup")


def rewritten(target: Path, name: str, change: Callable[[bytes], bytes | None]) -> None:
    """Change one part of a backup; None takes it out."""
    if target.is_dir():
        (path,) = target.rglob(name)
        path.chmod(0o600)
        changed = change(path.read_bytes())
        path.unlink()
        if changed is not None:
            path.write_bytes(changed)
        return
    with tarfile.open(target) as tar:
        parts = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    with tarfile.open(target, "w") as tar:
        for member, content in parts:
            changed = change(content) if member.name.endswith(f"/{name}") else content
            if changed is not None:
                member.size = len(changed)
                tar.addfile(member, io.BytesIO(changed))


@pytest.mark.parametrize("change", [lambda _: b"2", lambda _: b"", lambda _: None], ids=["changed", "short", "lost"])
def test_a_damaged_blob_of_a_backup_is_told_before_anything_is_there(
    old: Installation, target: Path, change: Callable[[bytes], bytes | None]
) -> None:
    for name in ("a", "b", "c"):
        old.keep(name, b"1")
    old.back_up(target)
    rewritten(target, "b", change)
    with pytest.raises(CorruptDocument, match="1 of 3 blobs"):
        restored(target)
    assert not target.with_name("new").exists()
    assert restored(target, skip_damaged=True) == {"a": b"1", "b": None, "c": b"1"}


@pytest.mark.parametrize("name", ["octavo.db", "SHA256SUMS"])
@pytest.mark.parametrize("change", [lambda old: old[:-1] + b"?", lambda _: None], ids=["changed", "lost"])
def test_a_backup_whose_database_or_list_is_damaged_is_refused(
    old: Installation, target: Path, name: str, change: Callable[[bytes], bytes | None]
) -> None:
    old.keep("a", b"1")
    old.back_up(target)
    rewritten(target, name, change)
    with pytest.raises(CorruptDocument, match=rf"is damaged \({name}\)"):
        restored(target, skip_damaged=True)
    assert not target.with_name("new").exists()


def test_a_list_that_lacks_a_line_is_refused(old: Installation, target: Path) -> None:
    for name in ("a", "b"):
        old.keep(name, b"1")
    old.back_up(target)
    rewritten(target, "SHA256SUMS", lambda lines: b"".join(lines.splitlines(keepends=True)[:-1]))
    with pytest.raises(CorruptDocument, match=r"is damaged \(SHA256SUMS\)"):
        restored(target)


def test_a_tar_that_breaks_off_is_refused(old: Installation, tmp_path: Path) -> None:
    old.keep("a", bytes(100_000))
    old.back_up(tmp_path / "backup.tar")
    raw = (tmp_path / "backup.tar").read_bytes()
    for cut in (len(raw) - 60_000, 400_000 if len(raw) > 460_000 else len(raw) // 2, 700):
        (tmp_path / "backup.tar").write_bytes(raw[:cut])
        with pytest.raises(CorruptDocument):
            restored(tmp_path / "backup.tar")
        assert not (tmp_path / "new").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "octavo.db").touch()
    (tmp_path / "text.tar").write_text("text" * 1000)
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "folder", "folder")
    with tarfile.open(tmp_path / "packed.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "folder", "folder")
    (tmp_path / "said").mkdir()
    (tmp_path / "said" / "manifest.json").write_text("[1]")
    for name in ("missing", "folder", "text.tar", "other.tar", "packed.tar.gz", "said"):
        with pytest.raises(InvalidRequest, match="no backup"):
            restored(tmp_path / name)
        assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_layout_is_refused(old: Installation, target: Path) -> None:
    old.back_up(target)
    rewritten(target, "manifest.json", lambda said: json.dumps({**json.loads(said), "format": FORMAT + 1}).encode())
    with pytest.raises(InvalidRequest, match=r"made by Octavo 1\.2\.3 in a layout"):
        restored(target)


def with_database(target: Path, database: Path) -> None:
    """Give a backup without blobs another database, as if it had been made so."""
    shutil.copy(database, target / "octavo.db")
    line = f"{sha256(database.read_bytes()).hexdigest()}  octavo.db\n".encode()
    (target / "SHA256SUMS").write_bytes(line)
    said = json.loads((target / "manifest.json").read_bytes())
    (target / "manifest.json").write_text(json.dumps({**said, "sums": sha256(line).hexdigest()}))


def test_a_newer_backup_is_refused(old: Installation, tmp_path: Path) -> None:
    target, newer = tmp_path / "backup", tmp_path / "newer.db"
    old.back_up(target)
    shutil.copy(target / "octavo.db", newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with_database(target, newer)
    with pytest.raises(InvalidSettings, match="newer Octavo: it is of version 9999"):
        restored(target)
    assert not (tmp_path / "new").exists()


def test_an_older_backup_is_brought_to_this_version(old: Installation, tmp_path: Path) -> None:
    target, older = tmp_path / "backup", tmp_path / "older.db"
    old.back_up(target)
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.commit()
    with_database(target, older)
    assert restored(target) == {}
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"blobs", "octavo.db", "octavo.db.lock"}


def test_a_list_that_leads_elsewhere_is_refused(old: Installation, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    old.keep("a", b"1")
    old.back_up(target)
    first = (target / "SHA256SUMS").read_text().splitlines(keepends=True)[0]
    for path in ("blobs/../../secret", "/etc/hosts", "blobs/00/a", "octavo.db"):
        lines = f"{first}{'0' * 64}  {path}\n".encode()
        (target / "SHA256SUMS").write_bytes(lines)
        said = json.loads((target / "manifest.json").read_bytes())
        (target / "manifest.json").write_text(json.dumps({**said, "sums": sha256(lines).hexdigest()}))
        with pytest.raises(CorruptDocument, match="SHA256SUMS"):
            restored(target, skip_damaged=True)


@pytest.mark.parametrize("name", ["octavo.db", "blobs", "anything"])
def test_a_folder_that_is_used_is_never_overwritten(old: Installation, target: Path, name: str) -> None:
    old.back_up(target)
    used = target.with_name("new") / name
    used.parent.mkdir()
    used.write_text("mine")
    with pytest.raises(InvalidRequest, match=f"there is {name}"):
        restored(target)
    assert [path.name for path in used.parent.iterdir()] == [name]
    assert used.read_text() == "mine"


def test_a_folder_in_which_a_server_begins_is_left_alone(old: Installation, target: Path) -> None:
    old.back_up(target)
    folder = target.with_name("new")
    database = open_database(folder / "octavo.db")
    database.close()
    for path in folder.glob("octavo.db*"):
        if path.name != "octavo.db.lock":
            path.unlink()
    with SqlUpkeep(folder / "octavo.db").owned(folder), pytest.raises(InvalidSettings, match="in use by"):
        restored(target)
    assert {path.name for path in folder.iterdir()} == {"octavo.db.lock"}
    assert restored(target) == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="gives files away")
def test_what_root_restores_belongs_to_the_owner_of_the_folder(old: Installation, target: Path) -> None:
    old.keep("one", b"1")
    old.back_up(target)
    folder = target.with_name("new")
    folder.mkdir()
    os.chown(folder, 12345, 12346)
    upkeep_of(folder).restore(target, old.told.append, skip_damaged=False)
    owners = {path: (path.stat().st_uid, path.stat().st_gid) for path in folder.rglob("*")}
    assert len(owners) == 5
    assert set(owners.values()) == {(12345, 12346)}


def test_a_file_is_no_data_folder(old: Installation, target: Path) -> None:
    old.back_up(target)
    target.with_name("new").write_text("mine")
    with pytest.raises(InvalidRequest, match="is no folder"):
        restored(target)


def test_the_manifest_says_what_is_there(old: Installation, tmp_path: Path) -> None:
    old.keep("one", b"12345")
    made = old.back_up(tmp_path / "backup")
    assert json.loads((tmp_path / "backup" / "manifest.json").read_text()) == asdict(made)
    assert (made.octavo, made.format) == ("1.2.3", FORMAT)
    assert made.size == (tmp_path / "backup" / "octavo.db").stat().st_size + 5
    assert made.sums == sha256((tmp_path / "backup" / "SHA256SUMS").read_bytes()).hexdigest()
