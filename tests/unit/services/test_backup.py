"""Backups of the real database and blobs; what happens meanwhile is scripted."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from kept_installation import Installation, happening, old, restored, target, upkeep_of

from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.database.open import open_database
from octavo.database.snapshot import LiveDatabase
from octavo.database.upgrade import CURRENT
from octavo.domain.backup import FORMAT
from octavo.domain.errors import CorruptDocument, InvalidRequest
from octavo.services import backup as backing_up
from octavo.storage.local_blobs import LocalBlobs

__all__ = ["old", "target"]  # fixtures


Something = Callable[[], object]


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
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "packed.tar", "-C", tmp_path / "unpacked"], check=True)
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


def test_the_manifest_says_what_is_there(old: Installation, tmp_path: Path) -> None:
    old.keep("one", b"12345")
    made = old.back_up(tmp_path / "backup")
    assert json.loads((tmp_path / "backup" / "manifest.json").read_text()) == asdict(made)
    assert (made.octavo, made.format) == ("1.2.3", FORMAT)
    assert made.size == (tmp_path / "backup" / "octavo.db").stat().st_size + 5
    assert made.sums == sha256((tmp_path / "backup" / "SHA256SUMS").read_bytes()).hexdigest()
