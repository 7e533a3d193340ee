"""A database that is locked, full or gone for a while: a typed error, nothing lost, and all is well after."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import OperationalError

from octavo.database import connection as connections
from octavo.database.schema import tasks
from octavo.domain.batch import BatchStatus
from octavo.domain.errors import DatabaseFailed, OutOfSpace
from ports.databases import Home, Postgres, postgres
from ports.ledger_things import do, make_blob, outcome, planned

__all__ = ["postgres"]


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Home]:
    home = Home(kind="sqlite", where=str(tmp_path / "octavo.db"))
    home.open()
    yield home
    home.close()


@pytest.fixture
def on_postgres(postgres: Postgres) -> Iterator[Home]:
    home = Home(kind="postgresql", where=postgres.new())
    home.open()
    yield home
    home.close()


def test_a_short_lock_is_waited_out(on_sqlite: Home) -> None:
    with closing(sqlite3.connect(on_sqlite.where, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, other.execute, ["COMMIT"])
        timer.start()
        make_blob(on_sqlite, "late")
        timer.join()
    on_sqlite.clock.now += 24 * 3600
    assert on_sqlite.files().unused(9) == ("late",)


def test_a_long_lock_is_told_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.3)
    home = Home(kind="sqlite", where=str(tmp_path / "octavo.db"))
    home.open()
    ledger = home.ledger()
    job = planned(home, ledger, 4)
    leases = ledger.lease("holder", job.id, 2)
    blob = make_blob(home).name
    with closing(sqlite3.connect(home.where, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for ask in (
            lambda: ledger.record("holder", [outcome(lease, blob) for lease in leases]),
            lambda: ledger.lease("holder", job.id, 2),
            lambda: ledger.cancel("alice", job.id),
        ):
            with pytest.raises(DatabaseFailed):
                ask()
        assert ledger.get("alice", job.id).succeeded == 0
        other.execute("ROLLBACK")
    do(home, ledger, [*leases, *ledger.lease("holder", job.id, 4)])
    assert ledger.finish(job.id, BatchStatus.SUCCESS, [])
    home.close()


def test_a_full_disk_is_told_and_loses_nothing(on_sqlite: Home) -> None:
    ledger = on_sqlite.ledger()
    job = planned(on_sqlite, ledger, 500)
    leases = ledger.lease("holder", job.id, 500)
    blob = make_blob(on_sqlite).name
    # Each connection of the pool has a limit of its own.
    with on_sqlite.opened[0].reading() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    long = "x" * 5000
    with pytest.raises(OutOfSpace):
        ledger.record("holder", [outcome(lease, blob, custom_id=long) for lease in leases])
    with on_sqlite.opened[0].reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert ledger.get("alice", job.id).succeeded == 0
    do(on_sqlite, ledger, leases, custom_id=long)


def test_a_server_that_goes_and_comes_back_loses_nothing(postgres: Postgres, on_postgres: Home) -> None:
    home, ledger = on_postgres, on_postgres.ledger()
    job = planned(home, ledger, 30)
    leases = ledger.lease("holder", job.id, 10)
    blob = make_blob(home).name
    # All connections of the pool are open, and die together.
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ledger.get("alice", job.id), range(200)))
    for stop in (postgres.stop, postgres.kill):
        stop()
        try:
            for ask in (
                lambda: ledger.record("holder", [outcome(lease, blob) for lease in leases]),
                lambda: ledger.lease("holder", job.id, 5),
                lambda: ledger.get("alice", job.id),
                ledger.queues,
            ):
                with pytest.raises(DatabaseFailed):
                    ask()
        finally:
            postgres.start()
        with ThreadPoolExecutor(16) as threads:
            told = list(threads.map(lambda _: ledger.get("alice", job.id), range(200)))
        assert {(seen.status, seen.succeeded) for seen in told} == {(BatchStatus.RUNNING, 0)}
    ledger.extend("holder")
    assert ledger.record("holder", [outcome(lease, blob) for lease in leases]) == {(job.id, n) for n in range(1, 11)}
    do(home, ledger, ledger.lease("holder", job.id, 30))
    assert ledger.get("alice", job.id).succeeded == 30
    assert ledger.finish(job.id, BatchStatus.SUCCESS, [])


def test_a_connection_that_breaks_in_the_middle_leaves_nothing_half_done(on_postgres: Home) -> None:
    ledger = on_postgres.ledger()
    job = planned(on_postgres, ledger)

    def break_down() -> None:
        with on_postgres.opened[0].writing() as connection:
            connection.execute(tasks.delete())
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseFailed):
        break_down()
    assert len(ledger.lease("holder", job.id, 9)) == 3


def test_leases_of_which_nobody_was_told_are_given_back(on_postgres: Home) -> None:
    ledger = on_postgres.ledger()
    job = planned(on_postgres, ledger)
    kept = ledger.lease("holder", job.id, 1)
    database = on_postgres.opened[0]
    ended: list[object] = []

    def break_off(connection: Connection) -> None:
        """What is written is kept, and the connection breaks before that could be said."""
        connection.connection.dbapi_connection.commit()
        ended.append(connection)
        raise OperationalError("COMMIT", {}, ConnectionResetError())

    event.listen(database._engine, "commit", break_off)
    with pytest.raises(DatabaseFailed):
        ledger.lease("holder", job.id, 9)
    event.remove(database._engine, "commit", break_off)
    assert len(ended) == 1
    with database.reading() as connection:
        held = connection.scalars(select(tasks.c.number).where(tasks.c.holder == "holder")).all()
    assert sorted(held) == [1, 2, 3]
    again = ledger.lease("holder", job.id, 9)
    assert [(lease.number, lease.attempt) for lease in again] == [(2, 2), (3, 2)]
    do(on_postgres, ledger, [*kept, *again])
