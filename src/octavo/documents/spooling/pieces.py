"""Bytes that come in drops, in pieces worth working on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

_MEBIBYTE = 1 << 20


async def gathered(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The same bytes in pieces of at least `size`, the last one excepted."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        if len(buffer) >= size:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


def pieces_of_file(path: Path) -> Iterator[bytes]:
    """A file's bytes, a mebibyte at a time."""
    with path.open("rb") as file:
        while piece := file.read(_MEBIBYTE):
            yield piece
