"""`octavo backup`, `octavo restore` and `octavo migrate`, as they are typed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from octavo_program import Octavo

from kept_files import kept_files
from octavo.database.upgrade import CURRENT
from octavo.domain.file import Blob, FilePurpose, FileSource, SampleType, StoredFile

NOBODY = "postgresql://octavo@127.0.0.1:1/octavo"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder, with two files in it."""
    folder = tmp_path / "data"
    with kept_files(folder) as service:
        for name in ("one", "two"):
            blob: Blob = service.store_blob(iter([name.encode()]))
            service.files.add(
                StoredFile(
                    id=f"id-{name}",
                    owner="local",
                    name=name,
                    blob=blob,
                    purpose=FilePurpose.OCR,
                    sample_type=SampleType.OCR_INPUT,
                    source=FileSource.UPLOAD,
                    created_at=1,
                )
            )
    return folder


def of_version(data: Path, version: str) -> None:
    with closing(sqlite3.connect(data / "octavo.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()


def test_there_and_back(octavo: Octavo, data: Path, tmp_path: Path) -> None:
    made = octavo("backup", "one.tar", "--data-dir", data)
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("one.tar: 2 files, 0 batch jobs, 2 blobs, ")
    back = octavo("restore", "one.tar", "--data-dir", tmp_path / "new")
    assert (back.code, back.err) == (0, "")
    assert back.out.endswith(f"Go on with: octavo serve --data-dir {tmp_path / 'new'}\n")
    assert sorted(path.read_bytes() for path in (tmp_path / "new" / "blobs").rglob("*") if path.is_file()) == [
        b"one",
        b"two",
    ]


def test_damage_has_a_code_of_its_own_and_a_list(octavo: Octavo, data: Path, tmp_path: Path) -> None:
    (blob,) = (path for path in (data / "blobs").rglob("*") if path.is_file() and path.read_bytes() == b"one")
    blob.unlink()
    made = octavo("backup", "b")
    assert made.code == 3
    assert f"lost or damaged: blob {blob.name} (file id-one)" in made.err
    assert "2 files, 0 batch jobs, 1 blobs" in made.out
    back = octavo("restore", "b", "--data-dir", tmp_path / "new")
    assert back.code == 0
    assert "the bytes of 1 blobs are not among them" in back.err


def test_a_damaged_backup_is_refused_unless_what_is_left_will_do(octavo: Octavo, data: Path, tmp_path: Path) -> None:
    assert data.exists()
    assert octavo("backup", "b").code == 0
    blob = next(path for path in Path("b/blobs").rglob("*") if path.is_file())
    blob.unlink()
    back = octavo("restore", "b", "--data-dir", tmp_path / "new")
    assert back.code == 3
    assert f"lost or damaged: blob {blob.name} (blobs/" in back.err
    assert "--skip-damaged" in back.err
    assert not (tmp_path / "new").exists()
    back = octavo("restore", "b", "--data-dir", tmp_path / "new", "--skip-damaged")
    assert (back.code, "the bytes of 1 blobs" in back.err) == (0, True)


def test_a_place_that_cannot_be_written_is_told(octavo: Octavo, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> str:
        raise OSError(30, os.strerror(30))

    assert data.exists()
    monkeypatch.setattr("tempfile.mkdtemp", read_only)
    made = octavo("backup", "b")
    assert made.code == 9
    assert "octavo: b cannot be written: Read-only file system. Nothing was left there." in made.err


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DATABASE__URL", NOBODY), ("STORAGE__URL", "s3://bucket")],
    ids=["PostgreSQL", "S3"],
)
def test_what_lies_elsewhere_is_backed_up_by_other_means(
    octavo: Octavo, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    assert data.exists()
    assert octavo("backup", "sound").code == 0
    monkeypatch.setenv(f"OCTAVO_{setting}", value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, "x")
    made = octavo("backup", "b")
    assert (made.code, "pg_dump" in made.err, "bucket" in made.err) == (2, True, True)
    assert not Path("b").exists()
    back = octavo("restore", "sound", "--data-dir", tmp_path / "new")
    assert (back.code, f"OCTAVO_{setting}" in back.err) == (2, True)
    assert not (tmp_path / "new").exists()


def test_blobs_in_another_folder_are_backed_up(
    octavo: Octavo, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "blobs").rename(tmp_path / "elsewhere")
    for place in (str(tmp_path / "elsewhere"), (tmp_path / "elsewhere").as_uri()):
        monkeypatch.setenv("OCTAVO_STORAGE__URL", place)
        monkeypatch.setenv("OCTAVO_DATABASE__URL", f"sqlite:///{data / 'octavo.db'}")
        assert octavo("backup", f"b{len(place)}").out.startswith(f"b{len(place)}: 2 files, 0 batch jobs, 2 blobs")


def test_migrate_makes_the_tables_and_tells(octavo: Octavo, tmp_path: Path) -> None:
    checked = octavo("migrate", "--check")
    assert (checked.code, "octavo migrate" in checked.out) == (1, True)
    assert not (tmp_path / "data").exists()
    assert octavo("migrate").out == f"The tables of version {CURRENT} were made.\n"
    assert "nothing was done" in octavo("migrate").out
    checked = octavo("migrate", "--check")
    assert (checked.code, checked.out) == (0, f"The database is of version {CURRENT}, as it should be.\n")


def test_migrate_keeps_a_copy_of_what_it_changes(octavo: Octavo, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "octavo.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.commit()
    checked = octavo("migrate", "--check")
    assert (checked.code, "is of version none" in checked.out) == (1, True)
    copy = tmp_path / "data" / "octavo.db.none"
    assert octavo("migrate").out == (
        f"The database was brought from version none to {CURRENT}; as it was it lies in {copy}.\n"
    )
    assert copy.exists()
    assert octavo("migrate", "--check").code == 0


@pytest.mark.parametrize("arguments", [["migrate"], ["migrate", "--check"], ["backup", "b"]])
def test_a_newer_database_is_refused(octavo: Octavo, data: Path, arguments: list[str]) -> None:
    of_version(data, "9999")
    ended = octavo(*arguments)
    assert (ended.code, "9999" in ended.err) == (2, True)


def test_a_server_of_postgres_that_is_not_there_is_told(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_DATABASE__URL", NOBODY)
    ended = octavo("migrate", "--check")
    assert (ended.code, "cannot be reached" in ended.err) == (7, True)
    ended = octavo("migrate")
    assert (ended.code, "make a dump with pg_dump" in ended.out) == (7, True)


def told(octavo: Octavo, word: str) -> str:
    """The line of `octavo doctor` with this word in it."""
    (line,) = (line for line in octavo("doctor").out.splitlines() if word in line)
    return line


def test_doctor_tells_of_all_that_is_kept(octavo: Octavo, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_KEEP__RESULT_DAYS", "0")
    out = octavo("doctor").out
    assert f"Database SQLite, version {CURRENT}, used by no server now" in out
    assert f"Storage for files: the folder {data / 'blobs'}, reachable" in out
    assert "blobs 6B" in out
    assert "Kept: documents 30 days, inputs of batches 30 days, results without end" in out


def test_doctor_changes_nothing_where_nothing_is_yet(octavo: Octavo, tmp_path: Path) -> None:
    out = octavo("doctor").out
    assert f"Database SQLite, not there yet; the next server brings it to version {CURRENT}" in out
    assert "Storage for files: the folder blobs, not there yet" in out
    assert not (tmp_path / "data").exists()


def damage(data: Path) -> None:
    (data / "octavo.db").write_bytes(b"no database" * 1000)


def newer(data: Path) -> None:
    of_version(data, "9999")


@pytest.mark.parametrize(("spoil", "word"), [(damage, "damaged"), (newer, "newer Octavo")])
def test_doctor_tells_of_a_database_that_is_of_no_use(
    octavo: Octavo, data: Path, spoil: Callable[[Path], None], word: str
) -> None:
    spoil(data)
    line = told(octavo, "Database: ")
    assert line.startswith("wrong")
    assert word in line


def test_doctor_tells_of_storage_that_is_of_no_use(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_STORAGE__URL", "ftp://somewhere")
    assert told(octavo, "Storage for files: ").startswith("wrong")
