"""The sockets of everything that is kept: finished pages, blobs, files, batch jobs.

All are called in the server process, from any thread, and block. Plug-ins are named in `bootstrap.py` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from octavo.domain.batch import BatchJob, BatchStatus, JobFilter, Lease, Outcome, Plan, Span
from octavo.domain.file import Blob, FileFilter, Listing, Repeatable, StoredFile
from octavo.domain.result import RecognizedPage


class PageStore(Protocol):
    """Finished pages: kept while a request holds them, and for a while after, or until their batch job is dropped.

    Server process; any thread. A page that was not held may be gone at any time, for all together are bounded.
    """

    @property
    def keeps(self) -> float:
        """Seconds for which a finished page is kept though nobody holds it; 0 is not at all, for no job either."""
        ...

    @property
    def size(self) -> int:
        """Bytes of all finished pages."""
        ...

    def hold(self, key: str, job: str | None = None) -> None:
        """Let the page of `key`, finished or not, stay until as many `release` came as `hold`.

        Args:
            key: names the page.
            job: the batch job that needs it: once it is finished, it stays until `drop`, also after a restart.

        Raises:
            OutOfSpace: the disk is full, so that it cannot be noted for the job; it is held all the same.
        """
        ...

    def release(self, keys: Iterable[str], job: str | None = None) -> None:
        """The pages are not needed any more by one who held them, for the same `job`."""
        ...

    def has(self, key: str) -> bool:
        """Whether the page is finished and there."""
        ...

    def folder(self, key: str) -> Path:
        """An empty folder for the pictures of a page that is about to be read, and that the caller holds.

        Raises:
            OutOfSpace: the disk is full.
        """
        ...

    def keep(self, key: str, page: RecognizedPage) -> None:
        """The page is finished; its pictures lie in its folder.

        Raises:
            OutOfSpace: the disk is full.
        """
        ...

    def load(self, key: str) -> RecognizedPage:
        """A finished page that the caller holds.

        Raises:
            EngineFailed: it got lost or damaged on disk.
        """
        ...

    def jobs(self) -> tuple[str, ...]:
        """Ids of the jobs that pages are kept for."""
        ...

    def drop(self, job: str) -> None:
        """The job is over and forgotten: its pages go, but for those that others keep, or hold for the moment.

        Nothing is kept for it from then on, even for a line that is still read. A job without pages is dropped already.

        Raises:
            OSError: the disk refuses; what is left goes at the next start.
        """
        ...

    def sweep(self) -> None:
        """Remove pages whose time is up."""
        ...

    def close(self) -> None:
        """Nothing more is asked; what is not to be kept goes."""
        ...


class BlobStore(Protocol):
    """Bytes under opaque names, on disk or in a bucket. Server process; any thread.

    A blob is there whole or not at all, never changes, and survives a power cut once `put` has returned.
    """

    def put(self, name: str, chunks: Iterable[bytes]) -> Blob:
        """Write a new blob, in constant memory; nothing stays when `chunks` raises.

        Raises:
            OutOfSpace: there is no room.
            StorageFailed: the store cannot be reached or refuses.
        """
        ...

    def read(self, name: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes from `offset` on, in pieces; to the end without a `length`.

        Raises:
            StorageFailed: it is not there, or breaks off.
        """
        ...

    def bring(self, blob: Blob, folder: Path) -> Path:
        """A file in `folder` with all of its bytes, and of its own: what is done to it does nothing to the blob.

        Raises:
            OutOfSpace: there is no room.
            StorageFailed: it is not there, or its bytes are not those that were put.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove it; one that is not there is removed already.

        Raises:
            StorageFailed: the store cannot be reached or refuses.
        """
        ...

    def names(self) -> Iterator[str]:
        """All blobs, in no order."""
        ...

    def reach(self) -> None:
        """Ask whether it answers, at the least cost.

        Raises:
            StorageFailed: the store cannot be reached or refuses.
        """
        ...


