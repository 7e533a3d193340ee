"""What lies on a page (words, rules, pictures) and what it means (regions, blocks, tables)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from octavo.domain.geometry import BBox

INVISIBLE = "invisible"
"""The color of text that is in the file but not drawn, as under a scan."""

_FROM_RIGHT = re.compile("[\u05d0-\u05f4\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def is_from_right(text: str) -> bool:
    """Whether a text holds letters that are written from right to left: Hebrew, Arabic and their kin."""
    return bool(_FROM_RIGHT.search(text))


class BlockKind(StrEnum):
    """The thirteen kinds of the wire."""

    TEXT = "text"
    TITLE = "title"
    LIST = "list"
    TABLE = "table"
    IMAGE = "image"
    EQUATION = "equation"
    CAPTION = "caption"
    CODE = "code"
    REFERENCES = "references"
    ASIDE_TEXT = "aside_text"
    HEADER = "header"
    FOOTER = "footer"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """How a word is set. Size is the em height in page pixels; recognised words have an estimate."""

    size: float
    name: str = ""
    bold: bool = False
    italic: bool = False
    mono: bool = False
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word (or an unspaced run of a script without spaces) and its place.

    Attributes:
        text: without surrounding space.
        box: from ascender to descender, in page pixels.
        font: as the document says, or as estimated from the pixels.
        confidence: 1.0 from a text layer, else the recogniser's, 0 to 1.
        rotation: degrees clockwise that the line of writing is turned by; 0 is upright.
        line: words of one source line share this number, -1 when the source says nothing.
        baseline: y of the baseline in page pixels, where the source knows it.
        space_before: whether the source has a space between the word before (of the same line) and this one.
        math: `text` is a formula inside a line, as LaTeX between dollar signs.
    """

    text: str
    box: BBox
    font: Font
    confidence: float = 1.0
    rotation: float = 0.0
    line: int = -1
    baseline: float | None = None
    space_before: bool = True
    math: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight horizontal or vertical line; `box` is its stroke, so one side is thin."""

    box: BBox

    @property
    def horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.box.width >= self.box.height


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedImage:
    """A raster image on the page.

    Attributes:
        box: where it lies.
        holds_text: the words on it are part of the picture, as in a scan.
        unread: it shows writing that could not be read, which nothing else tells.
    """

    box: BBox
    holds_text: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One vector path on the page that is no rule."""

    box: BBox
    filled: bool = False
    stroked: bool = False
    curved: bool = False
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An area of the page that leads to an address."""

    box: BBox
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where something is, before its content is known."""

    kind: BlockKind
    box: BBox
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    Attributes:
        row, column: of its top left corner, 0-based.
        row_span, column_span: at least 1.
        text: inline Markdown, lines joined by a space (by `<br>` where the break means something).
        header: it names the rows or columns that follow.
        words: what the text is made of, in reading order.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A grid of cells; cells are sorted by row, then column, and never overlap."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture cut from the page: a JPEG in the spool, exactly as large as its block's box."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of content: where it is and what it says. A page's blocks are in reading order.

    Attributes:
        kind: what it is.
        box: in page pixels.
        text: its content as Markdown without the block's own marks: a title without `#`, a list with its markers,
            an equation as LaTeX without `$$`, code without fences; empty for tables and images.
        confidence: of the content, 0 to 1.
        kind_confidence: of the kind, 0 to 1.
        level: 1 to 6 for titles once ranked (0: not ranked yet); depth for lists.
        font: how most of it is set: what headings are ranked by.
        words: what the text is made of, in the order of the text; of a block that travelled, made when asked for.
        table: the grid, for tables.
        figure: the picture, for images; None when it was not cut.
        note: says what was wrong with this block, when something was.
    """

    kind: BlockKind
    box: BBox
    text: str = ""
    confidence: float = 1.0
    kind_confidence: float = 1.0
    level: int = 0
    font: Font | None = None
    words: Sequence[Word] = ()
    table: Table | None = None
    figure: Figure | None = None
    note: str = ""

    def followed_by(self, other: Block, between: str) -> Block:
        """One block of both, with `between` their texts; all that is no content stays as it is here."""
        return replace(
            self,
            box=self.box.union(other.box),
            text=f"{self.text}{between}{other.text}",
            confidence=min(self.confidence, other.confidence),
            words=(*self.words, *other.words),
        )
