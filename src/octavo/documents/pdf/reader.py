"""PDF through PDFium: facts and pixels here, text in `text.py`, the rest of a page in `graphics.py`.

PDFium is not thread-safe: one document at a time in a process, one thread at a time.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from weakref import WeakSet

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf import fallback_font
from octavo.documents.pdf.annotations import lies_over, signature_fields
from octavo.documents.pdf.characters import MOST_CHARACTERS, Characters
from octavo.documents.pdf.glyphs import glyphs_of
from octavo.documents.pdf.graphics import MOST_LINKS, MOST_OBJECTS, PageGraphics, graphics_of, links_of
from octavo.documents.pdf.overlay import AnnotatedCopy, Overlay
from octavo.documents.pdf.sheets import POINTS_PER_INCH, Drawn, clamped_dpi, drawn, loaded, pixel_size, to_pixels
from octavo.documents.pdf.sketch import sketch_of
from octavo.documents.pdf.text import TextLayer, text_of
from octavo.domain.block import Link, Word
from octavo.domain.document import DocumentFacts, Image, Page
from octavo.domain.errors import CorruptDocument, EncryptedDocument, InvalidPageRange
from octavo.domain.geometry import Size

NOMINAL_DPI = 200
"""What pictures of pages are measured by."""

_XFA = (
    "The document is a dynamic XFA form, which only some programs can show: what they show was not read."
    " Print it to PDF with such a program and send that."
)


fallback_font.install()


class PdfReader:
    """An open PDF. Pages are read and rendered when asked for.

    Raises:
        EncryptedDocument: a password is needed, or `password` is wrong.
        CorruptDocument: PDFium cannot open the file.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._document = _open(path, password)
        _OPEN.add(self)
        self._copy = AnnotatedCopy(lambda: _open(path, password))
        self._warnings = _xfa_warnings(self._document)
        self._sheet: tuple[int, pypdfium2.PdfPage] | None = None
        self._text: tuple[int, Characters] | None = None
        self._facts = DocumentFacts(
            media_type="application/pdf",
            page_count=len(self._document),
            encrypted=pdfium.FPDF_GetSecurityHandlerRevision(self._document) >= 0,
        )

    @property
    def facts(self) -> DocumentFacts:
        """Media type and number of pages."""
        return self._facts

    def page(self, index: int, dpi: int) -> Page:
        """What lies on page `index`; boxes are pixels at the dpi that the page tells (clamped for huge pages).

        Raises:
            InvalidPageRange: there is no such page.
            CorruptDocument: the page cannot be loaded.
        """
        sheet = self._checked(index)
        width, height = sheet.get_size()
        real_dpi = clamped_dpi(width, height, dpi)
        size = pixel_size(width, height, real_dpi)
        affine = to_pixels(sheet, real_dpi / POINTS_PER_INCH)
        over = lies_over(sheet)
        layer = text_of(self._written(index), affine)
        graphics, links = graphics_of(sheet, affine, size), links_of(sheet, affine)
        overlay = self._copy.overlay(index, affine, size, layer.words) if over else Overlay(page_words=layer.words)
        found = (*overlay.page_words, *overlay.words)
        words = tuple(word for word in found if _is_on(word, size))
        pixels = Drawn(lambda: self._shown(index, over=over), size, real_dpi)
        images, drawings = (*graphics.images, *overlay.images), (*graphics.drawings, *overlay.drawings)
        return Page(
            index=index,
            size=size,
            dpi=real_dpi,
            words=words,
            rules=tuple(graphics.rules),
            bars=tuple(graphics.bars),
            images=images,
            drawings=drawings,
            links=links,
            signatures=tuple(signature_fields(sheet, affine)),
            has_text_layer=bool(words),
            warnings=(
                *self._warnings,
                *_size_warnings(sheet, real_dpi, dpi),
                *_excess_warnings(layer, graphics, links),
                *_outside_warnings(len(found) - len(words)),
                *overlay.warnings,
            ),
            render=pixels.whole,
            render_part=pixels.part,
            glyphs=cache(lambda: tuple(each for each in glyphs_of(self._written(index), affine) if _is_on(each, size))),
            sketch=cache(lambda: sketch_of(self._shown(index, over=over), POINTS_PER_INCH / real_dpi)),
        )

    def picture(self, index: int, scale: Callable[[Size], float]) -> Image:
        """How page `index` looks, with what is laid over it; its text is not read.

        Raises:
            InvalidPageRange: there is no such page.
            CorruptDocument: the page cannot be loaded.
        """
        sheet = self._checked(index)
        width, height = sheet.get_size()
        dpi = clamped_dpi(width, height, NOMINAL_DPI)
        times = scale(pixel_size(width, height, dpi))
        return drawn(self._shown(index, over=lies_over(sheet)), times, dpi)

    def close(self) -> None:
        """Release the file."""
        self._copy.close()
        self._document.close()

    def _checked(self, index: int) -> pypdfium2.PdfPage:
        if not 0 <= index < self._facts.page_count:
            raise InvalidPageRange(f"Page {index} is out of range: the document has {self._facts.page_count} pages.")
        return self._load(index)

    def _load(self, index: int) -> pypdfium2.PdfPage:
        """The page; the last one stays loaded, for loading parses all that is drawn on it."""
        if self._sheet is not None and self._sheet[0] == index:
            return self._sheet[1]
        self._sheet = (index, loaded(self._document, index))
        return self._sheet[1]

    def _written(self, index: int) -> Characters:
        """The characters of the page; those of the last one stay at hand, for formulas."""
        if self._text is None or self._text[0] != index:
            self._text = (index, Characters(self._load(index)))
        return self._text[1]

    def _shown(self, index: int, *, over: bool) -> pypdfium2.PdfPage:
        """The page as it looks, `over` with what is laid over it."""
        return self._copy.sheet(index) if over else self._load(index)


