"""A job with the lines of its files in it, written as they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence

from octavo.api.schemas.batch import BatchJobOut


async def job_with_outputs(job: BatchJobOut, outputs: Sequence[Iterator[bytes]]) -> AsyncIterator[bytes]:
    """The job's JSON, its `outputs` last.

    Args:
        job: without outputs.
        outputs: JSONL in pieces, each line with its line break.
    """
    yield job.model_dump_json(exclude={"outputs"}).encode()[:-1] + b',"outputs":['
    pieces = _joined(outputs)
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece
    yield b"]}"


def _joined(outputs: Sequence[Iterator[bytes]]) -> Iterator[bytes]:
    """Lines with commas between them: in JSON a line break never stands inside a string."""
    comma = b""
    for pieces in outputs:
        for piece in pieces:
            content = comma + piece.replace(b"\n", b",")
            comma = b"," if content.endswith(b",") else b""
            if len(content) > len(comma):
                yield content[: len(content) - len(comma)]
