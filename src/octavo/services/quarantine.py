"""Pages that cost worker processes, and are left alone for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from octavo.domain.errors import PageQuarantined

MOST = 10_000
"""Pages that are remembered; the oldest are forgotten first."""


@dataclass(slots=True, kw_only=True)
class Quarantine:
    """Counts the workers that a page (or opening a document) has cost.

    Attributes:
        patience: so many workers, then it is not tried again.
        seconds: for so long.
        clock: tells the time in seconds.
    """

    patience: int = 2
    seconds: float = 3600.0
    clock: Callable[[], float] = time.monotonic
    _losses: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def admit(self, key: str, subject: str) -> None:
        """Let it be tried, unless it cost too much.

        Raises:
            PageQuarantined: it did; the message names `subject`.
        """
        recent = self._recent(key)
        if len(recent) >= self.patience:
            left = self.seconds - (self.clock() - recent[-1])
            raise PageQuarantined(
                f"{subject} is not tried again: it has cost {len(recent)} worker processes, which died, hung or took "
                f"too much memory. It will be tried again in {max(1, round(left / 60))} minutes."
            )

    def note_loss(self, key: str) -> None:
        """It cost one more worker."""
        self._losses[key] = [*self._recent(key), self.clock()]
        self._losses.move_to_end(key)
        while len(self._losses) > MOST:
            self._losses.popitem(last=False)

    def _recent(self, key: str) -> list[float]:
        since = self.clock() - self.seconds
        return [moment for moment in self._losses.get(key, ()) if moment > since]
