"""The two sockets of the service, deterministic: documents come from the request alone, pages from a recipe."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from octavo.documents.fetching.data_uri import spool_data_uri
from octavo.domain.block import Block, BlockKind, Cell, Figure, Font, Link, Table, Word
from octavo.domain.document import DataUriRef, DocumentFacts, DocumentRef, FileRef, SpooledDocument, SpooledText, UrlRef
from octavo.domain.errors import FetchFailed, FetchForbidden, OctavoError, UnknownFile
from octavo.domain.geometry import BBox, Size
from octavo.domain.ports import WorkerStats
from octavo.domain.result import RecognizedPage, TextSource
from octavo.domain.work import PageTask

FONT = Font(size=20)
HEADINGS = ("Origins", "Methods", "Results")
PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7 not read by the fakes").decode()
PICTURE = BBox(100, 300, 340, 480)


class FakeFetcher:
    """Takes documents inside the request; knows one address that may not be fetched, and no file."""

    max_bytes = 1_000_000

    async def fetch(self, ref: DocumentRef, folder: Path) -> SpooledDocument:
        match ref:
            case DataUriRef() | SpooledText():
                return await asyncio.to_thread(spool_data_uri, ref, folder, self.max_bytes)
            case SpooledDocument():
                return ref
            case UrlRef(url="http://10.0.0.1/secret.pdf"):
                raise FetchForbidden("10.0.0.1 is not a public address. Allow it with --allow-fetch 10.0.0.1.")
            case UrlRef():
                raise FetchFailed("The address did not answer.")
            case FileRef():
                raise UnknownFile("There is no file of that id.")


@dataclass
class FakeExecutor:
    """Reads every document as the same pages.

    Attributes:
        page_count: of every document.
        capacity: pages at the same time.
        failing: errors by page index.
        inspecting: what opening a document raises.
        warm: set once a worker is warm.
        gate: pages wait for it.
        asked: set once a page was asked for.
        tasks: every page that was asked for.
        on_inspect: sees every document.
    """

    page_count: int = 3
    capacity: int = 2
    failing: Mapping[int, Exception] = field(default_factory=dict)
    inspecting: Exception | None = None
    start_error: OctavoError | None = None
    warm: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[PageTask] = field(default_factory=list)
    passwords: list[str | None] = field(default_factory=list)
    cancelled: int = 0
    page: Callable[[PageTask], RecognizedPage] | None = None
    on_inspect: Callable[[SpooledDocument], None] = lambda _: None

    def __post_init__(self) -> None:
        self.gate.set()
        self.warm.set()

    async def start(self) -> None:
        """Nothing to start."""

    async def ready(self) -> None:
        if self.start_error:
            raise self.start_error
        await self.warm.wait()

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        self.passwords.append(password)
        self.on_inspect(document)
        if self.inspecting:
            raise self.inspecting
        assert document.path.stat().st_size == document.size
        return DocumentFacts(media_type="application/pdf", page_count=self.page_count)

    async def recognize(self, task: PageTask) -> RecognizedPage:
        self.tasks.append(task)
        self.asked.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if task.index in self.failing:
            raise self.failing[task.index]
        return (self.page or rich_page)(task)

    def stats(self) -> WorkerStats:
        return WorkerStats(workers=self.capacity, busy=0)

    async def close(self) -> None:
        """Nothing to end."""


def words(text: str, y: float, confidence: float = 0.9) -> tuple[Word, ...]:
    return tuple(
        Word(text=part, box=BBox(100 + 90 * n, y, 180 + 90 * n, y + 20), font=FONT, confidence=confidence, line=int(y))
        for n, part in enumerate(text.split())
    )


def text_block(kind: BlockKind, text: str, y: float, **fields: object) -> Block:
    """A line of writing at `y`."""
    box = BBox(100.4, y, 900.6, y + 20)
    return Block(kind=kind, box=box, text=text, font=FONT, words=words(text, y), confidence=0.9, **fields)


def table_block(y: float) -> Block:
    rows = [Cell(row=0, column=n, text=text, header=True) for n, text in enumerate(("Item", "Price"))]
    rows += [Cell(row=1, column=n, text=text) for n, text in enumerate(("Tea", "4"))]
    return Block(kind=BlockKind.TABLE, box=BBox(100, y, 500, y + 60), table=Table(rows=2, columns=2, cells=tuple(rows)))


def picture_block(task: PageTask) -> Block:
    """A picture whose JPEG lies in the spool."""
    path = task.figures_dir / f"figure-{task.index}.jpeg"
    width, height = int(PICTURE.width), int(PICTURE.height)
    jpeg = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(jpeg, "JPEG")
    path.write_bytes(jpeg.getvalue())
    return Block(kind=BlockKind.IMAGE, box=PICTURE, figure=Figure(path=path, width=width, height=height))


def rich_page(task: PageTask) -> RecognizedPage:
    """A page with every kind of block."""
    kinds = [kind for kind in BlockKind if kind not in (BlockKind.IMAGE, BlockKind.TABLE, BlockKind.TITLE)]
    others = [text_block(kind, f"some {kind.value} here", 800 + 30 * n) for n, kind in enumerate(kinds)]
    return RecognizedPage(
        index=task.index,
        size=Size(1000, 1400),
        dpi=task.options.dpi,
        blocks=(
            text_block(BlockKind.TITLE, f"{HEADINGS[task.index % 3]} of all", 260, level=1),
            picture_block(task),
            table_block(600),
            *others,
        ),
        links=(Link(box=BBox(0, 0, 10, 10), uri="https://example.org/a"),),
        source=TextSource.TEXT_LAYER,
        warnings=("A corner was torn.",),
    )
