"""A job with the lines of its files in it, written as they are read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from functools import partial

from octavo.api.checked_answer import CheckedAnswer
from octavo.api.schemas.batch import BatchJobOut
from octavo.domain.batch import BatchJob
from octavo.domain.errors import FileNotFound
from octavo.services.files import FileService


class JobAnswer(CheckedAnswer):
    """Sends a job with its `outputs`."""

    media_type = "application/json"

    def __init__(self, job: BatchJobOut, outputs: Sequence[AsyncIterator[bytes]]) -> None:
        super().__init__(partial(job_with_outputs, job, outputs))


async def outputs_of(job: BatchJob, files: FileService) -> list[AsyncIterator[bytes]]:
    """The pieces of its output file and of its error file, as far as they are still there."""
    found: list[AsyncIterator[bytes]] = []
    for file_id in (job.output_file, job.error_file):
        with suppress(FileNotFound):
            if file_id is not None:
                found.append(files.content(await files.get(job.owner, file_id)))
    return found


async def job_with_outputs(job: BatchJobOut, outputs: Sequence[AsyncIterator[bytes]]) -> AsyncGenerator[bytes, None]:
    """The job's JSON, its `outputs` last; nothing comes before their first bytes are read.

    Args:
        job: without outputs.
        outputs: JSONL in pieces, each line with its line break.

    Raises:
        StorageFailed: they are not there, or damaged.
    """
    async with aclosing(_joined(outputs)) as pieces:
        first = await anext(pieces, b"")
        yield job.model_dump_json(exclude={"outputs"}).encode()[:-1] + b',"outputs":[' + first
        async for piece in pieces:
            yield piece
    yield b"]}"


async def _joined(outputs: Sequence[AsyncIterator[bytes]]) -> AsyncGenerator[bytes, None]:
    """Lines with commas between them: in JSON a line break never stands inside a string."""
    comma = b""
    for pieces in outputs:
        async for piece in pieces:
            content = comma + piece.replace(b"\n", b",")
            comma = b"," if content.endswith(b",") else b""
            if len(content) > len(comma):
                yield content[: len(content) - len(comma)]
