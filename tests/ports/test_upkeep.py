"""What is told of a real PostgreSQL and a real bucket from outside of a server, and what is done to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octavo.database.upgrade import CURRENT
from octavo.database.upkeep import SqlUpkeep, state_of
from octavo.domain.errors import InvalidSettings
from octavo.services.upkeep import Upkeep
from octavo.storage.upkeep import BlobUpkeep
from ports.databases import Home, Postgres, home, postgres
from ports.object_storage import BUCKET, ObjectStorage, object_storage

__all__ = ["home", "object_storage", "postgres"]  # fixtures


def test_postgres_is_prepared_by_migrate_alone(postgres: Postgres) -> None:
    database = SqlUpkeep(postgres.new(prepared=False))
    for _ in range(2):
        assert (database.look().kind, database.look().version) == ("PostgreSQL", None)
    assert database.migrate() == (None, CURRENT)
    assert (database.look().version, database.look().current) == (CURRENT, CURRENT)
    assert database.migrate() == (CURRENT, CURRENT)


def test_a_newer_postgres_is_refused(postgres: Postgres) -> None:
    place = postgres.new()
    postgres.say(place, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InvalidSettings, match="9999"):
        SqlUpkeep(place).look()


def test_postgres_is_backed_up_by_its_own_means(postgres: Postgres, tmp_path: Path) -> None:
    storage = BlobUpkeep(str(tmp_path / "blobs"))
    upkeep = Upkeep(data_dir=tmp_path, is_plain=False, database=SqlUpkeep(postgres.new()), storage=storage)
    with pytest.raises(InvalidSettings, match="pg_dump"):
        upkeep.back_up(tmp_path / "backup", "1", print)
    assert list(tmp_path.iterdir()) == []


def test_an_open_database_is_looked_at_over_its_own_way(home: Home) -> None:
    state = state_of(home.opened[0])
    assert (state.version, state.current) == (CURRENT, CURRENT)
    assert (state.kind, state.holder) == {
        "sqlite": ("SQLite", (os.getpid(), None)),
        "postgresql": ("PostgreSQL", None),
    }[home.kind]


def test_a_bucket_is_looked_at(object_storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in object_storage.environment.items():
        monkeypatch.setenv(name, value)
    state = BlobUpkeep(f"s3://{BUCKET}/looked-at").look()
    assert (state.place, state.is_local) == (f"s3://{BUCKET}/looked-at", False)
