"""`octavo batch run`: from a folder or a file to its results, however often it is stopped on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.cli.batch_api import BatchApi, Job
from octavo.cli.batch_inputs import DocumentFolder, RequestFile, digest_of
from octavo.cli.batch_progress import Pace, Watch
from octavo.cli.batch_results import Failures, Target, fetch
from octavo.cli.batch_upload import LeftOut, Uploader, left_out, tag_of
from octavo.domain.batch import BatchStatus
from octavo.domain.errors import InvalidRequest

ENDPOINT = "/v1/ocr"
RUN, FROM, REFUSED = "octavo-run", "octavo-from", "octavo-refused"
"""Metadata of a job: the digest of what it does, its title, and the size from which documents were left out."""
LONGEST_TITLE = 512
HOURS = 168
"""That a job may take; the API allows no more."""
POLL = 0.5
"""Seconds between two looks at a job."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One run.

    Attributes:
        model: for all requests.
        keep: leave what was uploaded on the server.
        scratch: a folder for what is needed for a while.
        job_id: of the job that is watched.
    """

    api: BatchApi
    target: Target
    watch: Watch
    model: str | None
    keep: bool
    scratch: Path
    job_id: str | None = field(default=None)

    async def of(self, source: RequestFile | DocumentFolder) -> tuple[Job | None, Failures]:
        """Do all that is left to be done; the job and what failed.

        Raises:
            OctavoError: the server refuses, or does not answer.
            OSError: the results cannot be written.
        """
        job = await self._found(source) or await self._begun(source)
        if job is not None:
            job = await self.follow(job)
        refused = job.told["metadata"].get(REFUSED) if job is not None else None
        left = _Left(source, int(refused) if refused else None)
        failures = await fetch(self.api, job, self.target, left)
        if job is not None and job.status is BatchStatus.SUCCESS and not self.keep:
            await self._clean(source, failures.names)
        return job, failures

    async def again(self, job_id: str) -> tuple[Job, Failures]:
        """Follow a job that is there, and fetch its results."""
        job = await self.follow(await self.api.job(job_id))
        return job, await fetch(self.api, job, self.target, ())

    async def follow(self, job: Job) -> Job:
        """Watch a job until it is over."""
        self.job_id = job.id
        self.watch.begin("Reading", job.total)
        pace = Pace()
        while not job.status.is_final:
            self.watch.show(job.done, pace.tell(job))
            await asyncio.sleep(POLL)
            job = await self.api.job(job.id)
        self.watch.show(job.done, pace.tell(job), last=True)
        self.job_id = None
        return job

    async def _found(self, source: RequestFile | DocumentFolder) -> Job | None:
        """The job of an earlier run that did not end in vain."""
        job = await self._newest(source.digest)
        if job is None:
            return None
        if not job.status.is_final:
            self.watch.say(f"Going on with job {job.id}.")
            return job
        if job.status is not BatchStatus.SUCCESS:
            self.watch.say(f"Job {job.id} did the same before and ended as {job.status}; a new one begins.")
            return None
        if not await self._has_results(job):
            self.watch.say(f"Job {job.id} did the same before, but its results are deleted; a new one begins.")
            return None
        self.watch.say(f"Job {job.id} has done it already.")
        return job

    async def _has_results(self, job: Job) -> bool:
        """Whether all that it left is there still."""
        left = [(job.succeeded, job.output_file), (job.failed, job.error_file)]
        return all([file and await self.api.has_file(file) for lines, file in left if lines])

    async def _newest(self, digest: str) -> Job | None:
        """The newest job of all lines; one that tries failed lines again has fewer."""
        jobs = [job async for job in self.api.jobs(**{RUN: digest})]
        most = max((job.total for job in jobs), default=0)
        return next((job for job in jobs if job.total == most), None)

    async def _begun(self, source: RequestFile | DocumentFolder) -> Job | None:
        """A new job; None if there is nothing to do."""
        if self.model is not None:
            await self.api.check_model(self.model)
        before = await self._newest(source.digest)
        metadata = {RUN: source.digest, FROM: source.title[-LONGEST_TITLE:]}
        requests = source.path if isinstance(source, RequestFile) else self.scratch / "requests.jsonl"
        if isinstance(source, DocumentFolder):
            uploader = Uploader(api=self.api, folder=source, watch=self.watch)
            if not await uploader.send(requests):
                return None
            metadata |= {REFUSED: str(uploader.refused_from)} if uploader.refused_from else {}
        file_id = await self._sent(source, requests)
        await self._say_what_comes_first()
        key = f"{tag_of(source.digest)}-{file_id}-after-{before.id if before else 'nothing'}"
        return await self.api.create(self._order(file_id, metadata), key)

    async def _sent(self, source: RequestFile | DocumentFolder, requests: Path) -> str:
        """Id of the requests on the server.

        Raises:
            InvalidRequest: they are not any more what they were when they were looked at.
        """
        tag, digest = tag_of(source.digest), await asyncio.to_thread(digest_of, requests)
        file_id, sent = await self.api.upload(requests, f"{tag}-{requests.name}", "batch", f"{tag}-{digest}")
        if sent != (source.sha256 if isinstance(source, RequestFile) else digest):
            await self.api.delete_file(file_id)
            raise InvalidRequest(f"{requests} has changed meanwhile. Run the same command again.")
        return file_id

    def _order(self, file_id: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        order: dict[str, Any] = {
            "endpoint": ENDPOINT,
            "input_files": [file_id],
            "metadata": dict(metadata),
            "timeout_hours": HOURS,
        }
        return order | ({"model": self.model} if self.model else {})

    async def _say_what_comes_first(self) -> None:
        """Jobs are done one after the other, so that this one may stand still at first."""
        busy = [str(BatchStatus.QUEUED), str(BatchStatus.RUNNING)]
        others = [job.id async for job in self.api.jobs(status=busy)]
        if others:
            are = "One other job is" if len(others) == 1 else f"{len(others)} other jobs are"
            self.watch.say(f"{are} done first: see `octavo batch list`.")

    async def _clean(self, source: RequestFile | DocumentFolder, failed: set[str]) -> None:
        """Delete what was uploaded, but for documents whose requests may be tried again."""
        kept = set()
        if failed and isinstance(source, DocumentFolder):
            kept = {f"{one.number:07d}" for one in source.documents() if one.name in failed}
        tag = tag_of(source.digest)
        found = [
            file_id
            async for file_id, name in self.api.files(tag)
            if name.removeprefix(f"{tag}-").partition("-")[0] not in kept
        ]
        if found:
            self.watch.begin("Tidying up", len(found))
        for done, file_id in enumerate(found, 1):
            await self.api.delete_file(file_id)
            self.watch.show(done, f"{done:,} of {len(found):,} uploads deleted", last=done == len(found))


@dataclass(frozen=True, slots=True)
class _Left:
    """Documents that are left out, as often as somebody asks."""

    source: RequestFile | DocumentFolder
    refused_from: int | None

    def __iter__(self) -> Iterator[LeftOut]:
        if isinstance(self.source, DocumentFolder):
            yield from left_out(self.source, self.refused_from)
