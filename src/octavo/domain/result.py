"""What comes back: read pages, rendered pages, whole answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from octavo.domain.block import Block, BlockKind, Link, Table, Word
from octavo.domain.geometry import BBox, Size


class TextSource(StrEnum):
    """Where the words of a page came from."""

    TEXT_LAYER = "text_layer"
    PIXELS = "pixels"
    BOTH = "both"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a recogniser made of one region.

    Attributes:
        words: in reading order, boxes in the pixels of the image that was given.
        table: for tables, the grid with its cells filled.
        latex: for equations, without `$`.
        confidence: 0 to 1.
        unread: how many lines stayed unread because of their script, by its name in `scripts.SCRIPTS`.
        missed: share of the ink, 0 to 1, that looks like writing and stayed unread.
        looks_like: scripts that it may be written in, where it seems to be in none that the recogniser reads.
        behind: how many lines of the other side of the sheet shone through, and were left out.
    """

    words: tuple[Word, ...] = ()
    table: Table | None = None
    latex: str = ""
    confidence: float = 1.0
    unread: Mapping[str, int] = field(default_factory=dict)
    looks_like: tuple[str, ...] = ()
    missed: float = 0.0
    behind: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedPage:
    """One page, read: blocks in reading order, pictures as files in the spool. No pixels, no Markdown.

    Attributes:
        index: 0-based page in the document.
        size: pixels of the page at `dpi`; all boxes are in this space.
        dpi: pixels per inch.
        blocks: in reading order; headings not ranked yet, furniture not decided yet.
        links: addresses on the page.
        source: where the words came from.
        warnings: what could not be read or was doubtful, in words.
        turned: degrees counter-clockwise by which the page had to be turned to stand upright: 0, 90, 180 or 270.
    """

    index: int
    size: Size
    dpi: int
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    source: TextSource = TextSource.NOTHING
    warnings: tuple[str, ...] = ()
    turned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """A page that could not be read, and why. The other pages go on."""

    index: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScore:
    """One word of a text with its confidence and its box; `text` stands at `start` of that text, to the letter."""

    text: str
    confidence: float
    start: int
    box: BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Average and minimum over the words of a page or block, 0 to 1."""

    average: float
    minimum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedImage:
    """A picture of the answer: `img-N.jpeg`, its box, its file in the spool."""

    id: str
    box: BBox
    path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedTable:
    """A table that left the Markdown: `tbl-N.md` or `tbl-N.html`; `words` as of a page."""

    id: str
    content: str
    format: str
    words: tuple[WordScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedBlock:
    """A block as the answer lists it; `content` is its Markdown (or HTML)."""

    kind: BlockKind
    box: BBox
    content: str
    confidence: Confidence
    kind_confidence: float
    image_id: str | None = None
    table_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """One page of the answer; `words` are told when confidences are asked for word by word."""

    index: int
    markdown: str
    size: Size
    dpi: int
    images: tuple[RenderedImage, ...] = ()
    tables: tuple[RenderedTable, ...] = ()
    hyperlinks: tuple[str, ...] = ()
    header: str | None = None
    footer: str | None = None
    blocks: tuple[RenderedBlock, ...] = ()
    confidence: Confidence = field(default_factory=lambda: Confidence(average=1.0, minimum=1.0))
    words: tuple[WordScore, ...] = ()
    source: TextSource = TextSource.NOTHING
    warnings: tuple[str, ...] = ()
    turned: int = 0
    failure: PageFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrResult:
    """The answer for one document.

    Attributes:
        model: id that the answer names.
        pages: the pages asked for, in the order asked for; failed ones included. Each may be made when it is come to
            (and made again the next time), so go through them once, one after the other.
        pages_processed: how many were read.
        doc_size_bytes: bytes of the document.
    """

    model: str
    pages: Sequence[RenderedPage]
    pages_processed: int
    doc_size_bytes: int
