"""Parts of the benchmark that read one long document in one go: what it takes of memory and of others' patience."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from findings import Finding, exactly, most, told
from live_server import MEGABYTE, NO_LIMIT, Live, body_of, live
from made_documents import scanned_document, text_document
from watch import Watched, rss, watching

MOST_PSS = 2000.0
MOST_GROWTH = 0.3


@dataclass
class Reading:
    """One long request.

    Attributes:
        begun: when it was sent, on the monotonic clock.
        came: when the headers and each piece of the answer came.
        pages: of the answer.
    """

    begun: float = field(default_factory=time.monotonic)
    came: list[float] = field(default_factory=list)
    pages: list[dict[str, object]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Until the last byte."""
        return self.came[-1] - self.begun

    @property
    def pause(self) -> float:
        """The longest between two pieces."""
        return max((later - sooner for sooner, later in zip(self.came, self.came[1:], strict=False)), default=0.0)

    @property
    def failed(self) -> int:
        """Pages that were not read."""
        return sum(bool((page.get("octavo") or {}).get("error_code")) for page in self.pages)


def read(server: Live, body: bytes) -> Reading:
    """Have a document read, and note when the answer comes."""
    with server.client() as client:
        reading = Reading()
        with client.stream("POST", "/v1/ocr", content=body) as answer:
            reading.came.append(time.monotonic())
            pieces = []
            for piece in answer.iter_raw():
                reading.came.append(time.monotonic())
                pieces.append(piece)
            answer.raise_for_status()
    reading.pages = json.loads(b"".join(pieces))["pages"]
    return reading


def text400(*, quick: bool) -> Iterator[Finding]:
    """400 pages with a text layer."""
    yield from _long("text400", text_document(20 if quick else 400), 20 if quick else 400, text_document(8, "warm"))


def scans400(*, quick: bool) -> Iterator[Finding]:
    """400 scans."""
    yield from _long("scans400", scanned_document(20 if quick else 400), 20 if quick else 400, scanned_document(8, "w"))


def scans1000(*, quick: bool) -> Iterator[Finding]:
    """1 000 scans, the most pages that a document may have."""
    pages = 30 if quick else 1000
    yield from _long("scans1000", scanned_document(pages), pages, scanned_document(8, "w"))


def _long(part: str, document: bytes, pages: int, first: bytes) -> Iterator[Finding]:
    body = body_of(document, include_image_base64=True)
    with live(**NO_LIMIT) as server:
        read(server, body_of(first, include_image_base64=True))
        server.settle()
        before = rss(server.pid)
        with watching(server) as seen:
            time.sleep(1)
            reading = read(server, body)
        server.settle()
        after = rss(server.pid)
    yield exactly(part, f"pages of {pages} that were read", len(reading.pages) - reading.failed, pages)
    yield told(part, f"seconds for a PDF of {len(document) / MEGABYTE:.1f} MB", reading.seconds)
    yield told(part, "pages/s", pages / reading.seconds)
    yield from _watched(part, seen)
    yield most(part, "server, MB a page: after minus before", (after - before) / MEGABYTE / pages, MOST_GROWTH)
    slope = seen.growth(reading.begun, reading.came[-1]) / MEGABYTE / pages
    yield most(part, "server, MB a page: slope while it reads", slope, MOST_GROWTH)
    peak = (max(look["server"] for look in seen.looks) - before) / MEGABYTE
    yield told(part, f"server, MB at its largest above the {before / MEGABYTE:.0f} of before", peak)
    yield told(part, "longest pause between two pieces of the answer, s", reading.pause)


def _watched(part: str, seen: Watched) -> Iterator[Finding]:
    yield most(part, "peak PSS of all processes, MB", seen.peak / MEGABYTE, MOST_PSS)
    yield seen.health(part)
