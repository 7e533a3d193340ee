"""The answer of `POST /v1/ocr`, written page by page, and given up when the client leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.record import record_of
from octavo.api.schemas.from_domain import image_object, page_object
from octavo.api.schemas.ocr_response import OCRUsageInfo
from octavo.api.sending import gathered, in_one_line, off_loop, while_client_stays
from octavo.domain.result import OcrResult, RenderedPage
from octavo.domain.work import AnswerOptions

Reading = Callable[[], AbstractAsyncContextManager[OcrResult]]


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
            async for piece, goes_on in off_loop(gathered(answer_pieces(result, self._options, self._model))):
                await send({"type": "http.response.body", "body": piece, "more_body": goes_on})


def answer_pieces(result: OcrResult, options: AnswerOptions, model: str) -> Iterator[bytes]:
    """The answer's JSON in one line: the small fields, then a page at a time, a picture at a time; it blocks."""
    usage = OCRUsageInfo(pages_processed=result.pages_processed, doc_size_bytes=result.doc_size_bytes)
    yield b'{"model":%s,"document_annotation":null,"usage_info":%s,"pages":[' % (
        json.dumps(model).encode(),
        usage.model_dump_json().encode(),
    )
    for number, page in enumerate(result.pages):
        yield b"," if number else b""
        yield from page_pieces(page, options)
    yield b"]}"


def page_pieces(page: RenderedPage, options: AnswerOptions) -> Iterator[bytes]:
    """One page; its pictures come first, for they are made last."""
    rest = in_one_line(page_object(page, options).model_dump_json(exclude={"images"}).encode())
    yield b'{"images":['
    for number, image in enumerate(page.images):
        yield (b"," if number else b"") + image_object(image, page.size, options).model_dump_json().encode()
    yield b"]," + rest.removeprefix(b"{")
