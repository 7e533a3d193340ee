"""Jobs that failed a moment ago: they are left alone for a while, so that the others go on."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

_REMEMBERED = 3600.0
"""Seconds after which a job that failed no more is as good as new."""


@dataclass(slots=True, eq=False)
class Setbacks:
    """Which jobs are left alone, and how often each failed; one thread at a time."""

    _until: dict[str, float] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)

    def add(self, job_id: str, pause: float) -> int:
        """A job failed and is left alone for `pause` seconds; how often it has by now."""
        now = time.monotonic()
        for old in [one for one, until in self._until.items() if until < now - _REMEMBERED]:
            self.clear(old)
        self._until[job_id] = now + pause
        self._times[job_id] += 1
        return self._times[job_id]

    def clear(self, job_id: str) -> None:
        """It goes on."""
        self._until.pop(job_id, None)
        self._times.pop(job_id, None)

    def waiting(self) -> frozenset[str]:
        """Those that are left alone now."""
        now = time.monotonic()
        return frozenset(job_id for job_id, until in self._until.items() if until > now)
