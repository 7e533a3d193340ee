"""A real server with the engine that ships, and its numbers."""

from __future__ import annotations

import base64
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

sys.path.extend(str(Path(__file__).parents[1] / folder) for folder in ("tests", "tests/process"))

from octavo_server import Server, children, eventually, gone, serving

from octavo.executors.system import usable_cpus

HERE = Path(__file__).parent
MEGABYTE = 1e6
FIRST, SECOND = "first-key-of-two", "second-key-of-two"
PATIENCE = 3600.0
NO_LIMIT = {"LIMITS__REQUEST_TIMEOUT": "7200"}
"""For documents that are read in one go, however long it takes."""
SLOTS = usable_cpus()
"""Pages that are read at a time."""


@dataclass(frozen=True)
class Live:
    """One that runs.

    Attributes:
        server: its process.
        slots: how many pages it reads at a time.
    """

    server: Server
    slots: int = SLOTS

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url

    @property
    def pid(self) -> int:
        """Of the process that listens."""
        return self.server.process.pid

    @property
    def workers(self) -> list[int]:
        """Process ids."""
        return [pid for pid in children(self.pid) if b"octavo.executors.worker" in _command_of(pid)]

    def client(self, key: str = FIRST) -> httpx.Client:
        """One with patience, whose requests have connections of their own."""
        headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False)

    def ask(self, body: bytes, key: str = FIRST) -> httpx.Response:
        """Have a document read."""
        with self.client(key) as client:
            return client.post("/v1/ocr", content=body)

    def numbers(self) -> dict[str, float]:
        """What `/metrics` tells, by name and labels as they stand there."""
        with self.client() as client:
            lines = client.get("/metrics").raise_for_status().text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}

    @property
    def pages_read(self) -> int:
        """By workers, since the start."""
        return int(self.numbers()['octavo_pages_total{outcome="read"}'])

    @property
    def is_idle(self) -> bool:
        """Whether nothing is read or waited for."""
        now = self.numbers()
        busy = ("octavo_pages_waiting{", "octavo_pages_running", "octavo_workers_busy", "octavo_requests")
        return not any(number for name, number in now.items() if name.startswith(busy))

    def settle(self) -> None:
        """Return when it is idle, with all its workers and the spare."""
        eventually(lambda: self.is_idle and self.numbers()["octavo_workers"] > self.slots)
        time.sleep(1)

    def end(self) -> bool:
        """Have it end; whether all of its processes are gone then."""
        pids = [self.pid, *children(self.pid)]
        self.server.stop()
        return gone(pids)


@contextmanager
def live(**settings: str) -> Iterator[Live]:
    """A server on a free port, with a data folder of its own and keys for two callers."""
    keys = f"first={FIRST},second={SECOND}"
    with (
        tempfile.TemporaryDirectory(prefix="robustness-") as folder,
        serving(Path(folder), ENGINES__MODEL="octavo-1", API_KEYS=keys, **settings) as server,
    ):
        running = Live(server, int(settings.get("EXECUTOR__WORKERS", SLOTS)))
        running.settle()
        yield running
        if server.process.poll() is None:
            running.end()


def body_of(document: bytes, **options: Any) -> bytes:
    """A request with the document inside."""
    uri = "data:application/octet-stream;base64," + base64.b64encode(document).decode()
    address = {"type": "document_url", "document_url": uri}
    return json.dumps({"model": "mistral-ocr-latest", "document": address, **options}).encode()


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
