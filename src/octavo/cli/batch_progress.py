"""How a batch goes, on standard error: a bar where a person watches, else a line now and then."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from octavo.cli.batch_api import Job

EVERY = 10.0
"""Seconds between two lines where nobody watches a bar."""


@dataclass(slots=True)
class Pace:
    """How fast a job goes, since it was first seen.

    Attributes:
        clock: seconds; never goes back.
    """

    clock: Callable[[], float] = time.monotonic
    _first: tuple[float, Job] | None = None

    def tell(self, job: Job) -> str:
        """One line: done of all, pages, pages a second, failed, time left."""
        parts = [f"{job.done:,} of {job.total:,} requests"]
        if job.pages is not None:
            parts.append(f"{job.pages:,} pages")
        parts += self._speed(job)
        parts.append(f"{job.failed:,} failed")
        return ", ".join([*parts, *self._left(job)])

    def _speed(self, job: Job) -> list[str]:
        seconds, first = self._since(job)
        if not job.done - first.done:
            return []
        if job.pages is None or first.pages is None:
            return [f"{(job.done - first.done) / seconds:.1f} requests/s"]
        return [f"{(job.pages - first.pages) / seconds:.1f} pages/s"]

    def _left(self, job: Job) -> list[str]:
        seconds, first = self._since(job)
        done = job.done - first.done
        if not done or job.status.is_final:
            return []
        return [f"{timedelta(seconds=math.ceil((job.total - job.done) * seconds / done))} left"]

    def _since(self, job: Job) -> tuple[float, Job]:
        if self._first is None:
            self._first = self.clock(), job
        return self.clock() - self._first[0], self._first[1]


class Watch:
    """Shows what is done while it is entered: several stages, one after the other."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self._clock = clock
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task: TaskID | None = None
        self._told = -math.inf
        self._stage = ""

    def begin(self, stage: str, total: int | None = None) -> None:
        """A new stage."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._stage, self._told = stage, -math.inf
        self._task = self._bar.add_task(stage, total=total, told="")

    def show(self, done: int, told: str, *, last: bool = False) -> None:
        """How far the stage is; `last` is told in any case."""
        if self._task is not None:
            self._bar.update(self._task, completed=done, told=told)
        now = self._clock()
        if not self.console.is_terminal and (last or now - self._told >= EVERY):
            self._told = now
            self.say(f"{self._stage}: {told}")

    def say(self, text: str, style: str = "") -> None:
        """A line that stays."""
        self.console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
