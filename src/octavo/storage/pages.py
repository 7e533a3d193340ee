"""Finished pages on disk, a folder for each: the page, and the pictures that were cut from it.

Names are digests. A page is there when its file has its final name, so that nothing half-written is ever read. Who
holds what is known in memory alone: after a restart nobody holds anything, and the pages of before are kept until
their time is up, or for the jobs that have them on record. The records lie beside the folder of the pages and not in
it, for workers may write there.
"""

from __future__ import annotations

import os
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

from octavo.domain.disk import space_on_disk
from octavo.domain.errors import EngineFailed
from octavo.domain.portable import from_bytes, to_bytes
from octavo.domain.result import RecognizedPage
from octavo.storage.fresh_pages import FreshPages
from octavo.storage.job_records import JobRecords
from octavo.storage.kept_pages import KeptPages
from octavo.storage.page_folder import GONE, PAGE, found_pages, size_of

LONGEST = 30 * 24 * 3600.0
"""Seconds for which pages are kept for a job that nobody ever drops."""
AT_A_TIME = 100
"""Pages that are looked through while others wait, of the many that a job may have."""
NO_ROOM = "The disk of the server is full, so this page cannot be kept. Make room there."


class PageFolders:
    """The `PageStore` of one process, in a folder of its own, and one beside it (`.jobs`)."""

    def __init__(
        self,
        folder: Path,
        *,
        keeps: float,
        max_bytes: int,
        keep_jobs: float = LONGEST,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take up what lies in `folder`, which is made if need be.

        Args:
            folder: nobody else writes there.
            keeps: seconds for which a finished page is kept though nobody holds it; 0 keeps nothing for jobs either.
            max_bytes: of all pages together; those that were needed first go first, and none that is held.
            keep_jobs: seconds for which pages are kept for a job, from its first page on, unless it is dropped before.
            clock: seconds since 1970.
        """
        self._root = folder
        self._keeps = keeps
        self._max_bytes = max_bytes
        self._keep_jobs = keep_jobs
        self._clock = clock
        self._lock = threading.Lock()
        self._pages = KeptPages(keeps)
        self._records = JobRecords(folder.with_name(folder.name + ".jobs"), clock)
        self._removals = count()
        self._fresh = FreshPages()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_up()

    @property
    def keeps(self) -> float:
        """Seconds for which a finished page is kept though nobody holds it; 0 is not at all."""
        return self._keeps

    @property
    def size(self) -> int:
        """Bytes of all finished pages."""
        return self._pages.size

    def hold(self, key: str, job: str | None = None) -> None:
        """Let a page stay.

        Raises:
            OutOfSpace: the disk is full, and a page that is there cannot be noted for the job; it is held then.
        """
        name, job = self._name(key), job if self._keeps else None
        with self._lock:
            is_over = job is not None and self._records.is_dropped(job)
            size = self._pages.hold(name, "" if is_over else job, self._clock())
        if job is not None and size is not None:
            self._note([job], name, size)

    def release(self, keys: Iterable[str], job: str | None = None) -> None:
        """Let pages go: those that nobody else holds, and that were never finished or whose time is up.

        The time of all others begins anew, so that a long document finds its first pages again however long it takes.
        """
        names = [self._name(key) for key in keys]
        with self._lock:
            gone = self._set_aside(self._pages.release(names, job, self._clock()))
        _remove(gone)

    def has(self, key: str) -> bool:
        """Whether the page is finished and there."""
        name = self._name(key)
        if name not in self._pages:
            return False
        file = self._root / name / PAGE
        if file.is_file():
            return True
        with self._lock:  # a record tells of pages that were about to be kept, too
            if not file.is_file():
                self._forget(name)
        return name in self._pages

    def folder(self, key: str) -> Path:
        """An empty folder for the pictures of a page that is about to be read."""
        path = self._root / self._name(key)
        with space_on_disk(full=NO_ROOM):
            try:
                path.mkdir(mode=0o700)
            except FileExistsError:
                shutil.rmtree(path, ignore_errors=True)
                path.mkdir(mode=0o700)
        return path

    def keep(self, key: str, page: RecognizedPage) -> None:
        """The page is finished.

        Raises:
            EngineFailed: it names a picture that is not in its folder.
            OutOfSpace: the disk is full.
        """
        name = self._name(key)
        path = self._root / name
        try:
            _check_pictures(page, path)
        except (OSError, ValueError) as error:
            raise EngineFailed(
                "The reading engine broke down: a picture is not where it belongs. Try again."
            ) from error
        with space_on_disk(full=NO_ROOM):
            half = path / "half"
            written = half.write_bytes(to_bytes(page))
            size = size_of(path)
        with self._lock:
            jobs = self._pages.jobs_of(name)
        # First on record, then there: a page that were there alone would not be known for the job's.
        self._note(jobs, name, size)
        with space_on_disk(full=NO_ROOM):
            half.rename(path / PAGE)
        with self._lock:
            late = self._pages.finish(name, size, self._clock()) - jobs
            self._fresh.put(name, page, written)
        self._note(late, name, size)
        if self.size > self._max_bytes:
            self._make_room()

    def load(self, key: str) -> RecognizedPage:
        """A finished page that the caller holds."""
        name = self._name(key)
        if (page := self._fresh.get(name)) is not None:
            return page
        try:
            page = from_bytes((self._root / name / PAGE).read_bytes(), RecognizedPage)
            _check_pictures(page, self._root / name)
        except (OSError, ValueError) as error:
            with self._lock:
                self._forget(name)
            raise EngineFailed("A page that was read got lost on the disk of the server. Try again.") from error
        return page

    def jobs(self) -> tuple[str, ...]:
        """Ids of the jobs for which pages are kept, or were before they had to make room."""
        return self._records.jobs()

    def drop(self, job: str) -> None:
        """Nothing is kept for the job any more; pages that nobody else needs are removed, those that are held later.

        Takes a while for a job of many pages; meanwhile everything else goes on.
        """
        with self._lock:
            self._records.drop(job)
            self._pages.end(job)
        self._look_through(lambda names: self._pages.leave(names, job, self._clock()))
        self._records.erase(job)

    def sweep(self) -> None:
        """Remove pages whose time is up, and the oldest while there are too many bytes; none that is held."""
        for job in self._records.began_before(self._clock() - self._keep_jobs):
            self.drop(job)
        self._look_through(lambda names: self._pages.expire(names, self._clock()))
        self._make_room()

    def close(self) -> None:
        """Nothing more is asked; what is not to be kept goes."""
        with self._lock:
            self._pages.close()
        self.sweep()
        if not self._keeps:
            shutil.rmtree(self._root, ignore_errors=True)

    def _name(self, key: str) -> str:
        """The folder's own place is part of it, for pages name their pictures by path."""
        return sha256(f"{self._root}\n{key}".encode()).hexdigest()

    def _note(self, jobs: Iterable[str], name: str, size: int) -> None:
        with space_on_disk(full=NO_ROOM):
            for job in jobs:
                self._records.add(job, name, size)

    def _look_through(self, doomed: Callable[[list[str]], list[str]]) -> None:
        """Remove what `doomed` chooses of all pages, a few at a time, so that nobody waits long for the lock."""
        with self._lock:
            names = self._pages.names()
        for start in range(0, len(names), AT_A_TIME):
            with self._lock:
                gone = self._set_aside(doomed(names[start : start + AT_A_TIME]))
            _remove(gone)

    def _make_room(self) -> None:
        with self._lock:
            gone = self._set_aside(self._pages.make_room(self._max_bytes))
        _remove(gone)

    def _forget(self, name: str) -> None:
        """Locked."""
        self._fresh.drop(name)
        self._pages.forget(name)

    def _set_aside(self, names: Iterable[str]) -> list[Path]:
        """Locked: out of the way, for removing takes a while, and the same page may be read again meanwhile."""
        gone = []
        for name in names:
            self._fresh.drop(name)
            with suppress(OSError):  # nothing was ever read into it
                gone.append((self._root / name).rename(self._root / f"{next(self._removals)}{GONE}"))
        return gone

    def _take_up(self) -> None:
        """Enter the pages of an earlier process, oldest first; what it left unfinished goes."""
        there = os.listdir(self._root)  # noqa: PTH208 - names alone, for there may be a million
        if self._keeps:
            for name, kept in found_pages(self._root, there, self._records, self._keeps, self._clock()):
                self._pages.enter(name, kept)
        else:
            self._records.clear()
        _remove([self._root / name for name in there if name not in self._pages])
        self._records.erase_dropped()
        self.sweep()


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _check_pictures(page: RecognizedPage, folder: Path) -> None:
    """Pages come from workers, which hostile documents may have taken over, and may not make us open what they cannot.

    Raises:
        ValueError: a picture of the page is no plain file in `folder`.
        OSError: it is not there.
    """
    for picture in (block.figure.path for block in page.blocks if block.figure is not None):
        if picture.parent != folder or not stat.S_ISREG(picture.lstat().st_mode):
            raise ValueError("a picture lies elsewhere")
