"""Jobs that are over: their results put together, in the order of the input, as output and error files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from octavo.domain.batch import BatchJob, BatchStatus
from octavo.domain.file import FilePurpose, FileSource, SampleType, StoredFile
from octavo.domain.stores import BatchLedger
from octavo.services.cleaning import Cleaner
from octavo.services.files import FileService

BLOCK = 1000
"""Results that are asked of the ledger at a time."""
JSONL = "application/jsonl"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finisher:
    """Finishes jobs."""

    ledger: BatchLedger
    files: FileService

    async def step(self) -> bool:
        """Finish one job; whether there was one."""
        jobs = await self.files.threads.run(self.ledger.ended, 1)
        for job in jobs:
            await self.files.threads.run(self._finish, job)
        return bool(jobs)

    def _finish(self, job: BatchJob) -> None:
        """In a thread. Several servers may finish the same job at the same time: the first one counts."""
        made = self._made(job)
        if not self.ledger.finish(job.id, self._status(job), made):
            self._discard(*made)
        Cleaner(files=self.files.files, blobs=self.files.blobs).clean()

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
                yield from self.files.blobs.read(span.blob, span.offset, span.length)
                after = number
