"""How many pages were read in the last ten minutes: counted by the second, in bounded memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

STEP = 5
"""Seconds of one step of the history."""
STEPS = 120
"""The last of them is not over yet."""
LATELY = 10
"""Seconds that count for the pace of now."""


@dataclass(slots=True)
class Pace:
    """The pages of one service, for one event loop.

    Attributes:
        clock: seconds that only go forward.
    """

    clock: Callable[[], float] = time.monotonic
    _counts: deque[tuple[int, int]] = field(default_factory=deque)

    def add(self) -> None:
        """One page more was read just now."""
        second, count = int(self.clock()), 0
        if self._counts and self._counts[-1][0] == second:
            count = self._counts.pop()[1]
        self._counts.append((second, count + 1))
        while self._counts[0][0] <= second - STEP * (STEPS + 1):
            self._counts.popleft()

    @property
    def per_second(self) -> float:
        """Pages a second, over the last ten and what has passed of this one."""
        now = self.clock()
        first = int(now) - LATELY
        return sum(count for second, count in self._counts if second >= first) / (now - first)

    @property
    def history(self) -> tuple[int, ...]:
        """Pages of each step, the oldest first. Steps begin at fixed moments, so that each count only grows."""
        last = int(self.clock()) // STEP
        steps = [0] * STEPS
        for second, count in self._counts:
            age = last - second // STEP
            if age < STEPS:
                steps[STEPS - 1 - age] += count
        return tuple(steps)