_OPEN: WeakSet[PdfReader] = WeakSet()


@atexit.register
def _close_all() -> None:
    """A program that ends without closing its documents would be told so by PDFium, on standard error."""
    for reader in list(_OPEN):
        reader.close()


def _xfa_warnings(document: pypdfium2.PdfDocument) -> tuple[str, ...]:
    """Of forms whose pages are made by a program when they are opened; what lies in the file is a placeholder."""
    if document.get_formtype() != pdfium.FORMTYPE_XFA_FULL:
        return ()
    return (_XFA,)


def _size_warnings(sheet: pypdfium2.PdfPage, real_dpi: int, dpi: int) -> tuple[str, ...]:
    if real_dpi >= dpi:
        return ()
    width, height = sheet.get_size()
    return (f"The page is {width:.0f} x {height:.0f} points: read at {real_dpi} dpi instead of {dpi}.",)


def _excess_warnings(layer: TextLayer, graphics: PageGraphics, links: Sequence[Link]) -> Iterator[str]:
    if layer.left_out:
        yield f"The last {layer.left_out} characters were left out: a page is read up to {MOST_CHARACTERS}."
    if graphics.cut:
        yield f"More than {MOST_OBJECTS} things are drawn; figures and rules among the last of them were left out."
    if len(links) == MOST_LINKS:
        yield f"No more than {MOST_LINKS} links of a page are told."


def _outside_warnings(words: int) -> tuple[str, ...]:
    if not words:
        return ()
    counted = "1 word lies" if words == 1 else f"{words} words lie"
    return (f"{counted} outside the visible page and were left out.",)


def _is_on(word: Word, size: Size) -> bool:
    return 0 <= word.box.center_x <= size.width and 0 <= word.box.center_y <= size.height


def _open(path: Path, password: str | None) -> pypdfium2.PdfDocument:
    """The document, which opens with the password, or with none although one was given."""
    try:
        return _unlocked(path, password)
    except EncryptedDocument:
        if not password:
            raise
        with suppress(EncryptedDocument):
            return _unlocked(path, None)
        raise


def _unlocked(path: Path, password: str | None) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            wrong = "is protected by a password" if password is None else "does not open with this password"
            raise EncryptedDocument(
                f"The PDF {wrong}. Give the right one as `octavo.password`, or with --password-file in a terminal."
            ) from error
        raise CorruptDocument("Document is not a valid PDF: it is cut off or damaged. Send the whole file.") from error
