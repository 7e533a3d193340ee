"""Jobs that are over: their results put together, in the order of the input, as output and error files."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from octavo.domain.batch import BatchJob, BatchStatus, Span
from octavo.domain.errors import BlobLost, DatabaseFailed, OctavoError, OutOfSpace
from octavo.domain.file import FilePurpose, FileSource, SampleType, StoredFile
from octavo.domain.stores import BatchLedger
from octavo.services.cleaning import Cleaner
from octavo.services.files import FileService
from octavo.services.setbacks import Setbacks

_LOG = logging.getLogger(__name__)
BLOCK = 1000
"""Results that are asked of the ledger at a time."""
JSONL = "application/jsonl"
PAUSE = 5.0
"""Seconds for which a job is left alone that cannot be finished."""
AT_ONCE = 3
"""Jobs that are finished at the same time, for one of a million lines takes minutes."""
LOST = 3
"""After so many tries results that are not there are taken for lost."""


class _ResultsLostError(Exception):
    """The blob in which results of lines stood is not there any more."""

    def __init__(self, blob: str) -> None:
        super().__init__(blob)
        self.blob = blob


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finisher:
    """Finishes jobs."""

    ledger: BatchLedger
    files: FileService
    changed: Callable[[], None] = lambda: None
    _setbacks: Setbacks = field(default_factory=Setbacks)
    _unsure: dict[str, list[StoredFile]] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _broken: list[Exception] = field(default_factory=list)

    async def step(self) -> bool:
        """Begin to finish one job; whether there was one. One that cannot be finished is passed over for a while.

        Raises:
            DatabaseFailed, OutOfSpace: a job could not be finished, and no other can.
        """
        if self._broken:
            raise self._broken.pop()
        if len(self._running) >= AT_ONCE:
            return False
        passed = len(self._setbacks.waiting()) + len(self._running)
        jobs = await self.files.threads.run(self.ledger.ended, 1 + passed)
        passed_over = self._setbacks.waiting() | self._running.keys()
        job = next((job for job in jobs if job.id not in passed_over), None)
        if job is not None:
            self._running[job.id] = asyncio.create_task(self._run(job))
        return job is not None

    async def close(self) -> None:
        """Wait for nobody: what is half made is made anew by the next server, or by this one's threads as they end."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, job: BatchJob) -> None:
        try:
            await self._tried(job)
        except Exception as error:  # noqa: BLE001  the loop tells of it, and pauses
            self._broken.append(error)
        finally:
            del self._running[job.id]
            self.changed()

    async def _tried(self, job: BatchJob) -> None:
        try:
            await self.files.carriers.run(self._finish, job)
        except (DatabaseFailed, OutOfSpace):
            raise  # that concerns every job
        except _ResultsLostError as lost:
            await self._lose(job, lost.blob)
        except OctavoError as error:
            self._setbacks.add(job.id, PAUSE)
            _LOG.warning("the job %s cannot be finished yet: %s", job.id, error)
        except Exception:
            self._setbacks.add(job.id, PAUSE)
            raise
        else:
            self._setbacks.clear(job.id)
            await self.files.carriers.run(self._clean)

    async def _lose(self, job: BatchJob, blob: str) -> None:
        """Once it is certain, the lines are done again: nobody would ever see the results of the others."""
        if self._setbacks.add(job.id, PAUSE) < LOST:
            _LOG.warning("the job %s cannot be finished yet: results of it are not there", job.id)
            return
        number = await self.files.threads.run(self.ledger.redo, job.id, blob)
        _LOG.warning("the results of %d lines of the job %s got lost, and they are done again", number, job.id)

    def _finish(self, job: BatchJob) -> None:
        """In a thread. Several servers may finish the same job at the same time: the first one counts."""
        made = self._unsure.pop(job.id, None) or self._made(job)
        try:
            counts = self.ledger.finish(job.id, self._status(job), made)
        except DatabaseFailed:
            # It may have been kept, and we were not told. If it comes again it was not, and they are entered then.
            self._unsure[job.id] = made
            for old in tuple(self._unsure)[:-AT_ONCE]:
                self._unsure.pop(old, None)
            raise
        except BaseException:
            self._discard(*made)
            raise
        if not counts:
            self._discard(*made)

    def _clean(self) -> None:
        """The job is over, whatever becomes of what it leaves: the sweeper comes by."""
        try:
            Cleaner(files=self.files.files, blobs=self.files.blobs).clean()
        except OctavoError as error:
            _LOG.warning("what is left of finished jobs is removed later: %s", error)

    def _made(self, job: BatchJob) -> list[StoredFile]:
        """Its files; none stays when one of them cannot be written, for that is tried again and again."""
        output = self._file(job, failed=False)
        try:
            errors = self._file(job, failed=True)
        except BaseException:
            self._discard(output)
            raise
        return [file for file in (output, errors) if file is not None]

    def _discard(self, *made: StoredFile | None) -> None:
        for file in made:
            if file is not None:
                self.files.discard(file.blob.name)

    def _status(self, job: BatchJob) -> BatchStatus:
        if job.status is BatchStatus.CANCELLATION_REQUESTED:
            return BatchStatus.CANCELLED
        if job.succeeded + job.failed >= job.total:
            return BatchStatus.SUCCESS
        # Without its time being up: lines of an input that could not be read were never found.
        return BatchStatus.TIMEOUT_EXCEEDED if job.due <= self.files.clock() else BatchStatus.FAILED

    def _file(self, job: BatchJob, *, failed: bool) -> StoredFile | None:
        """The output or the error file; None if no line belongs into it."""
        lines = job.failed if failed else job.succeeded
        if not lines:
            return None
        blob, now = self.files.store_blob(self._lines(job, failed=failed)), int(self.files.clock())
        seconds = self.files.keeping.seconds_of(FilePurpose.BATCH, FileSource.MISTRAL)
        return StoredFile(
            id=str(uuid.uuid4()),
            owner=job.owner,
            name=f"batch-{job.id}-{'errors' if failed else 'output'}.jsonl",
            blob=blob,
            purpose=FilePurpose.BATCH,
            sample_type=SampleType.BATCH_ERROR if failed else SampleType.BATCH_RESULT,
            source=FileSource.MISTRAL,
            created_at=now,
            expires_at=now + seconds if seconds else None,
            num_lines=lines,
            mimetype=JSONL,
        )

    def _lines(self, job: BatchJob, *, failed: bool) -> Iterator[bytes]:
        after = 0
        while found := self.ledger.results(job.id, failed=failed, after=after, limit=BLOCK):
            for number, span in found:
                yield from self._result(span)
                after = number

    def _result(self, span: Span) -> Iterator[bytes]:
        try:
            yield from self.files.blobs.read(span.blob, span.offset, span.length)
        except BlobLost:
            raise _ResultsLostError(span.blob) from None
