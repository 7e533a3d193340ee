"""Batch jobs as a caller sees them: created, watched, cancelled, deleted, begun again."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from octavo.documents.spooling.pieces import pieces_of_file
from octavo.domain.batch import NO_METADATA, BatchInput, BatchJob, JobFilter
from octavo.domain.errors import Conflict, InvalidRequest, LimitExceeded, NotFound, OctavoError
from octavo.domain.file import FilePurpose, Listing, Repeatable
from octavo.domain.stores import BatchLedger
from octavo.services.batch_work import BatchWork
from octavo.services.cleaning import Cleaner
from octavo.services.files import FileService
from octavo.services.threads import Threads

_LOG = logging.getLogger(__name__)
MOST_LINES = 1_000_000
"""Lines of one job: each is a row of the ledger."""
PATIENCE = 5.0
"""Seconds for which a caller waits until all that was kept for a job is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a caller wants done.

    Attributes:
        owner: whose job it will be.
        endpoint: path of the API that each line is a request to.
        file_ids: of the files with the lines; none where they came with the order.
        lines: what came with the order instead.
        again: where the caller gave the request a key.
    """

    owner: str
    endpoint: str
    file_ids: tuple[str, ...] = ()
    lines: BatchInput | None = None
    model: str | None = None
    agent_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    timeout_hours: int = 24
    again: Repeatable | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatchService:
    """Batch jobs.

    Attributes:
        work: what works on them here.
        dropped: told of jobs that are gone, with all that was kept for them.
    """

    ledger: BatchLedger
    files: FileService
    work: BatchWork
    dropped: Callable[[str], None]
    _clearing: threading.Lock = field(default_factory=threading.Lock)

    async def create(self, order: Order) -> BatchJob:
        """A new job, or the one that the same request made before.

        Raises:
            FileNotFound: an input is not there.
            InvalidRequest: an input was not uploaded for batches.
            LimitExceeded: there are too many lines.
            KeyReused: the key of the request came with another body.
        """
        job = await self.threads.run(self._create, order)
        self.work.wake()
        return job

    async def take_in(self, lines: Path, count: int) -> BatchInput:
        """Keep requests that came with an order, as JSONL of so many lines.

        Raises:
            OutOfSpace, StorageFailed, DatabaseFailed: they cannot be kept.
        """
        return BatchInput(blob=await self.threads.run(self.files.store_blob, pieces_of_file(lines)), lines=count)

    @property
    def threads(self) -> Threads:
        """For what waits for the database or the disk."""
        return self.files.threads

    async def get(self, owner: str, job_id: str) -> BatchJob:
        """One job.

        Raises:
            JobNotFound: there is none, or it is another's.
        """
        return await self.threads.run(self.ledger.get, owner, job_id)

    async def list(self, owner: str, chosen: JobFilter, part: Listing) -> tuple[Sequence[BatchJob], int]:
        """Jobs, and how many there are in all."""
        jobs = await self.threads.run(self.ledger.list, owner, chosen, part)
        return jobs, await self.threads.run(self.ledger.count, owner, chosen)

    async def cancel(self, owner: str, job_id: str) -> BatchJob:
        """Stop a job; what is done stays. One that is over stays as it is.

        Raises:
            JobNotFound: there is none, or it is another's.
        """
        job = await self.threads.run(self.ledger.cancel, owner, job_id)
        self.work.wake()
        return job

    async def delete(self, owner: str, job_id: str) -> None:
        """Forget a job that is over, and what was kept for it; its output and error files stay.

        Raises:
            JobNotFound: there is none, or it is another's.
            IllegalMove: it is not over.
        """
        await self.threads.run(self.ledger.delete, owner, job_id)
        # The pages and lines of a large job take a while to remove.
        await asyncio.wait({asyncio.create_task(self.threads.run(self._forget, [job_id]))}, timeout=PATIENCE)

    async def retry(self, owner: str, job_id: str) -> BatchJob:
        """A new job of the lines of this one that failed.

        Raises:
            JobNotFound: there is none, or it is another's.
            IllegalMove: no line failed, or it is not over.
        """
        old = await self.threads.run(self.ledger.get, owner, job_id)
        new = replace(
            old,
            id=str(uuid.uuid4()),
            created_at=int(self.files.clock()),
            status=type(old.status).QUEUED,
            started_at=None,
            completed_at=None,
            total=old.failed,
            succeeded=0,
            failed=0,
            pages=0,
            errors=(),
            output_file=None,
            error_file=None,
        )
        job = await self.threads.run(self.ledger.retry, new, job_id)
        self.work.wake()
        return job

    async def sweep(self, kept: float) -> None:
        """Forget jobs that have been over for `kept` seconds, 0 is none; and what is left of any that are forgotten."""
        while kept and (gone := await self.threads.run(self.ledger.expire, int(self.files.clock() - kept), 100)):
            await self.threads.run(self._forget, gone)
        await self.threads.run(self._clear)

    def drop_strangers(self, job_ids: Sequence[str]) -> None:
        """Let go of what is kept for jobs that another server deleted, or this one just before it ended; it blocks."""
        for job_id in set(job_ids) - self.ledger.known(job_ids):
            self.dropped(job_id)

    def _create(self, order: Order) -> BatchJob:
        """In a thread. Requests that came along stay only if the job is theirs."""
        try:
            job = self._entered(order)
        except (Conflict, InvalidRequest, LimitExceeded, NotFound):
            self._discard(order.lines)
            raise
        if order.lines is not None and order.lines.blob.name not in {one.blob.name for one in job.inputs}:
            self._discard(order.lines)
        return job

    def _discard(self, lines: BatchInput | None) -> None:
        if lines is not None:
            self.files.discard(lines.blob.name)

    def _entered(self, order: Order) -> BatchJob:
        inputs = (order.lines,) if order.lines else tuple(self._input(order.owner, one) for one in order.file_ids)
        job = BatchJob(
            id=str(uuid.uuid4()),
            owner=order.owner,
            endpoint=order.endpoint,
            inputs=inputs,
            total=_total(inputs),
            created_at=int(self.files.clock()),
            model=order.model,
            agent_id=order.agent_id,
            metadata=order.metadata,
            timeout_hours=order.timeout_hours,
        )
        return self.ledger.create(job, order.again)

    def _input(self, owner: str, file_id: str) -> BatchInput:
        file = self.files.files.get(owner, file_id)
        if file.purpose is not FilePurpose.BATCH:
            raise InvalidRequest(
                f"The file {file_id} was uploaded for {file.purpose.value}. Upload the requests with purpose=batch."
            )
        return BatchInput(blob=file.blob, lines=file.num_lines or 0, file_id=file.id)

    def _forget(self, job_ids: Sequence[str]) -> None:
        """What fails here, or is cut short by the end of the server, is done when it is swept."""
        try:
            for job_id in job_ids:
                self.dropped(job_id)
            Cleaner(files=self.files.files, blobs=self.files.blobs).clean()
            self._clear()
        except (OctavoError, OSError) as error:
            _LOG.warning("what was kept for deleted jobs is removed later: %s", error)

    def _clear(self) -> None:
        """One at a time: whoever is at it removes what all have left."""
        if self._clearing.acquire(blocking=False):
            try:
                self.ledger.clear()
            finally:
                self._clearing.release()


def _total(inputs: Sequence[BatchInput]) -> int:
    """Lines of all inputs.

    Raises:
        LimitExceeded: they are too many.
    """
    total = sum(one.lines for one in inputs)
    if total > MOST_LINES:
        raise LimitExceeded(
            f"There are {total:,} requests in these files, and a job has at most {MOST_LINES:,}. Make several jobs."
        )
    return total
