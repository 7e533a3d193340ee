"""The progress bar on standard error: pages, pages a second, time left. Silent where nobody watches."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from octavo.services.progress import FinishedPage, OpenedDocument


class _Speed(ProgressColumn):
    """Pages a second and the time left, over the whole reading: Rich's own forget everything when the total grows."""

    def render(self, task: Task) -> Text:
        if not task.completed or not task.elapsed:
            return Text("")
        speed = task.completed / task.elapsed
        left = timedelta(seconds=math.ceil(max(0, (task.total or 0) - task.completed) / speed))
        return Text(f"{speed:.1f} pages/s, {left} left", style="progress.data.speed")


@dataclass(slots=True)
class Tally:
    """Pages of all documents; those of documents that are not open yet are guessed from the others.

    Attributes:
        documents: how many there are in all.
    """

    documents: int
    _done: dict[int, int] = field(default_factory=dict)
    _pages: dict[int, int] = field(default_factory=dict)

    def note(self, number: int, done: int, pages: int) -> None:
        """Document `number` has `pages` pages to read, of which `done` are read."""
        self._done[number], self._pages[number] = done, pages

    @property
    def done(self) -> int:
        """Pages read."""
        return sum(self._done.values())

    @property
    def total(self) -> int:
        """Pages to read, as far as can be told."""
        known = sum(self._pages.values())
        return round(known * self.documents / len(self._pages)) if self._pages else 0


class Meter:
    """Shows a tally while it is entered."""

    def __init__(self, documents: int, console: Console) -> None:
        self._tally = Tally(documents)
        self._bar = Progress(
            TextColumn("Reading"),
            BarColumn(),
            TextColumn("{task.completed}/{task.fields[pages]} pages"),
            _Speed(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task: TaskID = self._bar.add_task("pages", total=None, pages="?")

    def of(self, number: int) -> _OneDocument:
        """What is to be told of document `number`."""
        return _OneDocument(self, number)

    def note(self, number: int, done: int, pages: int) -> None:
        """Document `number` has `pages` pages to read, of which `done` are read."""
        self._tally.note(number, done, pages)
        total = self._tally.total
        self._bar.update(self._task, completed=self._tally.done, total=total, pages=total)

    def refresh(self) -> None:
        """Show the newest numbers now; a thread does so several times a second."""
        self._bar.refresh()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


@dataclass(frozen=True, slots=True)
class _OneDocument:
    """The progress of one document among those of the meter."""

    meter: Meter
    number: int

    def opened(self, document: OpenedDocument) -> None:
        """It is known how many pages there are."""
        self.meter.note(self.number, 0, len(document.indices))

    def finished(self, page: FinishedPage) -> None:
        """One more is read."""
        self.meter.note(self.number, page.done, page.pages)
