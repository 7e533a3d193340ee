"""How the CPUs are divided among the pages that are read at the same time."""

from __future__ import annotations


class Allowance:
    """A `CpuShare` whose number is set from outside."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def threads(self) -> int:
        """How many threads may run now."""
        return self._threads

    def grant(self, threads: int) -> None:
        """Change the number; it holds from the next piece of work on."""
        self._threads = max(1, threads)


def divide(cpus: int, busy: int) -> tuple[int, ...]:
    """Threads for each of the `busy` calls, oldest first: as even as possible, none without, in all at most `cpus`.

    More calls than CPUs get one thread each; `LocalExecutor` never runs that many.
    """
    if not busy:
        return ()
    each, left = divmod(max(cpus, busy), busy)
    return tuple(each + (place < left) for place in range(busy))
