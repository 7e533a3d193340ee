"""The answer of `POST /v1/ocr`, written page by page, and given up when the client leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.record import record_of
from octavo.api.schemas.from_domain import image_object, page_object
from octavo.api.schemas.ocr_response import OCRUsageInfo
from octavo.domain.result import OcrResult, RenderedPage
from octavo.domain.work import AnswerOptions

PIECE = 64 * 1024
"""Bytes from which on a piece of the answer is sent: each is made in a thread, and the way there and back costs."""

Reading = Callable[[], AbstractAsyncContextManager[OcrResult]]
_Piece: TypeAlias = tuple[bytes, bool]
"""Some bytes of the answer, and whether more follow."""


class OcrAnswer(Response):
    """Reads a document when it is sent, and streams what was read.

    Errors of reading come before the first byte, so they still become their own status. The pictures lie on disk
    until the last byte is sent; one of them at a time is in memory.
    """

    media_type = "application/json"

    def __init__(self, reading: Reading, options: AnswerOptions, model: str) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._reading = reading
        self._options = options
        self._model = model

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read and answer; stop both when the client leaves."""
        await while_client_stays(receive, self._answer(scope, send))

    async def _answer(self, scope: Scope, send: Send) -> None:
        async with self._reading() as result:
            record_of(scope).pages = result.pages_processed
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for piece, goes_on in _off_loop(_gathered(answer_pieces(result, self._options, self._model))):
                await send({"type": "http.response.body", "body": piece, "more_body": goes_on})


async def while_client_stays(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Run `work`; cancel it when the client closes the connection. The body of the request is read already."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        await _stopped(working, leaving)


async def _stopped(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _disconnect(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _off_loop(pieces: Iterator[_Piece]) -> AsyncIterator[_Piece]:
    """Each piece made in a thread, one after the other."""
    goes_on = True
    while goes_on:
        piece, goes_on = await asyncio.to_thread(next, pieces)
        yield piece, goes_on


def _gathered(pieces: Iterator[bytes]) -> Iterator[_Piece]:
    """The same bytes in pieces of at least `PIECE`, the last one excepted."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        if len(buffer) >= PIECE:
            yield bytes(buffer), True
            buffer.clear()
    yield bytes(buffer), False


def answer_pieces(result: OcrResult, options: AnswerOptions, model: str) -> Iterator[bytes]:
    """The answer's JSON: the small fields, then a page at a time, a picture at a time; it blocks."""
    usage = OCRUsageInfo(pages_processed=result.pages_processed, doc_size_bytes=result.doc_size_bytes)
    yield b'{"model":%s,"document_annotation":null,"usage_info":%s,"pages":[' % (
        json.dumps(model).encode(),
        usage.model_dump_json().encode(),
    )
    for number, page in enumerate(result.pages):
        yield from _page(page, options, b"," if number else b"")
    yield b"]}"


def _page(page: RenderedPage, options: AnswerOptions, lead: bytes) -> Iterator[bytes]:
    """One page; its pictures come first, for they are made last."""
    rest = page_object(page, options).model_dump_json(exclude={"images"}).encode()
    yield lead + b'{"images":['
    for number, image in enumerate(page.images):
        yield (b"," if number else b"") + image_object(image, page.size, options).model_dump_json().encode()
    yield b"]," + rest.removeprefix(b"{")
