"""Documents and pages: where they are, what they are, and what lies on a page before it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Drawing, Link, PlacedImage, Rule, Word
from octavo.domain.errors import InvalidPageRange
from octavo.domain.geometry import BBox, Size

Image: TypeAlias = NDArray[np.uint8]
"""Pixels as uint8, height x width x 3 (RGB), read-only; of a grey image the channels may be one memory (`grey.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRef:
    """A document behind an `http` or `https` address."""

    url: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUriRef:
    """A document inside the request, as `data:...;base64,...` or bare base64."""

    uri: str = field(repr=False)
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledText:
    """A document inside the request, as a `DataUriRef` has it, whose text is so long that it was put on disk (UTF-8).

    Whoever fetches the document removes the file.

    Attributes:
        path: where the text lies.
        name: the caller's name for the document.
    """

    path: Path
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A document that was uploaded before, by its id; `owner` is who asks for it."""

    file_id: str
    name: str | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledDocument:
    """Bytes of a document on disk.

    Attributes:
        path: where they lie; nobody changes the file while it is read.
        name: the caller's name for it, for messages only; never a path that is opened.
        size: bytes.
        sha256: of the bytes, in hex.
    """

    path: Path
    name: str
    size: int
    sha256: str


DocumentRef: TypeAlias = UrlRef | DataUriRef | SpooledText | FileRef | SpooledDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What inspection tells of a document without reading a page.

    Attributes:
        media_type: as sniffed from the bytes, such as `application/pdf` or `image/png`.
        page_count: pages of a PDF, frames of an image.
        encrypted: the document opened, but it is protected.
    """

    media_type: str
    page_count: int
    encrypted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A page in small, to see where its ink is.

    Attributes:
        scale: pixels of the sketch for one pixel of the page.
        looks: grey pixels (height x width, uint8, 0 is black) of the page as it is shown.
        textless: as the page would look without its text; the same shape.
        changed: by how much its text makes each pixel lighter or darker; the same shape.
        fonts: returns, by name of each font of the text that is drawn, whether the document holds the font, so that
            its glyphs surely show. Looked for on first call.
    """

    scale: float
    looks: Image = field(repr=False)
    textless: Image = field(repr=False)
    changed: Image = field(repr=False)
    fonts: Callable[[], Mapping[str, bool]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it lies in the document, upright, before anything is understood.

    All boxes are in pixels of `size` at `dpi`, origin top left.

    Attributes:
        index: 0-based place in the document.
        size: pixels of the page at `dpi`, whole numbers.
        dpi: pixels per inch; for images the nominal value told in the answer.
        words: of the text layer, in content order; empty where there is none.
        rules: straight horizontal and vertical lines drawn on the page.
        bars: horizontal lines too short for `rules`, as in narrow fractions.
        images: raster images placed on the page.
        drawings: boxes of vector paths other than rules.
        links: addresses behind areas of the page.
        signatures: where a form wants to be signed.
        has_text_layer: whether `words` came with the document.
        warnings: what the reader could not do, in words.
        turned: degrees counter-clockwise by which it was turned since it was opened: 0, 90, 180 or 270.
        render: returns the page's pixels (height x width x 3 of `size`); rendered on first call, then kept.
        render_part: returns the pixels in a box of whole pixels, where that is less work than to render all of them.
        glyphs: returns the text layer in its smallest pieces (single glyphs, unbroken letters of one font), boxes
            around their ink: what formulas are read from; nothing where there is no text layer. Read on first call.
        sketch: returns the page in small, or None where the reader cannot tell text from ink. Drawn on first call.
    """

    index: int
    size: Size
    dpi: int
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    bars: tuple[Rule, ...] = ()
    images: tuple[PlacedImage, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    links: tuple[Link, ...] = ()
    signatures: tuple[BBox, ...] = ()
    has_text_layer: bool = False
    warnings: tuple[str, ...] = ()
    turned: int = 0
    render: Callable[[], Image] = field(repr=False)
    render_part: Callable[[BBox], Image] | None = field(default=None, repr=False)
    glyphs: Callable[[], tuple[Word, ...]] = field(default=tuple, repr=False)
    sketch: Callable[[], Sketch | None] = field(default=lambda: None, repr=False)

    def pixels_in(self, box: BBox) -> Image:
        """The pixels in a box of whole pixels on the page; the rest is not rendered for them if that can be helped."""
        if self.render_part is not None:
            return self.render_part(box)
        return self.render()[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]


@dataclass(frozen=True, slots=True)
class PageSelection:
    """The pages that a caller asked for: ranges of 0-based indices, both ends included; none means all."""

    ranges: tuple[tuple[int, int], ...] = ()

    def resolve(self, page_count: int) -> tuple[int, ...]:
        """The pages in the order asked for, each once.

        Raises:
            InvalidPageRange: a page lies outside the document.
        """
        if not self.ranges:
            return tuple(range(page_count))
        outside = [last for _, last in self.ranges if last >= page_count]
        if outside:
            raise InvalidPageRange(
                f"Page {max(outside)} is out of range: the document has {page_count} pages, "
                f"numbered from 0 to {page_count - 1}."
            )
        return tuple(dict.fromkeys(page for first, last in self.ranges for page in range(first, last + 1)))
