"""The time of day, without the jumps that a clock makes when it is set."""

from __future__ import annotations

import time


class SteadyClock:
    """Seconds since 1970: the clock of the system as it stood at the start, and what has passed since.

    A job does not run out of time, and a file is not swept away, because somebody sets the clock while the server runs;
    the new time is taken up at the next start.
    """

    def __init__(self) -> None:
        self._start = time.time() - _passed()

    def __call__(self) -> float:
        """Now."""
        return self._start + _passed()


def _passed() -> float:
    """Seconds since some moment in the past, those in which the machine slept included where the system counts them."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)
