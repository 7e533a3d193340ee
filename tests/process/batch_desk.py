"""`octavo batch` as a process of its own, on documents that do what they say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from batch_client import data_uri, jsonl, line
from octavo_server import PATIENCE, children, command, environment, eventually, gone

from papers import text_pdf

_ENTRY = "[octavo.engines]\nscripted = scripted_engine:make\n"
_ABOUT = "Metadata-Version: 2.1\nName: scripted-engine\nVersion: 1.0\n"


@dataclass(frozen=True)
class Ended:
    """What a command left."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """Where somebody types commands.

    Attributes:
        folder: to work in.
        settings: as `environment` takes them.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def gate(self) -> Path:
        """Pages that wait are read once it is there."""
        return self.folder / "gate"

    def variables(self) -> dict[str, str]:
        """The environment, with the engine of `scripted_engine.py`."""
        package = self.folder / "packages" / "scripted_engine-1.0.dist-info"
        package.mkdir(parents=True, exist_ok=True)
        (package / "METADATA").write_text(_ABOUT)
        (package / "entry_points.txt").write_text(_ENTRY)
        paths = [str(package.parent), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        settings = {"ENGINES__MODEL": "scripted", "EXECUTOR__WORKERS": "2", **self.settings}
        return environment(self.data, **settings) | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def run(self, *arguments: str, **more: str) -> Ended:
        """`octavo batch ARGUMENTS`, to its end; `more` are variables of the environment."""
        ended = subprocess.run(
            command("batch", *arguments),
            env=self.variables() | more,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    @contextmanager
    def begun(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The same, while it goes on; killed at the end if it still runs, and no worker survives it."""
        process = subprocess.Popen(
            command("batch", *arguments),
            env=self.variables(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def stopped(self, process: subprocess.Popen[str], how: signal.Signals) -> Ended:
        """What it left after the signal."""
        workers = children(process.pid)
        process.send_signal(how)
        out, err = process.communicate(timeout=PATIENCE)
        assert gone(workers), "workers survive their command"
        return Ended(process.returncode, out, err)

    def requests(self, quick: int, waiting: int, name: str = "in.jsonl") -> Path:
        """A file of requests: quick ones first, then such as wait for the gate."""
        papers = self.folder / "papers"
        papers.mkdir(exist_ok=True)
        lines = []
        for number in range(quick + waiting):
            words = [f"page {number}", f"note id-{number}"]
            words += [f"wait {self.gate}"] if number >= quick else []
            lines.append(line(f"id-{number}", data_uri(text_pdf(papers / f"{number}.pdf", [words]))))
        path = self.folder / name
        path.write_bytes(jsonl(lines))
        return path

    def reads(self, number: int) -> int:
        """How often the page of this request was begun."""
        path = self.folder / "notes"
        return path.read_text().splitlines().count(f"id-{number}") if path.exists() else 0

    def stands(self, quick: int = 6) -> bool:
        """Whether both workers are at pages that wait for the gate, within a while; whichever of them came first."""
        path = self.folder / "notes"

        def waiting() -> set[str]:
            begun = path.read_text().splitlines() if path.exists() else []
            return {name for name in begun if int(name.removeprefix("id-")) >= quick}

        return eventually(lambda: len(waiting()) >= 2)

    def results(self, name: str) -> list[dict[str, Any]]:
        """The lines of a file."""
        return [json.loads(text) for text in (self.folder / name).read_text().splitlines()]

    def ids(self, name: str) -> list[str]:
        """The `custom_id`s in a file, in order."""
        return [found["custom_id"] for found in self.results(name)]

    def jobs(self) -> list[list[str]]:
        """The rows of `octavo batch list`."""
        ended = self.run("list")
        assert ended.code == 0, ended.err
        return [row.split() for row in ended.out.splitlines()[1:]]
