"""What answers share that are made in pieces: each piece in a thread, and none for a client that has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeAlias, TypeVar

from starlette.types import Receive

PIECE = 64 * 1024
"""Bytes from which on a piece of an answer is sent: each is made in a thread, and the way there and back costs."""

Piece: TypeAlias = tuple[bytes, bool]
"""Some bytes of an answer, and whether more follow."""

Made = TypeVar("Made")

_LINE_BREAKS = {char.encode(): f"\\u{ord(char):04x}".encode() for char in "\x85\u2028\u2029"}


def in_one_line(json: bytes) -> bytes:
    """The same JSON without what it allows in strings though many readers of lines end one there.

    Those of Mistral's client and of httpx are among them.
    """
    for char, escape in _LINE_BREAKS.items():
        json = json.replace(char, escape)
    return json


def gathered(pieces: Iterator[bytes]) -> Iterator[Piece]:
    """The same bytes in pieces of at least `PIECE`, the last one excepted."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        if len(buffer) >= PIECE:
            yield bytes(buffer), True
            buffer.clear()
    yield bytes(buffer), False


async def off_loop(pieces: Iterator[Piece]) -> AsyncIterator[Piece]:
    """Each piece made in a thread, one after the other."""
    goes_on = True
    while goes_on:
        piece, goes_on = await asyncio.to_thread(next, pieces)
        yield piece, goes_on


async def while_client_stays(receive: Receive, work: Coroutine[Any, Any, Made]) -> Made | None:
    """What `work` makes; None if the client closes the connection before, which cancels it.

    What still comes of the request's body is thrown away; what `receive` raises of it is raised.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        leaving.result()
        return None
    finally:
        await stopped(working, leaving)


async def stopped(*tasks: asyncio.Task[Any]) -> None:
    """Cancel them, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _disconnect(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
