"""How long people wait for images of pages, while nobody reads and while all workers read.

    python benchmarks/views.py [--pages 400]

Prints a table in Markdown: milliseconds until a caller has the image, the first one of a document and the median of the
next ones, and the CPU time that one takes in the process that makes it.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import dense_scans
import httpx
from live_server import Live, body_of, children, live
from made_documents import text_document
from PIL import Image

from octavo.executors.system import cpu_seconds
from raw_pdf import RawPdf

WIDTHS = (120, 1200)
NEXT = 12
IMAGE = "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 /ColorSpace /DeviceGray"


@dataclass(frozen=True)
class Book:
    """A document that is looked at.

    Attributes:
        name: for the table.
        data: its bytes.
        pages: how many it has.
        first: the page that is looked at first.
    """

    name: str
    data: bytes
    pages: int
    first: int = 0


def books(pages: int) -> Iterator[Book]:
    """A text, scans in a PDF, long and short, and a scan as it came."""
    with TemporaryDirectory() as folder:
        scans = [scan.file.read_bytes() for scan in dense_scans.made(Path(folder), 3)]
    yield Book("PDF, text", text_document(40), 40)
    yield Book("PDF, scans at 300 dpi", bound(scans, 40), 40)
    long = bound([light(scan) for scan in scans], pages)
    yield Book(f"PDF, {pages} scans at 200 dpi, from page {pages * 3 // 4}", long, pages, pages * 3 // 4)
    yield Book("JPEG, a scan at 300 dpi", scans[0], 1)


def light(scan: bytes) -> bytes:
    """The scan at two thirds of its resolution, in some 250 kB."""
    with Image.open(io.BytesIO(scan)) as image, io.BytesIO() as jpeg:
        smaller = image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.BOX)
        smaller.save(jpeg, "JPEG", quality=30)
        return jpeg.getvalue()


def size_of(scan: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(io.BytesIO(scan)) as image:
        return image.size


def bound(scans: Sequence[bytes], pages: int) -> bytes:
    """A PDF of so many pages, each with a scan of its own, in turn the same ones."""
    pdf, chance = RawPdf(), random.Random(pages)
    for number in range(pages):
        entries = IMAGE.format(*size_of(scans[0])) + " /Filter /DCTDecode"
        image = pdf.stream(scans[number % len(scans)] + chance.randbytes(8), entries)
        pdf.page("q 595 0 0 842 0 0 cm /I Do Q", resources=f"/XObject << /I {image} 0 R >>")
    return pdf.data()


def uploaded(client: httpx.Client, book: Book) -> str:
    """The id of its file."""
    form = {"files": {"file": (book.name, book.data)}, "data": {"purpose": "ocr"}}
    return str(client.post("/v1/files", **form).raise_for_status().json()["id"])


def looked(client: httpx.Client, file: str, index: int, width: int) -> float:
    """Milliseconds until the image is there."""
    began = time.perf_counter()
    client.get(f"/v1/files/{file}/pages/{index}", params={"width": width}).raise_for_status()
    return (time.perf_counter() - began) * 1000


def row(server: Live, client: httpx.Client, book: Book, width: int, readers: set[int]) -> tuple[float, float, float]:
    """First, next and CPU time, of one document at one width."""
    file = uploaded(client, book)
    first = looked(client, file, book.first, width)
    viewers = [pid for pid in children(server.pid) if pid not in readers]
    before = sum(cpu_seconds(pid) or 0 for pid in viewers)
    after = [(book.first + number) % book.pages for number in range(1, NEXT + 1)]
    times = [
        looked(client, file, index, width + (number if book.pages == 1 else 0)) for number, index in enumerate(after, 1)
    ]
    used = sum(cpu_seconds(pid) or 0 for pid in viewers) - before
    client.delete(f"/v1/files/{file}")
    return first, statistics.median(times), used * 1000 / NEXT


@contextmanager
def reading(server: Live) -> Iterator[None]:
    """While entered, each worker reads a scan of its own, again and again."""
    stop = threading.Event()

    def read(document: bytes) -> None:
        body = body_of(document)
        while not stop.is_set():
            server.ask(body).raise_for_status()

    with TemporaryDirectory() as folder:
        scans = [scan.file.read_bytes() for scan in dense_scans.made(Path(folder), server.slots)]
    threads = [threading.Thread(target=read, args=(scan,)) for scan in scans]
    for thread in threads:
        thread.start()
    time.sleep(2)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400, help="of the long document")
    found = list(books(parser.parse_args().pages))
    tell = sys.stdout.write
    with live(LIMITS__MAX_FILE_BYTES="1GiB", RETENTION="none") as server, server.client() as client:
        readers = set(children(server.pid))
        file = uploaded(client, found[0])
        tell(f"load {os.getloadavg()[0]:.1f}; the very first image, its process included: ")
        tell(f"{looked(client, file, 0, 1200):.0f} ms; long document: {len(found[2].data) / 1e6:.0f} MB\n\n")
        time.sleep(3)  # the spare starts
        rows = [(book, width) for book in found for width in WIDTHS]
        idle = [row(server, client, *each, readers) for each in rows]
        with reading(server):
            busy = [row(server, client, *each, readers) for each in rows]
        pages_read = server.pages_read
    tell("| document | width | first | next | first, while pages are read | next | CPU time |\n")
    tell("|---|---:|---:|---:|---:|---:|---:|\n")
    for (book, width), (first, after, used), (late, later, _) in zip(rows, idle, busy, strict=True):
        tell(f"| {book.name} | {width} | {first:.0f} | {after:.0f} | {late:.0f} | {later:.0f} | {used:.0f} |\n")
    tell(f"\nload {os.getloadavg()[0]:.1f}; pages read meanwhile: {pages_read}\n")


if __name__ == "__main__":
    main()
