"""Servers that are killed and started again on the same folders, with a journal of the lines that they work on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from batch_client import Caller
from octavo_server import PATIENCE, children, environment, eventually, gone

_PROGRAM = Path(__file__).with_name("journal_server.py")
_ENTRY = "[octavo.engines]\nscripted = scripted_engine:make\n"
_ABOUT = "Metadata-Version: 2.1\nName: scripted-engine\nVersion: 1.0\n"


@dataclass(frozen=True)
class Event:
    """A line of the journal.

    Attributes:
        what: `begun` or `answered`.
    """

    what: str
    pid: int
    job_id: str
    number: int


@dataclass
class WatchedServer:
    """One server at a time in `folder`.

    Attributes:
        name: of its files in the folder, where several servers share one.
        settings: as `environment` takes them.
        variables: others of the environment.
        wrapper: a command that runs the server.
    """

    folder: Path
    name: str = "server"
    settings: dict[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()
    data: Path = Path()
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def __post_init__(self) -> None:
        self.data = self.folder / f"{self.name}-data"

    @property
    def log(self) -> str:
        """All that its runs have said."""
        return self._log.read_text()

    @property
    def journal(self) -> list[Event]:
        """What was begun and answered, in order."""
        path = self.folder / f"{self.name}-journal"
        rows = [row.split() for row in path.read_text().splitlines()] if path.exists() else []
        return [Event(what, int(pid), job_id, int(number)) for what, pid, job_id, number in rows]

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def caller(self) -> Caller:
        return Caller(self.url)

    @property
    def workers(self) -> list[int]:
        """Process ids of its workers."""
        return children(self.pid)

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def launch(self) -> None:
        """Begin to start it."""
        journal = self.folder / f"{self.name}-journal"
        own = [_with_engine(self.folder), str(_PROGRAM.parent), os.environ.get("PYTHONPATH", "")]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, sys.executable, str(_PROGRAM), str(journal), "serve", "--port", "0"],
                env=environment(self.data, **self.settings)
                | {"PYTHONPATH": os.pathsep.join(filter(None, own))}
                | dict(self.variables),
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def await_ready(self) -> Caller:
        """Who talks to it once it can read."""
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.fullmatch(r"Octavo \S+ is ready at (http://\S+)\n", line)
        assert found, f"{line!r}\n{self.log}"
        self.url = found[1]
        return self.caller

    def start(self) -> Caller:
        """Start it, and wait until it is ready."""
        self.launch()
        return self.await_ready()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code. None of its workers survives."""
        if self.process is None:
            return 0
        workers = self.workers if self.process.poll() is None else []
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        assert gone(workers), "workers survive their server"
        return code

    def signal(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)

    def begun(self, number: int = 1) -> bool:
        """Whether so many lines were begun, within a while."""
        return eventually(lambda: sum(event.what == "begun" for event in self.journal) >= number)


@contextmanager
def watched(folder: Path, name: str = "server", **more: object) -> Iterator[WatchedServer]:
    """One that is not started yet, killed at the end if it still runs."""
    server = WatchedServer(folder, name, **more)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        if server.process is not None:
            server.process.kill()
            server.process.wait()
            if server.process.stdout is not None:
                server.process.stdout.close()


def _with_engine(folder: Path) -> str:
    """A folder that makes the model `scripted` known, as an installed package would."""
    package = folder / "packages" / "scripted_engine-1.0.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    (package / "METADATA").write_text(_ABOUT)
    (package / "entry_points.txt").write_text(_ENTRY)
    return str(package.parent)
