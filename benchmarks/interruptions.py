"""Parts of the benchmark in which a long document is not alone, is left by its client, or runs out of time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from statistics import median
from urllib.parse import urlsplit

import httpx
from findings import Finding, exactly, most, told
from live_server import FIRST, NO_LIMIT, SECOND, SLOTS, Live, body_of, eventually, live
from made_documents import scanned_document, text_document
from watch import watching

ONE_PAGE_WITHIN = 5.0
IDLE_WITHIN = 10.0


def fairness(*, quick: bool) -> Iterator[Finding]:
    """One page beside another caller's many, and beside many of the same caller."""
    times, pages = (3, 40) if quick else (12, 400)
    with live(**NO_LIMIT) as server:
        server.ask(body_of(text_document(8, "warm")))
        alone = [_one_page(server, f"alone {number}", SECOND) for number in range(times)]
        other = threading.Thread(target=server.ask, args=(body_of(scanned_document(pages)), FIRST))
        other.start()
        eventually(lambda: server.pages_read > len(alone) + 8)
        with watching(server) as seen:
            beside = [_one_page(server, f"beside {number}", SECOND) for number in range(times)]
            own = [_one_page(server, f"own {number}", FIRST) for number in range(times)]
        still = other.is_alive()
        server.end()
        other.join()
    yield exactly("fairness", f"the {pages} scans were still being read at the end", int(still), 1)
    yield told("fairness", "one-page PDF alone, s at the median", median(alone))
    yield told("fairness", "beside another's scans, s at the median", median(beside))
    yield most("fairness", f"beside another's scans, s at the slowest of {times}", max(beside), ONE_PAGE_WITHIN)
    yield most("fairness", f"beside one's own scans, s at the slowest of {times}", max(own), ONE_PAGE_WITHIN)
    yield seen.health("fairness")


def _one_page(server: Live, name: str, key: str) -> float:
    begun = time.monotonic()
    server.ask(body_of(text_document(1, name)), key).raise_for_status()
    return time.monotonic() - begun


def hangup(*, quick: bool) -> Iterator[Finding]:
    """A client leaves in the middle."""
    pages, soon = (40, 3) if quick else (400, 20)
    with live(**NO_LIMIT) as server:
        begun = server.pages_read
        connection = sent(server, body_of(scanned_document(pages)))
        eventually(lambda: server.pages_read >= begun + soon)
        before = server.pages_read
        connection.close()
        left = time.monotonic()
        eventually(lambda: server.is_idle)
        idle = time.monotonic() - left
        time.sleep(2)
        after = server.pages_read - before
    yield most("hangup", f"until idle after page {before} of {pages}, s", idle, IDLE_WITHIN)
    yield most("hangup", "pages read after the client had left", after, SLOTS)


def sent(server: Live, body: bytes, length: int | None = None) -> socket.socket:
    """A connection on which a document was sent, or the beginning of a request of that length."""
    at = urlsplit(server.url)
    connection = socket.create_connection((at.hostname, at.port))
    head = f"POST /v1/ocr HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {FIRST}\r\n"
    connection.sendall(f"{head}Content-Length: {length or len(body)}\r\n\r\n".encode() + body)
    return connection


def resume(*, quick: bool) -> Iterator[Finding]:
    """A document that takes longer than a request may, asked for until it is done."""
    pages, limit = (20, 1) if quick else (400, 10)
    body, statuses = body_of(text_document(pages)), []
    with live(LIMITS__REQUEST_TIMEOUT=str(limit)) as server:
        while not statuses or statuses[-1] == httpx.codes.GATEWAY_TIMEOUT:
            answer = server.ask(body)
            statuses.append(answer.status_code)
        with suppress(ValueError, LookupError):
            found = [page for page in answer.json()["pages"] if page["markdown"].strip()]
        twice = server.pages_read - pages
    yield exactly("resume", f"status of the last of {len(statuses)} calls of {limit} s each", statuses[-1], 200)
    yield exactly("resume", f"pages of {pages} in its answer", len(found), pages)
    yield exactly("resume", "pages read twice", twice, 0)
