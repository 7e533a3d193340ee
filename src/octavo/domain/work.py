"""What is asked of Octavo: options of reading, options of answering, and the unit of work, one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from octavo.domain.document import DocumentRef, PageSelection


class TextLayer(StrEnum):
    """Whether the text inside a PDF is believed: when it is sound, always, or never (pixels only)."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class TableFormat(StrEnum):
    """How tables leave the Markdown; without a value they stay inline."""

    MARKDOWN = "markdown"
    HTML = "html"


class Granularity(StrEnum):
    """How finely confidences are reported."""

    PAGE = "page"
    BLOCK = "block"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What changes the reading of a page.

    Attributes:
        model: id of the model, resolved (no alias).
        text_layer: whether a PDF's own text is used.
        languages: BCP 47 codes that the caller expects; empty means any.
        dpi: pixels per inch at which PDF pages are measured and rendered.
    """

    model: str
    text_layer: TextLayer = TextLayer.AUTO
    languages: tuple[str, ...] = ()
    dpi: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOptions:
    """What changes the form of the answer, never the reading.

    Attributes:
        include_image_base64: pictures travel in the answer.
        image_limit: at most so many images in the whole answer; None is no limit, 0 none at all.
        image_min_size: images narrower or lower than this (page pixels) are dropped.
        table_format: tables leave the Markdown as placeholders and stand in `tables`.
        extract_header, extract_footer: running headers and footers leave the Markdown.
        include_blocks: blocks are listed.
        granularity: how finely confidences are reported; None is not at all.
        word_boxes: words whose confidence is reported come with their boxes.
    """

    include_image_base64: bool = False
    image_limit: int | None = None
    image_min_size: int | None = None
    table_format: TableFormat | None = None
    extract_header: bool = False
    extract_footer: bool = False
    include_blocks: bool = True
    granularity: Granularity | None = None
    word_boxes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """One page to be read: what crosses to a worker. Picklable; holds no bytes.

    Attributes:
        path: the spooled document.
        index: 0-based page.
        options: how to read.
        figures_dir: folder in the spool where crops are written.
        password: opens a protected PDF; never logged.
    """

    path: Path
    index: int
    options: ReadOptions
    figures_dir: Path
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """One document to be read for one caller.

    Attributes:
        document: where it is.
        pages: which pages; decided before anything is read.
        read: how to read.
        answer: what form the answer has.
        password: opens a protected PDF; never logged.
        owner: whose request it is.
        deadline: when it must be answered, on the clock of `time.monotonic`; None is whenever it is done.
        job: id of the batch job that it is a line of; None is a request that somebody waits for.
    """

    document: DocumentRef
    pages: PageSelection
    read: ReadOptions
    answer: AnswerOptions
    password: str | None = field(default=None, repr=False)
    owner: str = ""
    deadline: float | None = None
    job: str | None = None
