"""A real `octavo serve` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 120.0


@dataclass(frozen=True)
class Server:
    """One that said it is ready."""

    url: str
    process: subprocess.Popen[str]
    errors: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def environment(data: Path, **settings: str) -> dict[str, str]:
    """That of this process without its settings, with the fake engine and others given as `PORT="0"`."""
    bare = {name: value for name, value in os.environ.items() if not name.upper().startswith("OCTAVO_")}
    own = {"ENGINES__MODEL": "octavo-fake", "DATA_DIR": str(data), **settings}
    return bare | {f"OCTAVO_{name}": value for name, value in own.items()}


def command(*arguments: str) -> list[str]:
    """`octavo ARGUMENTS` with this Python."""
    return [sys.executable, "-m", "octavo", *arguments]


@contextmanager
def serving(folder: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """A server on a free port of loopback, ready, killed at the end if it still runs."""
    errors = folder / "errors.log"
    with errors.open("w") as log:
        process = subprocess.Popen(
            command("serve", "--port", "0", *arguments),
            env=environment(folder / "data", **settings),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"Octavo \S+ is ready at (http://\S+)\n", line)
        assert found, f"{line!r}\n{errors.read_text()}"
        yield Server(url=found[1], process=process, errors=errors)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(pid: int) -> list[int]:
    """Process ids of the children, where the system tells them."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def gone(pids: list[int]) -> bool:
    """Whether all of them end within a while."""
    return eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def eventually(happened: Callable[[], bool]) -> bool:
    """Whether it happens within a while."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def get(url: str, **headers: str) -> httpx.Response:
    """One GET without proxies."""
    return httpx.get(url, headers=headers, trust_env=False, timeout=PATIENCE)
