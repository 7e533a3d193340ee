"""How long the stages of reading take, and what became of pages: numbers for `/metrics` and `/v1/status`."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from octavo.services.pace import Pace

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the buckets, in seconds; one more bucket holds what is longer."""


@dataclass(slots=True)
class Durations:
    """A histogram.

    Attributes:
        counts: durations in each bucket, the one without a bound last.
        total: seconds of all together.
    """

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Stages:
    """The numbers of one service, for one event loop.

    Attributes:
        durations: by stage: `fetch` (bring the document), `inspect` (open it), `wait` (for a page's turn), `read` (a
            page), `assemble` (put the answer together).
        pages: by outcome: `read`, `failed`, and `kept` (found among those that were read before).
        pace: when pages were read.
    """

    durations: dict[str, Durations] = field(
        default_factory=lambda: {stage: Durations() for stage in ("fetch", "inspect", "wait", "read", "assemble")}
    )
    pages: Counter[str] = field(default_factory=lambda: Counter(read=0, failed=0, kept=0))
    pace: Pace = field(default_factory=Pace)

    def note(self, outcome: str) -> None:
        """What became of one page."""
        self.pages[outcome] += 1
        if outcome == "read":
            self.pace.add()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Measure what is entered, whatever comes of it."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.durations[stage].add(time.monotonic() - began)
