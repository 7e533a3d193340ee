"""Which pages are kept for which batch jobs: on disk, a file for each job, so that a restart forgets nothing.

Its first line says which job it is and when it began; every page is a line more: when it was read or found, its bytes,
its name. Lines are only ever appended, and begin with their line break: one that was cut short spoils no other. The
file of a job that is dropped gets another name first, so that what a crash left of its pages is known.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

DROPPED = ".gone"
"""How the names of files end whose job is dropped."""
MOST = 10_000
"""Jobs that are remembered as dropped, for a line of theirs may still be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page on record.

    Attributes:
        job: for which it is kept; None if that job is dropped.
        name: of the page.
        size: bytes.
        at: when it was read or found, in seconds since 1970.
    """

    job: str | None
    name: str
    size: int
    at: int


class JobRecords:
    """The records of one store. Any thread; blocks."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        """`folder` is made with the first record; nobody else writes there. `clock`: seconds since 1970."""
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._began: dict[str, float] = {}
        self._dropped: OrderedDict[str, None] = OrderedDict()

    def jobs(self) -> tuple[str, ...]:
        """Those that have a record."""
        with self._lock:
            return tuple(self._began)

    def began_before(self, moment: float) -> list[str]:
        """Those whose first page came before this moment, in seconds since 1970."""
        with self._lock:
            return [job for job, began in self._began.items() if began <= moment]

    def is_dropped(self, job: str) -> bool:
        """Whether the job was dropped since the start."""
        return job in self._dropped

    def add(self, job: str, name: str, size: int) -> None:
        """Put a page on record, unless the job is dropped.

        Raises:
            OSError: it cannot be written; nothing is spoilt then.
        """
        with self._lock:
            if job in self._dropped:
                return
            now, is_new = self._clock(), job not in self._began
            head = json.dumps({"job": job, "began": now}) if is_new else ""
            self._write(job, f"{head}\n{now:.0f} {size} {name}", "wb" if is_new else "ab")
            self._began.setdefault(job, now)

    def drop(self, job: str) -> None:
        """From now on no page is kept for the job, and its record is one of a dropped job.

        Raises:
            OSError: the disk refuses; the job is not dropped then.
        """
        with self._lock:
            with suppress(FileNotFoundError):  # nothing was ever kept for it
                self._file(job).replace(self._file(job, DROPPED))
            self._began.pop(job, None)
            self._dropped[job] = None
            if len(self._dropped) > MOST:
                self._dropped.popitem(last=False)

    def erase(self, job: str) -> None:
        """The pages of a dropped job are removed, and so is its record."""
        self._file(job, DROPPED).unlink(missing_ok=True)

    def take_up(self) -> Iterator[Entry]:
        """All that an earlier process recorded; a file that is no record is removed.

        The name of a page may be cut short: it is none then that there is.
        """
        for file in sorted(self._folder.glob("*")):
            try:
                yield from self._entries(file)
            except (OSError, ValueError, TypeError, KeyError):
                file.unlink(missing_ok=True)

    def erase_dropped(self) -> None:
        """The pages of all dropped jobs are removed."""
        for file in self._folder.glob(f"*{DROPPED}"):
            file.unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing is kept for any job."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, job: str, lines: str, mode: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self._file(job), mode, opener=_private) as file:
            file.write(lines.encode())

    def _entries(self, file: Path) -> Iterator[Entry]:
        with file.open(encoding="utf-8", errors="replace") as lines:
            head = json.loads(next(lines, ""))
            job: str | None = str(head["job"])
            if file.name.endswith(DROPPED):
                job = None
            elif job is not None:
                self._began[job] = min(float(head["began"]), self._clock())
            for line in lines:
                at, _, rest = line.rstrip("\n").partition(" ")
                size, _, name = rest.partition(" ")
                if at.isdecimal() and size.isdecimal():
                    yield Entry(job, name, int(size), int(at))

    def _file(self, job: str, suffix: str = "") -> Path:
        """The job's own name is in the file, for it may be anything."""
        return self._folder / (sha256(job.encode()).hexdigest() + suffix)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
