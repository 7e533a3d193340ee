"""Jobs of one owner, which take turns: a small one need not wait until a large one is done."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable


class JobTurns:
    """Which job is next; new ones come last."""

    def __init__(self) -> None:
        self._row: OrderedDict[str, None] = OrderedDict()

    def next_of(self, queues: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        """The jobs of each owner, the one first that was served longest ago.

        Args:
            queues: owner and id of jobs that have lines waiting; others lose their place.
        """
        owners = {job: owner for owner, job in queues}
        old = (job for job in self._row if job in owners)
        self._row = OrderedDict.fromkeys([*old, *owners])
        jobs: dict[str, list[str]] = {}
        for job in self._row:
            jobs.setdefault(owners[job], []).append(job)
        return jobs

    def served(self, job: str) -> None:
        """It had its turn."""
        if job in self._row:
            self._row.move_to_end(job)
