"""Databases for tests: SQLite in a folder, and a real PostgreSQL server that can be stopped and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from octavo.database.connection import Database
from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.database.open import migrate, open_database

KINDS = ("sqlite", "postgresql")
_PREPARED = "prepared"
USER = "postgres"
"""The server's programs refuse to run as root, and so run as this one then."""


class Postgres:
    """A server of its own, with its data in a temporary folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-U", "octavo", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        self.say("postgres", f"CREATE DATABASE {_PREPARED}")
        migrate(self.address(_PREPARED))

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self._folder} -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """End it as when it is restarted by its operator: whoever is connected is thrown out."""
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "-w", "stop")

    def new(self, *, prepared: bool = True) -> str:
        """The address of a new database, with tables or without."""
        name = f"test_{uuid.uuid4().hex}"
        self.say("postgres", f"CREATE DATABASE {name} TEMPLATE {_PREPARED if prepared else 'template0'}")
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql://octavo@127.0.0.1:{self.port}/{name}"

    def say(self, database: str, sql: str) -> None:
        name = database.rpartition("/")[2]
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "octavo", "-d", name, "-qc", sql)

    @property
    def socket_folder(self) -> Path:
        return self._folder

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        # The server keeps what it inherits; a pipe would never come to its end.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, cwd="/", stdout=said, stderr=said, timeout=60, check=False)
            said.seek(0)
            assert done.returncode == 0, said.read().decode()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("no PostgreSQL server is installed here (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="octavo-postgres-"))
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam(USER)
        except KeyError:
            pytest.skip(f"PostgreSQL does not run as root, and there is no user {USER}")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = Postgres(programs[-1].parent, folder)
    yield server
    server.kill()
    shutil.rmtree(folder)


@dataclass
class Clock:
    """Seconds since 1970, as a test wants them."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Home:
    """A database with what is kept in it, and more servers on it where it can be shared.

    Attributes:
        where: path or address.
    """

    kind: str
    where: str
    clock: Clock = field(default_factory=Clock)
    opened: list[Database] = field(default_factory=list)

    def open(self) -> Database:
        database = open_database(self.where)
        self.opened.append(database)
        return database

    def files(self, database: Database | None = None) -> SqlFiles:
        return SqlFiles(database or self.opened[0], clock=self.clock)

    def ledger(self, database: Database | None = None) -> SqlLedger:
        return SqlLedger(database or self.opened[0], clock=self.clock)

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


@pytest.fixture(params=KINDS)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A new database of each kind."""
    where = new_database(request.param, request.getfixturevalue, tmp_path)
    made = Home(kind=request.param, where=where)
    made.open()
    yield made
    made.close()


def new_database(kind: str, fixture: Callable[[str], Postgres], folder: Path) -> str:
    """Path or address of a new, prepared database."""
    if kind == "sqlite":
        return str(folder / "octavo.db")
    return fixture("postgres").new()
