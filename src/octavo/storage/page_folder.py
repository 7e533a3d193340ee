"""How finished pages lie on disk, and which of them an earlier process left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from octavo.storage.job_records import JobRecords
from octavo.storage.kept_pages import NO_JOBS, Kept

PAGE = "page.bin"
"""The page, in a folder with its pictures."""
GONE = ".gone"
"""How folders end that are about to be removed."""


def size_of(folder: Path) -> int:
    """Bytes of a page with those of its pictures."""
    with os.scandir(folder) as files:
        return sum(file.stat().st_size for file in files)


def found_pages(
    root: Path, there: Iterable[str], records: JobRecords, keeps: float, now: float
) -> Iterator[tuple[str, Kept]]:
    """The pages of an earlier process that are to be kept, with their names, oldest first.

    What is on record is not looked at, for there may be a million of them: not all may really be there.

    Args:
        root: where the folders of pages lie.
        there: the names of all of them.
        records: of jobs.
        keeps: seconds for which all others are kept.
        now: in seconds since 1970.
    """
    others = {name for name in there if not name.endswith(GONE)}
    found: dict[str, tuple[float, Kept]] = {}
    dropped = set()
    alone: dict[str, frozenset[str]] = {}
    for entry in records.take_up():
        if entry.job is None:
            dropped.add(entry.name)
        elif entry.name in others:
            group = alone.setdefault(entry.job, frozenset([entry.job]))
            jobs = found[entry.name][1].jobs if entry.name in found else NO_JOBS
            found[entry.name] = entry.at, Kept(0, entry.size, jobs | group if jobs - group else group)
    for name in others - found.keys() - dropped:
        found.update(_passing(root / name, keeps, now))
    for name in sorted(found, key=lambda name: found[name][0]):
        yield name, found[name][1]


def _passing(folder: Path, keeps: float, now: float) -> Iterator[tuple[str, tuple[float, Kept]]]:
    """The page in a folder that is on no record, if it was finished, with the moment."""
    file = folder / PAGE
    if file.is_file():
        finished = min(file.stat().st_mtime, now)
        yield folder.name, (finished, Kept(finished + keeps, size_of(folder)))
