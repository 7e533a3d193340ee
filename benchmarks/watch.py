"""A watch over a running server, from a process of its own: its memory, and how it answers `/health`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

from findings import Finding, most
from live_server import HERE, Live

HEALTH_WITHIN = 1.0


@dataclass(frozen=True)
class Watched:
    """What `probe.py` saw.

    Attributes:
        looks: at the memory.
        answers: of `/health`.
    """

    looks: list[dict[str, float]]
    answers: list[dict[str, float | None]]

    @property
    def peak(self) -> float:
        """Most bytes of PSS of all processes together."""
        return max(look["pss"] for look in self.looks)

    @property
    def slowest_health(self) -> float:
        """Seconds; without end where there was no answer."""
        return max((float("inf") if answer["health"] is None else answer["health"]) for answer in self.answers)

    def health(self, part: str) -> Finding:
        """Whether `/health` answered in time all along."""
        return most(part, f"slowest /health of {len(self.answers)}, s", self.slowest_health, HEALTH_WITHIN)

    def growth(self, begun: float, ended: float) -> float:
        """Bytes by which the server grew between two moments, by the line of best fit."""
        during = [look for look in self.looks if begun <= look["t"] <= ended]
        if len(during) < 3:
            return 0.0
        line = linear_regression([look["t"] for look in during], [look["server"] for look in during])
        return line.slope * (ended - begun)


@contextmanager
def watching(server: Live) -> Iterator[Watched]:
    """Watch from a process of its own; what was seen is there at the end."""
    seen = Watched([], [])
    command = [sys.executable, str(HERE / "probe.py"), server.url, str(server.pid)]
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told)
        try:
            yield seen
        finally:
            process.communicate()
        told.seek(0)
        for found in map(json.loads, told):
            (seen.answers if "health" in found else seen.looks).append(found)


def rss(pid: int) -> float:
    """Bytes resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024.0


def open_files(pid: int) -> int:
    """How many."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
