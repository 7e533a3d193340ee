"""Bodies that a server packed although it was asked not to: unpacked in small steps, so that none can explode."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, AsyncIterator

from octavo.documents.spooling.spool import check_size
from octavo.domain.errors import FetchFailed

STEP = 256 * 1024
_GZIP = zlib.MAX_WBITS | 16


async def unpacked(body: AsyncIterable[bytes], encoding: str, max_bytes: int) -> AsyncIterator[bytes]:
    """The bytes of the document; `encoding` is the answer's `Content-Encoding`.

    Raises:
        FetchFailed: they are packed in another way than gzip, or break off.
        FileTooLarge: more than `max_bytes` come, packed or unpacked.
    """
    way = encoding.strip().lower()
    if way in ("", "identity"):
        pieces = _counted(body, max_bytes)
    elif way in ("gzip", "x-gzip"):
        pieces = _counted(_inflated(_counted(body, max_bytes)), max_bytes)
    else:
        raise FetchFailed("The server sent the document compressed in a way that was not asked for. Send it as base64.")
    async for piece in pieces:
        yield piece


async def _counted(body: AsyncIterable[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for piece in body:
        size += len(piece)
        check_size(size, max_bytes)
        yield piece


async def _inflated(body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The members of a gzip stream one after the other (RFC 1952)."""
    member = zlib.decompressobj(_GZIP)
    async for chunk in body:
        rest = chunk
        while rest:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            try:
                piece = member.decompress(rest, STEP)
            except zlib.error as error:
                raise _damaged() from error
            rest = member.unconsumed_tail or member.unused_data
            if piece:
                yield piece
    if not member.eof:
        raise _damaged()


def _damaged() -> FetchFailed:
    return FetchFailed("The document came compressed, and its compression is damaged or breaks off. Send it as base64.")
