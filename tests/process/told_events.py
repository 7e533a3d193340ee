"""Events of `POST /v1/ocr` as a client sees them come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from octavo_server import PATIENCE

EVENTS = {"Accept": "text/event-stream"}
COMMENT = b": octavo"


@dataclass(frozen=True)
class Told:
    """One event."""

    name: str
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


def blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Events and comments, each when it has come; the last one is whole."""
    buffer = b""
    for piece in pieces:
        *whole, buffer = (buffer + piece).split(b"\n\n")
        yield from whole
    assert buffer == b""


def told(pieces: Iterable[bytes]) -> Iterator[Told]:
    """Each event when it has come."""
    for block in blocks(pieces):
        if block != COMMENT:
            name, data = block.split(b"\n")
            assert name.startswith(b"event: ")
            assert data.startswith(b"data: ")
            yield Told(name[7:].decode(), data[6:])


def body_of(document: str, **options: Any) -> dict[str, Any]:
    return {"document": {"type": "document_url", "document_url": document}, **options}


@contextmanager
def streaming(url: str, document: str, **options: Any) -> Iterator[httpx.Response]:
    """The answer while it comes."""
    with (
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
        client.stream("POST", f"{url}/v1/ocr", json=body_of(document, **options), headers=EVENTS) as answer,
    ):
        yield answer


def all_told(url: str, document: str, **options: Any) -> list[Told]:
    """Everything that is told of a document."""
    with streaming(url, document, **options) as answer:
        assert answer.status_code == 200, answer.read()
        return list(told(answer.iter_raw()))


def plain(url: str, document: str, **options: Any) -> httpx.Response:
    """The plain answer."""
    return httpx.post(f"{url}/v1/ocr", json=body_of(document, **options), trust_env=False, timeout=PATIENCE)
