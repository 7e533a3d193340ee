"""Every socket of Octavo: what can be replaced, and what each side may expect.

Server process: `Executor`, `PageRenderer`, `DocumentFetcher`, and what `stores.py` has. Worker process: `Pipeline`,
`Viewer`, `DocumentReader`, `PageRecognizer`, `LayoutDetector`, `RegionRecognizer`. Plug-ins are named in `bootstrap.py`
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from octavo.domain.block import BlockKind, Region, Word
from octavo.domain.document import DocumentFacts, DocumentRef, Image, Page, SpooledDocument
from octavo.domain.geometry import Size
from octavo.domain.result import Recognition, RecognizedPage
from octavo.domain.view import PageView, ViewTask
from octavo.domain.work import PageTask, ReadOptions

Made = TypeVar("Made")


class DocumentFetcher(Protocol):
    """Brings a document to disk. Server process, asynchronous."""

    async def fetch(self, ref: DocumentRef, folder: Path) -> SpooledDocument:
        """Spool the document into `folder`, never decoding it.

        Raises:
            InvalidDocumentReference, UnknownFile, FileTooLarge, FetchFailed, FetchForbidden.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStats:
    """How an executor is doing, for `/metrics` and `doctor`.

    Attributes:
        workers: processes that are warm, the spare included; 1 where pages are read in this process.
        busy: calls that run now.
        waiting: calls that wait for a worker.
        spare: warm processes beyond `capacity`.
        restarts: workers that died or were killed, since the start.
        recycled: workers that were replaced for their age or memory, since the start.
        pages: pages that were answered, failed ones included, since the start.
    """

    workers: int
    busy: int
    waiting: int = 0
    spare: int = 0
    restarts: int = 0
    recycled: int = 0
    pages: int = 0


class Executor(Protocol):
    """Where pages are read: a pool of processes here, or machines elsewhere. Server process, asynchronous."""

    @property
    def capacity(self) -> int:
        """Pages that can be read at the same time."""
        ...

    async def start(self) -> None:
        """Begin to start workers; returns at once. `ready` tells when the first one is warm."""
        ...

    async def ready(self) -> None:
        """Wait until one worker is warm.

        Raises:
            EngineFailed: no worker can be started.
        """
        ...

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        """Tell what the document is, in a worker.

        Raises:
            UnsupportedDocument, CorruptDocument, EncryptedDocument, EngineFailed, EngineTimeout.
        """
        ...

    async def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page, in a worker.

        Raises:
            DocumentError, EngineError: this page cannot be read; others are not concerned.
        """
        ...

    def stats(self) -> WorkerStats:
        """Numbers of this moment."""
        ...

    async def close(self) -> None:
        """End every worker; waiting calls get `ShuttingDown`."""
        ...


class PageRenderer(Protocol):
    """Where pages are made into images for people to look at. Server process, asynchronous."""

    async def wake(self) -> None:
        """Somebody is about to look: begin to start what is needed; returns at once."""
        ...

    async def render(self, task: ViewTask) -> PageView:
        """Make the image of one page, in a worker.

        Raises:
            DocumentError, EngineError: it cannot be shown; others are not concerned.
            InvalidPageRange, UnsupportedDocument, FileTooLarge: the document has no such page, or is none to be shown.
        """
        ...

    def stats(self) -> WorkerStats:
        """Numbers of this moment; there may be no worker while nobody looks."""
        ...

    async def close(self) -> None:
        """End every worker; waiting calls get `ShuttingDown`."""
        ...


class Pipeline(Protocol):
    """All that an executor knows of reading. Worker process; one call at a time, always from the same thread.

    It is built there by a function that the executor is given, as `builder(**arguments, share=CpuShare)`.
    """

    def warm_up(self) -> None:
        """Load everything, so that the first page is as fast as the next."""
        ...

    def inspect(self, document: SpooledDocument, password: str | None) -> DocumentFacts:
        """Tell what the document is, without reading a page.

        Raises:
            UnsupportedDocument, CorruptDocument, EncryptedDocument.
        """
        ...

    def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page.

        Raises:
            DocumentError, EngineError: this page cannot be read.
        """
        ...

    def close(self) -> None:
        """Release documents and models."""
        ...


class Viewer(Protocol):
    """All that an executor knows of showing pages. Worker process, as of `Pipeline`, and built in the same way."""

    def warm_up(self) -> None:
        """Load everything, so that the first page is as fast as the next."""
        ...

    def render(self, task: ViewTask) -> PageView:
        """Make the image of one page.

        Raises:
            DocumentError, EngineError, InvalidPageRange, UnsupportedDocument, FileTooLarge: it cannot be shown.
        """
        ...

    def close(self) -> None:
        """Release documents."""
        ...


class DocumentReader(Protocol):
    """An open document. Worker process; one thread at a time."""

    @property
    def facts(self) -> DocumentFacts:
        """What the document is."""
        ...

    def page(self, index: int, dpi: int) -> Page:
        """What lies on page `index`, upright; `dpi` applies to PDFs (clamped for huge pages, with a warning).

        Raises:
            InvalidPageRange, CorruptDocument.
        """
        ...

    def picture(self, index: int, scale: Callable[[Size], float]) -> Image:
        """How page `index` looks, upright, with nothing of it read.

        Args:
            index: of the page.
            scale: how many times as large it shall be as the size that it is given: that of `page` at 200 dpi, or of
                an image's own pixels. Images are never enlarged.

        Raises:
            InvalidPageRange, CorruptDocument, FileTooLarge.
        """
        ...

    def close(self) -> None:
        """Release the file."""
        ...


class PageRecognizer(Protocol):
    """All that the pipeline knows of a model: a page goes in, its blocks come out. Worker process."""

    def warm_up(self) -> None:
        """Load everything, so that the first page is as fast as the next."""
        ...

    def recognize(self, page: Page, options: ReadOptions, figures_dir: Path) -> RecognizedPage:
        """Read one page; pictures are written as JPEG into `figures_dir`.

        Raises:
            EngineFailed: the model broke down on this page.
        """
        ...

    def close(self) -> None:
        """Release models."""
        ...


class EarlyStart(Protocol):
    """Begins work whose result is wanted later, where a thread of this worker is free for it. Worker process."""

    def __call__(self, work: Callable[[], Made]) -> Callable[[], Made]:
        """What waits for the result of `work` and returns it, however often; the work may begin only then."""
        ...


class LayoutDetector(Protocol):
    """Sees where titles, tables, figures and text are. Worker process."""

    def detect(self, image: Image) -> tuple[Region, ...]:
        """Regions on `image` (RGB), boxes in its pixels, best first."""
        ...


class RegionRecognizer(Protocol):
    """Reads regions of some kinds: text, tables and formulas are one socket that differs by `kinds`."""

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """The kinds that it reads."""
        ...

    def recognize(self, image: Image, words: Sequence[Word] = (), languages: Sequence[str] = ()) -> Recognition:
        """Read one image (RGB) of one region.

        Args:
            image: its pixels.
            words: those known to lie in it, in the image's pixels.
            languages: BCP 47 codes that the caller expects; empty means any.
        """
        ...


class CpuShare(Protocol):
    """How many threads this worker may use now: all of them while it reads alone, one while others read too."""

    def threads(self) -> int:
        """At least 1. Asked again before each piece of work, for it changes while a page is read."""
        ...
