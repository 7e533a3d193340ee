"""The events of `POST /v1/ocr` as bytes: a name, and its data as one line of JSON (HTML standard, 9.2).

Each is made when it is gone through, and that blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from octavo.api.answer import answer_pieces, page_pieces
from octavo.api.errors import Fault, answer
from octavo.api.sending import in_one_line
from octavo.domain.errors import OctavoError
from octavo.domain.result import OcrResult
from octavo.domain.work import AnswerOptions
from octavo.services.progress import FinishedPage, OpenedDocument


def comment() -> Iterator[bytes]:
    """What clients pass over: it says that the server is still there."""
    yield b": octavo\n\n"


def start_event(document: OpenedDocument, model: str) -> Iterator[bytes]:
    """The document is open."""
    told = {
        "model": model,
        "indices": document.indices,
        "page_count": document.page_count,
        "doc_size_bytes": document.size,
    }
    yield from _event("start", [_json(told)])


def page_event(page: FinishedPage, options: AnswerOptions) -> Iterator[bytes]:
    """A page as it is for itself alone; its pictures come with the answer."""
    plain = replace(options, include_image_base64=False)
    count = b'{"done":%d,"pages":%d,"page":' % (page.done, page.pages)
    yield from _event("page", [count, *page_pieces(page.rendered(plain), plain), b"}"])


def result_event(result: OcrResult, options: AnswerOptions, model: str) -> Iterator[bytes]:
    """The whole answer, to the byte as `OcrAnswer` sends it."""
    yield from _event("result", answer_pieces(result, options, model))


def error_event(fault: Fault, message: str, error_code: str = OctavoError.code) -> Iterator[bytes]:
    """What would be answered had nothing been sent yet, its status, and the error's name in `docs/errors.md`."""
    body = json.loads(bytes(answer(fault, message).body))
    yield from _event("error", [_json({"status": fault.status, "error_code": error_code, **body})])


def _event(name: str, data: Iterable[bytes]) -> Iterator[bytes]:
    yield f"event: {name}\ndata: ".encode()
    yield from data
    yield b"\n\n"


def _json(told: dict[str, Any]) -> bytes:
    return in_one_line(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())
