"""Opening a database: where it may be, whose it is, and which version it has."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from octavo.database import upgrade
from octavo.database.lock import FolderLock, holder_of
from octavo.database.open import migrate, open_database
from octavo.database.schema import METADATA
from octavo.domain.errors import DatabaseFailed, InvalidSettings
from ports.databases import Home, Postgres, home, postgres

__all__ = ["home", "postgres"]
HOLDS = """
import sys
from pathlib import Path
from octavo.database.open import open_database
database = open_database(Path(sys.argv[1]))
database.lock.tell("http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


def versions(home: Home) -> tuple[str | None, str]:
    home.close()
    return migrate(home.where)


def set_version(home: Home, version: str) -> None:
    with home.opened[0].writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def drop_tables(home: Home) -> None:
    """As the database was before its first migration."""
    with home.opened[0].writing() as connection:
        METADATA.drop_all(connection)
        connection.execute(text("DELETE FROM alembic_version"))


class TestVersions:
    def test_migrations_lead_to_the_tables(self, home: Home) -> None:
        created = tables_of(home)
        drop_tables(home)
        assert versions(home) == ("", upgrade.CURRENT)
        home.open()
        assert tables_of(home) == created
        with home.opened[0].reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []

    def test_the_version_is_that_of_the_last_migration(self) -> None:
        newest = max(path.name for path in (upgrade.MIGRATIONS / "versions").glob("[0-9]*.py"))
        assert newest.startswith(f"{upgrade.CURRENT}_")

    def test_nothing_is_migrated_twice(self, home: Home) -> None:
        home.files().secret()
        before = home.files().secret()
        assert versions(home) == (upgrade.CURRENT, upgrade.CURRENT)
        home.open()
        assert home.files().secret() == before

    def test_a_newer_database_is_refused(self, home: Home) -> None:
        set_version(home, "9999")
        home.close()
        for ask in (open_database, migrate):
            with pytest.raises(InvalidSettings, match=r"newer Octavo.*9999"):
                ask(home.where)

    def test_another_programs_database_is_refused(self, home: Home) -> None:
        drop_tables(home)
        with home.opened[0].writing() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
            connection.execute(text("CREATE TABLE songs (name TEXT)"))
        home.close()
        for ask in (open_database, migrate):
            with pytest.raises(InvalidSettings, match="another program"):
                ask(home.where)

    def test_sqlite_is_copied_before_a_migration(self, tmp_path: Path) -> None:
        home = Home(kind="sqlite", where=str(tmp_path / "octavo.db"))
        home.open()
        drop_tables(home)
        with home.opened[0].writing() as connection:
            connection.execute(text("CREATE TABLE kept (word TEXT)"))
            connection.execute(text("INSERT INTO kept VALUES ('still here')"))
        home.close()
        home.open()
        home.close()
        (copy,) = tmp_path.glob("octavo.db.none")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with closing(sqlite3.connect(copy)) as old:
            assert old.execute("SELECT word FROM kept").fetchall() == [("still here",)]
            assert old.execute("SELECT count(*) FROM sqlite_master WHERE name = 'jobs'").fetchone() == (0,)

    def test_postgresql_is_not_migrated_by_a_start(self, postgres: Postgres) -> None:
        where = postgres.new(prepared=False)
        with pytest.raises(InvalidSettings, match="octavo migrate"):
            open_database(where)
        assert migrate(where) == (None, upgrade.CURRENT)
        open_database(where).close()
        home = Home(kind="postgresql", where=where)
        home.open()
        drop_tables(home)
        home.close()
        with pytest.raises(InvalidSettings, match="octavo migrate"):
            open_database(where)


def tables_of(home: Home) -> dict[str, list[tuple[str, str]]]:
    with home.opened[0].reading() as connection:
        known = inspect(connection)
        return {
            name: [
                *((column["name"], f"{column['type']} {column['nullable']}") for column in known.get_columns(name)),
                *sorted((index["name"], _said_of(index)) for index in known.get_indexes(name)),
                ("key", str(known.get_pk_constraint(name)["constrained_columns"])),
                ("unique", str(known.get_unique_constraints(name))),
                ("foreign", str(known.get_foreign_keys(name))),
            ]
            for name in known.get_table_names()
        }


def _said_of(index: Mapping[str, Any]) -> str:
    where = [str(option) for name, option in index.get("dialect_options", {}).items() if name.endswith("where")]
    return f"{index['column_names']} {index['unique']} {where}"


class TestAddresses:
    def test_a_file_is_for_its_owner_alone(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            database = open_database(tmp_path / "data" / "octavo.db")
        finally:
            os.umask(before)
        with database.writing() as connection:
            connection.execute(text("INSERT INTO settings VALUES ('a', 'b')"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
        database.close()
        assert set(modes) >= {"octavo.db", "octavo.db-wal", "octavo.db.lock"}
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700

    def test_what_is_written_survives_a_power_cut(self, tmp_path: Path) -> None:
        database = open_database(tmp_path / "octavo.db")
        with database.reading() as connection:
            asked = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
            keys = connection.scalar(text("PRAGMA foreign_keys"))
        database.close()
        assert (asked, keys) == (["wal", 2], 1)

    def test_a_path_may_come_as_an_address(self, tmp_path: Path) -> None:
        open_database(f"sqlite:///{tmp_path}/octavo.db").close()
        assert (tmp_path / "octavo.db").exists()

    @pytest.mark.parametrize(
        "where",
        ["mysql://u@h/d", "http://example.org", "://", "sqlite:///:memory:", "postgresql://u@h/d?sslmode=maybe",
         "postgresql://u@h/d?connect_timeout=3", "postgresql://u@h:port/d"],
    )  # fmt: skip
    def test_an_address_that_cannot_be_right_is_refused(self, where: str) -> None:
        with pytest.raises(InvalidSettings):
            open_database(where)

    def test_a_damaged_file_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "octavo.db"
        path.write_bytes(b"this is no database" * 1000)
        with pytest.raises(InvalidSettings, match="cannot be opened"):
            open_database(path)
        assert holder_of(tmp_path) is None
        assert path.read_bytes() == b"this is no database" * 1000

    def test_a_folder_that_cannot_be_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(InvalidSettings, match="cannot be used"):
            open_database(tmp_path / "file" / "octavo.db")

    def test_a_server_that_is_not_there_is_told(self) -> None:
        with pytest.raises(DatabaseFailed):
            open_database("postgresql://octavo:sesame@127.0.0.1:9/octavo")

    def test_a_database_that_is_not_there_is_a_setting_to_mend(self, postgres: Postgres) -> None:
        with pytest.raises(InvalidSettings, match="no database of this name") as refused:
            open_database(postgres.address("nowhere").replace("octavo@", "octavo:sesame@"))
        assert "sesame" not in str(refused.value)

    def test_a_server_may_be_reached_by_its_socket(self, postgres: Postgres) -> None:
        name = postgres.new().rpartition("/")[2]
        where = f"postgresql://octavo@:{postgres.port}/{name}?host={postgres.socket_folder}"
        open_database(where).close()

    def test_no_encryption_is_not_taken_for_encryption(self, postgres: Postgres) -> None:
        with pytest.raises((DatabaseFailed, InvalidSettings)):
            open_database(f"{postgres.new()}?sslmode=require")


class TestOwners:
    def test_one_process_owns_a_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "octavo.db"
        with subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            assert holder_of(tmp_path) == (other.pid, "http://127.0.0.1:8000")
            with pytest.raises(InvalidSettings, match=f"process {other.pid}, which answers at http://127.0.0.1:8000"):
                open_database(path)
            other.kill()
        assert holder_of(tmp_path) is None
        open_database(path).close()

    def test_who_holds_the_folder_is_said_in_its_file(self, tmp_path: Path) -> None:
        database = open_database(tmp_path / "octavo.db")
        assert database.lock is not None
        said = tmp_path / "octavo.db.lock"
        assert json.loads(said.read_text()) == {"pid": os.getpid(), "url": None}
        database.lock.tell("http://a-long-address.example.org:8000")
        assert holder_of(tmp_path) == (os.getpid(), "http://a-long-address.example.org:8000")
        database.lock.tell("http://b")
        assert json.loads(said.read_text()) == {"pid": os.getpid(), "url": "http://b"}
        with pytest.raises(InvalidSettings, match=f"process {os.getpid()}"):
            open_database(tmp_path / "octavo.db")
        database.close()
        database.close()
        assert holder_of(tmp_path) is None
        assert said.read_text() == ""

    def test_nobody_holds_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert holder_of(tmp_path / "nowhere") is None

    def test_one_who_has_not_said_its_name_holds_it_all_the_same(self, tmp_path: Path) -> None:
        lock = FolderLock(tmp_path / "octavo.db")
        (tmp_path / "octavo.db.lock").write_text("")
        assert holder_of(tmp_path) == (0, None)
        with pytest.raises(InvalidSettings, match="another process"):
            FolderLock(tmp_path / "octavo.db")
        lock.close()

    def test_what_is_copied_while_open_is_no_lock(self, tmp_path: Path) -> None:
        database = open_database(tmp_path / "one" / "octavo.db")
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        assert holder_of(tmp_path / "two") is None
        open_database(tmp_path / "two" / "octavo.db").close()
        database.close()