class FileRepository(Protocol):
    """What is known of files, and which blobs are in use. Server process; any thread.

    A blob that is not used any more never comes into use again, so that whoever removes it need not fear for others.
    A call that failed may be tried again as it is, even if it was kept and only its answer got lost. Every method may
    raise DatabaseFailed, and OutOfSpace where it writes.
    """

    def secret(self) -> bytes:
        """32 random bytes, made once for this installation: what signatures are made with."""
        ...

    def announce(self, blob: str) -> None:
        """A blob of this name is about to be written; if nothing comes to use it, `unused` tells of it one day."""
        ...

    def add(self, file: StoredFile, again: Repeatable | None = None) -> StoredFile:
        """Enter a file whose blob is written; or, where the same request made one before, tell that one.

        Raises:
            KeyReused: the same key came with another body in the last 24 hours.
            StorageFailed: its blob was never announced, or is `unused` already.
        """
        ...

    def repeated(self, owner: str, again: Repeatable) -> StoredFile | None:
        """The file that the same request made before; None where there is none, or no more.

        Raises:
            KeyReused: the same key came with another body in the last 24 hours.
        """
        ...

    def get(self, owner: str, file_id: str) -> StoredFile:
        """A file of this owner.

        Raises:
            FileNotFound: there is none, its time is up, or it is another's.
        """
        ...

    def find(self, file_id: str) -> StoredFile:
        """A file, whoever owns it: for one who shows a signature.

        Raises:
            FileNotFound: there is none, or its time is up.
        """
        ...

    def list(self, owner: str, chosen: FileFilter, part: Listing) -> tuple[StoredFile, ...]:
        """Files of this owner, the newest first."""
        ...

    def count(self, owner: str, chosen: FileFilter) -> int:
        """How many files of this owner `chosen` selects."""
        ...

    def delete(self, owner: str, file_id: str) -> None:
        """Forget a file; its blob is `unused` from then on, unless a job or another file uses it.

        Raises:
            FileNotFound: there is none, or it is another's.
        """
        ...

    def expire(self, limit: int) -> int:
        """Forget files whose time is up, `limit` at most; how many."""
        ...

    def unused(self, limit: int) -> tuple[str, ...]:
        """Names of blobs that nothing uses any more, or that were announced a day ago and never came into use."""
        ...

    def forget(self, blobs: Iterable[str]) -> None:
        """These blobs, all unused, are removed."""
        ...


