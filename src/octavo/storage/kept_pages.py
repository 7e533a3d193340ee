"""Which finished pages there are, who holds them, and how long they stay: what is known in memory. Touches no disk."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

NO_JOBS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished page.

    Attributes:
        until: when its time is up, in seconds since 1970; 0 where nobody but jobs asked for it.
        size: bytes, with those of its pictures.
        jobs: as long as it is kept for one of them, its time does not matter.
    """

    until: float
    size: int
    jobs: frozenset[str] = NO_JOBS


@dataclass(slots=True)
class _Held:
    """A page, finished or not, that somebody holds: how many do, for which jobs, and whether one has no job."""

    count: int = 0
    jobs: frozenset[str] = NO_JOBS
    is_passing: bool = False


class KeptPages:
    """The pages of one store, in the order in which they were last needed. The caller holds a lock."""

    def __init__(self, keeps: float) -> None:
        """`keeps`: seconds for which a page stays that was asked for outside of jobs."""
        self._keeps = keeps
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._held: dict[str, _Held] = {}
        self._groups: dict[frozenset[str], frozenset[str]] = {}
        self.size = 0
        """Bytes of all pages."""

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def names(self) -> list[str]:
        """All pages, those that were needed last at the end."""
        return list(self._kept)

    def hold(self, name: str, job: str | None, now: float) -> int | None:
        """One holder more; the page's bytes if it is there and was not kept for `job` before.

        A `job` without a name is one that is over: nothing is kept for it.
        """
        held = self._held.setdefault(name, _Held())
        held.count += 1
        kept = self._kept.get(name)
        if job == "":
            return None
        if job is None:
            held.is_passing = True
            if kept is not None and not kept.until:
                self._kept[name] = replace(kept, until=now + self._keeps)
            return None
        held.jobs = self._group(held.jobs | {job})
        if kept is None or job in kept.jobs:
            return None
        self._kept[name] = replace(kept, jobs=self._group(kept.jobs | {job}))
        return kept.size

    def release(self, names: Iterable[str], job: str | None, now: float) -> list[str]:
        """One holder less of each; those that nobody needs any more, forgotten.

        The time of all others begins anew unless they were held for a job.
        """
        doomed = []
        for name in names:
            if self._is_let_go(name) and self._is_over(name, now):
                self.forget(name)
                doomed.append(name)
            elif (kept := self._kept.get(name)) is not None:
                self._kept[name] = kept if job is not None else replace(kept, until=now + self._keeps)
                self._kept.move_to_end(name)
        return doomed

    def jobs_of(self, name: str) -> frozenset[str]:
        """The jobs that a page is held for."""
        held = self._held.get(name)
        return held.jobs if held else NO_JOBS

    def finish(self, name: str, size: int, now: float) -> frozenset[str]:
        """A page that somebody holds is finished; the jobs that it is kept for."""
        held = self._held.get(name) or _Held(is_passing=True)
        self.enter(name, Kept(now + self._keeps if held.is_passing else 0, size, held.jobs))
        return held.jobs

    def enter(self, name: str, kept: Kept) -> None:
        """Another page."""
        self.forget(name)
        self._kept[name] = replace(kept, jobs=self._group(kept.jobs))
        self.size += kept.size

    def forget(self, name: str) -> None:
        """The page is there no more."""
        if (kept := self._kept.pop(name, None)) is not None:
            self.size -= kept.size

    def end(self, job: str) -> None:
        """Whatever is finished for the job from now on is not kept for it; what is kept already stays (`leave`)."""
        for held in self._held.values():
            held.jobs = self._group(held.jobs - {job})
        self._groups = {jobs: jobs for jobs in self._groups if job not in jobs}

    def leave(self, names: Iterable[str], job: str, now: float) -> list[str]:
        """These are not kept for the job any more; those that nobody needs then, forgotten."""
        there = [name for name in names if name in self._kept and job in self._kept[name].jobs]
        for name in there:
            kept = self._kept[name]
            self._kept[name] = replace(kept, jobs=self._group(kept.jobs - {job}))
        return self.expire(there, now)

    def expire(self, names: Iterable[str], now: float) -> list[str]:
        """Those whose time is up and that nobody holds, forgotten."""
        doomed = [name for name in names if name not in self._held and self._is_over(name, now)]
        for name in doomed:
            self.forget(name)
        return doomed

    def make_room(self, max_bytes: int) -> list[str]:
        """The first ones that nobody holds, forgotten, until the others have `max_bytes` at most."""
        doomed = list(self._first(self.size - max_bytes))
        for name in doomed:
            self.forget(name)
        return doomed

    def close(self) -> None:
        """Nobody holds anything any more."""
        self._held.clear()

    def _first(self, excess: int) -> Iterator[str]:
        for name, kept in self._kept.items():
            if excess <= 0:
                return
            if name not in self._held:
                excess -= kept.size
                yield name

    def _is_let_go(self, name: str) -> bool:
        """One holder less; whether it was the last one."""
        held = self._held.get(name, _Held(1))
        held.count -= 1
        if held.count > 0:
            return False
        self._held.pop(name, None)
        return True

    def _is_over(self, name: str, now: float) -> bool:
        kept = self._kept.get(name)
        return kept is None or (not kept.jobs and kept.until <= now)

    def _group(self, jobs: frozenset[str]) -> frozenset[str]:
        """The same jobs, as the one object that all pages share."""
        return self._groups.setdefault(jobs, jobs)
