"""Leased lines that nobody works on yet: owners take turns, and so do the jobs of each."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable

from octavo.domain.batch import Lease


class Stock:
    """Lines in the order in which they are begun."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, OrderedDict[str, deque[Lease]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(leases) for jobs in self._owners.values() for leases in jobs.values())

    def put(self, leases: Iterable[Lease]) -> None:
        """Add lines; owners and jobs that have none yet come last."""
        for lease in leases:
            jobs = self._owners.setdefault(lease.owner, OrderedDict())
            jobs.setdefault(lease.job_id, deque()).append(lease)

    def take(self) -> Lease:
        """The next one; its owner and its job come last then.

        Raises:
            KeyError: there is none.
        """
        owner, jobs = self._owners.popitem(last=False)
        job, leases = jobs.popitem(last=False)
        lease = leases.popleft()
        if leases:
            jobs[job] = leases
        if jobs:
            self._owners[owner] = jobs
        return lease

    def jobs_of(self, owner: str) -> Collection[str]:
        """Jobs of which there are lines."""
        return self._owners.get(owner, {}).keys()

    def drop(self, jobs: Collection[str] | None = None) -> list[Lease]:
        """Remove the lines of these jobs, or all; what they were."""
        old, self._owners = self._owners, OrderedDict()
        dropped: list[Lease] = []
        for row in old.values():
            for job, leases in row.items():
                dropped += leases if jobs is None or job in jobs else []
                self.put(leases if jobs is not None and job not in jobs else ())
        return dropped