class BatchLedger(Protocol):
    """Batch jobs and their lines: the only truth about what is done and what is not. Server process; any thread.

    A line waits, is leased, and succeeds or fails; whoever leases names itself (`holder`), and what it records counts
    only as long as it holds the lease, so that no line is recorded twice. A call that failed may be tried again as it
    is, even if it was kept and only its answer got lost. Every method may raise DatabaseFailed, and OutOfSpace where it
    writes.
    """

    def create(self, job: BatchJob, again: Repeatable | None = None) -> BatchJob:
        """Enter a job, whose inputs are in use as long as it exists; or tell the one that the same request made before.

        Raises:
            KeyReused: the same key came with another body in the last 24 hours.
            FileNotFound: an input was deleted meanwhile.
        """
        ...

    def retry(self, job: BatchJob, of: str) -> BatchJob:
        """Enter a job of exactly the lines that failed in the job `of`, numbered as they were there and counted anew.

        Raises:
            IllegalMove: there are none, or that job is not over.
            JobNotFound: it is not there, or it is another's.
            FileNotFound: an input was deleted meanwhile.
        """
        ...

    def get(self, owner: str, job_id: str) -> BatchJob:
        """A job of this owner.

        Raises:
            JobNotFound: there is none, or it is another's.
        """
        ...

    def list(self, owner: str, chosen: JobFilter, part: Listing) -> tuple[BatchJob, ...]:
        """Jobs of this owner."""
        ...

    def count(self, owner: str, chosen: JobFilter) -> int:
        """How many jobs of this owner `chosen` selects."""
        ...

    def known(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those of these ids that are jobs, whoever owns them."""
        ...

    def cancel(self, owner: str, job_id: str) -> BatchJob:
        """CANCELLED if it was QUEUED, CANCELLATION_REQUESTED if it was RUNNING; else as it is.

        Raises:
            JobNotFound: there is none, or it is another's.
        """
        ...

    def delete(self, owner: str, job_id: str) -> None:
        """Forget a job that is over, with its results and inputs; its output and error files stay files.

        Its lines are left for `clear`.

        Raises:
            JobNotFound: there is none, or it is another's.
            IllegalMove: it is not over.
        """
        ...

    def expire(self, before: int, limit: int) -> tuple[str, ...]:
        """Forget jobs that were over before this moment, `limit` at most; their ids. Lines are left for `clear`."""
        ...

    def clear(self) -> None:
        """Remove the lines of forgotten jobs, which takes a while where they are many."""
        ...

    def unplanned(self, limit: int, *, one_each: bool = False, but: Collection[str] = ()) -> tuple[Plan, ...]:
        """Jobs whose lines are not all known yet and that shall not stop, the oldest first.

        Args:
            limit: so many at most.
            one_each: of each owner the oldest alone.
            but: ids of jobs that are passed over, 1000 at most.
        """
        ...

    def plan(self, plan: Plan, lines: Sequence[tuple[int, Span]], *, rest: Plan | None) -> bool:
        """Enter lines, each with its number, that were found after `plan`; False if somebody else did meanwhile.

        Args:
            plan: where the search began.
            lines: numbers and places.
            rest: where to go on; None at the end of this input, after which the next one comes, if there is one.
        """
        ...

    def queues(self) -> tuple[tuple[str, str], ...]:
        """Owner and id of the active jobs that have lines waiting and time left, the oldest first, 100 at most.

        Each owner has an equal share of the 100, so that one who has many jobs hides nobody else's.
        """
        ...

    def lease(self, holder: str, job_id: str, limit: int) -> tuple[Lease, ...]:
        """Lease the first lines that wait, and none once the job shall stop; it is RUNNING from then on."""
        ...

    def extend(self, holder: str) -> None:
        """The holder is alive: its leases begin anew."""
        ...

    def reap(self, holder: str) -> int:
        """Let lines wait again whose holder is gone; how many. Called at start and now and then."""
        ...

    def release(self, holder: str, leases: Sequence[Lease]) -> None:
        """Give leases back undone."""
        ...

    def record(self, holder: str, outcomes: Sequence[Outcome]) -> frozenset[tuple[str, int]]:
        """Enter what became of leased lines, all or none; job and number of those that counted.

        The blobs of their results are in use from then on, until the job is over. A line that was recorded before with
        the same result, by a call whose answer got lost, is told as one that counted.

        Raises:
            StorageFailed: the blob of a result was never announced, or is `unused` already.
        """
        ...

    def stopping(self) -> tuple[str, ...]:
        """Ids of active jobs whose work shall stop: cancelled, or out of time."""
        ...

    def ended(self, limit: int) -> tuple[BatchJob, ...]:
        """Active jobs that only have to be finished: nothing is leased, and nothing waits or they shall stop."""
        ...

    def results(self, job_id: str, *, failed: bool, after: int, limit: int) -> tuple[tuple[int, Span], ...]:
        """Numbers and results of lines that failed, or of those that did not, in order, after a number."""
        ...

    def redo(self, job_id: str, blob: str) -> int:
        """Let lines of an active job wait again whose results got lost with a blob; how many.

        They count as neither succeeded nor failed any more, nor do their pages.
        """
        ...

    def finish(self, job_id: str, status: BatchStatus, files: Sequence[StoredFile]) -> bool:
        """End a job, and enter its output and error files; its results are unused then. False if it was over before.

        One that FAILED has the lines that nobody did among its errors.

        Raises:
            IllegalMove: the job cannot become that, or lines of it are leased, or (SUCCESS) wait.
            StorageFailed: the blob of a file was never announced, or is `unused` already.
        """
        ...
