"""What is restored from backups, and what is refused: damage, other versions, folders that are used."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from kept_installation import Installation, old, restored, target, upkeep_of

from octavo.database.open import open_database
from octavo.database.upkeep import SqlUpkeep
from octavo.domain.backup import FORMAT
from octavo.domain.errors import CorruptDocument, InvalidRequest, InvalidSettings

__all__ = ["old", "target"]  # fixtures


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
