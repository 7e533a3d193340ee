"""Leased lines that nobody works on yet: owners take turns, and so do the jobs of each."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable

from octavo.domain.batch import Lease
from octavo.services.rota import Rota


class Stock:
    """Lines in the order in which they are begun."""

    def __init__(self) -> None:
        self._rota: Rota[Lease] = Rota()

    def __len__(self) -> int:
        return len(self._rota)

    def put(self, leases: Iterable[Lease]) -> None:
        """Add lines; owners and jobs that have none yet come last."""
        for lease in leases:
            self._rota.put(lease.owner, lease.job_id, lease)

    def take(self) -> Lease:
        """The next one; its owner and its job come last then.

        Raises:
            KeyError: there is none.
        """
        return self._rota.take()

    def jobs_of(self, owner: str) -> Collection[Hashable]:
        """Jobs of which there are lines."""
        return self._rota.requests_of(owner)

    def drop(self, jobs: Collection[str] | None = None) -> list[Lease]:
        """Remove the lines of these jobs, or all; what they were."""
        leases = self._rota.drain()
        self.put(lease for lease in leases if jobs is not None and lease.job_id not in jobs)
        return [lease for lease in leases if jobs is None or lease.job_id in jobs]
