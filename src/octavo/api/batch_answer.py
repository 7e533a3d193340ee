"""A job with the lines of its files in it, written as they are read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.answer import while_client_stays
from octavo.api.download import BrokenOff
from octavo.api.record import record_of
from octavo.api.schemas.batch import BatchJobOut
from octavo.domain.batch import BatchJob
from octavo.domain.errors import FileNotFound, OctavoError
from octavo.services.files import FileService


class JobAnswer(Response):
    """Sends a job with its `outputs`.

    What cannot be read at all is still its own status; bytes that turn out damaged break the answer off before its end.
    """

    media_type = "application/json"

    def __init__(self, job: BatchJobOut, outputs: Sequence[AsyncIterator[bytes]]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._pieces = job_with_outputs(job, outputs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; stop when the client leaves."""
        await while_client_stays(receive, self._answer(scope, send))

    async def _answer(self, scope: Scope, send: Send) -> None:
        async with aclosing(self._pieces) as pieces:
            first = await anext(pieces)
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            try:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except OctavoError as error:
                record_of(scope).error = error.code
                raise BrokenOff from error
            await send({"type": "http.response.body", "body": b"", "more_body": False})


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
