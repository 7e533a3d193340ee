"""What a job left, brought into files: what succeeded, and beside it what failed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from octavo.cli.batch_api import BatchApi, Job
from octavo.cli.batch_upload import LeftOut
from octavo.cli.exits import exit_code, exit_code_of_page
from octavo.domain.errors import EngineError, InvalidRequest, InvalidSettings, OctavoError


@dataclass(slots=True)
class Failures:
    """Requests that failed.

    Attributes:
        count: how many.
        names: their `custom_id`s.
        first: some of them with the reason.
        exit_code: of the most frequent failure.
    """

    count: int = 0
    names: set[str] = field(default_factory=set)
    first: list[tuple[str, str]] = field(default_factory=list)
    exit_code: int = 0

    def note(self, told: dict[str, Any]) -> None:
        """One more, as its line tells it."""
        name = str(told.get("custom_id") or told.get("id"))
        self.count += 1
        self.names.add(name)
        if len(self.first) < MOST_TOLD:
            self.first.append((name, _reason_of(told)))


MOST_TOLD = 20
"""So many failures are told one by one; all of them stand in the file."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where results go: `path`, or standard output where that is None."""

    path: Path | None

    @property
    def failed(self) -> Path | None:
        """The file for what failed: `results.errors.jsonl` beside `results.jsonl`."""
        return self.path and self.path.with_name(f"{self.path.stem}.errors{self.path.suffix or '.jsonl'}")

    def check(self, source: str) -> None:
        """Before hours of work.

        Args:
            source: what results are made of, which they must not take the place of.

        Raises:
            InvalidSettings: it cannot be written.
        """
        if self.path is None:
            return
        if Path(source).resolve() in (self.path.resolve(), self.failed and self.failed.resolve()):
            raise InvalidSettings(f"{source} would be overwritten. Name another file with -o.")
        folder = self.path.parent
        if self.path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise InvalidSettings(f"{self.path} cannot be written. Name a file in a folder that is there with -o.")


async def fetch(api: BatchApi, job: Job | None, target: Target, left: Iterable[LeftOut]) -> Failures:
    """Write the results of a job that is over, and what failed; each file is there whole or not at all.

    Args:
        api: has the job.
        job: None where every document was left out.
        target: where to.
        left: documents that never became a request.

    Raises:
        OSError: they cannot be written.
    """
    failures = Failures()
    with _written(target.path) as file:
        if job is not None and job.output_file:
            await api.download(job.output_file, file)
        elif job is not None and job.succeeded:
            raise InvalidRequest(f"The results of the job {job.id} are not there any more.")
        if target.failed is None:
            await _fetch_failed(api, job, file, left, failures)
    if target.failed is not None:
        await _fetch_failed_beside(api, job, target.failed, left, failures)
    return failures


async def _fetch_failed_beside(
    api: BatchApi, job: Job | None, path: Path, left: Iterable[LeftOut], failures: Failures
) -> None:
    with _written(path) as file:
        await _fetch_failed(api, job, file, left, failures)
        some = bool(file.tell())
    if not some:
        await asyncio.to_thread(path.unlink)  # and with it one of an earlier run


async def _fetch_failed(
    api: BatchApi, job: Job | None, file: IO[bytes], left: Iterable[LeftOut], failures: Failures
) -> None:
    start = file.tell()
    if job is not None and job.error_file:
        await api.download(job.error_file, file)
    for one in left:
        file.write(_line_of(one))
    file.seek(start)
    for line in file:
        failures.note(json.loads(line))
    failures.exit_code = _exit_code_of(job, left)


def _exit_code_of(job: Job | None, left: Iterable[LeftOut]) -> int:
    """The code of the most frequent failure."""
    for message, _ in job.errors if job is not None else ():
        return _code_of(message.rpartition("(")[2].removesuffix(")"))
    return next((exit_code(type(one.error)) for one in left), 0)


def _code_of(code: str) -> int:
    known = exit_code(InvalidRequest) if code == "invalid_body" else exit_code_of_page(code)
    return known if known > 1 or code == OctavoError.code else exit_code(EngineError)


def _line_of(one: LeftOut) -> bytes:
    error = {"code": one.error.code, "message": str(one.error)}
    line = {"id": None, "custom_id": one.document.name, "response": None, "error": error}
    return json.dumps(line).encode() + b"\n"


def _reason_of(told: dict[str, Any]) -> str:
    """The message of a failed line, wherever it stands."""
    error, response = told.get("error"), told.get("response") or {}
    if error:
        return str(error.get("message", error) if isinstance(error, dict) else error)
    try:
        return str(json.loads(response["body"])["message"])
    except (ValueError, KeyError, TypeError):
        return json.dumps(response)[:500]


@contextmanager
def _written(path: Path | None) -> Iterator[IO[bytes]]:
    """A file that can be read back while it is written; in the end it is at `path`, or copied to standard output."""
    if path is None:
        with tempfile.TemporaryFile(prefix="octavo-") as file:
            yield file
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
