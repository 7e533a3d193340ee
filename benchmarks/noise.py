"""How busy a machine is with other programs than this one, as far as the system tells (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

IDLE = (3, 4)
"""Columns of /proc/stat in which the machine does nothing: idle, and waiting for disks."""


class Noise:
    """Counts from when it is made."""

    def __init__(self) -> None:
        self._before = _seconds()

    def others(self) -> float | None:
        """The share of the machine's time that others took, 0 to 1; None where the system does not tell.

        What this process took is not counted, nor what its children did that have ended.
        """
        now = _seconds()
        if now is None or self._before is None:
            return None
        spent, busy, own = (after - before for after, before in zip(now, self._before, strict=True))
        return round(min(1.0, max(0.0, (busy - own) / spent)), 3) if spent else None


def _seconds() -> tuple[float, float, float] | None:
    """Of all CPUs together, of these busy, and of these with this process and its children."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0].split()
    except OSError:
        return None
    ticks = [int(number) for number in first[1:9]]  # the rest, for guests, is counted before
    every, idle = sum(ticks), sum(ticks[column] for column in IDLE)
    tick = os.sysconf("SC_CLK_TCK")
    return every / tick, (every - idle) / tick, sum(os.times()[:4])
