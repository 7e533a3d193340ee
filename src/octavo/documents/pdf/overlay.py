"""A second view of a PDF in which annotations and fields are part of what is drawn, so that they can be read and seen.

PDFium's text layer holds neither, and of fields it draws only those whose looks are in the file. Here PDFium is made
to draw all fields, and then to make everything that is seen part of the page. The view that pages are read from is
left as it is, so no text is found twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.annotations import (
    DRAWN,
    MOST_ANNOTATIONS,
    Annotation,
    has_fields,
    seen_annotations,
    without_endless_values,
    without_excess,
)
from octavo.documents.pdf.characters import Characters
from octavo.documents.pdf.filled import filled
from octavo.documents.pdf.forms import open_form
from octavo.documents.pdf.graphics import Affine, PageGraphics, graphics_of
from octavo.documents.pdf.sheets import loaded
from octavo.documents.pdf.text import TextLayer, text_of
from octavo.domain.block import Drawing, PlacedImage, Word
from octavo.domain.geometry import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What lies over a page and is seen there, in page pixels.

    Attributes:
        page_words: those of the page itself that are still to be read.
        words: of fields and annotations.
        images, drawings: of stamps and drawn annotations.
        warnings: what could not be read.
    """

    page_words: tuple[Word, ...]
    words: tuple[Word, ...] = ()
    images: tuple[PlacedImage, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Laid:
    """What was found on a page before it became part of it."""

    annotations: tuple[Annotation, ...] = ()
    objects: int = 0
    """What the page itself consists of."""
    warnings: list[str] = field(default_factory=list)


class AnnotatedCopy:
    """The document once more, opened when the first page with annotations is read."""

    def __init__(self, reopen: Callable[[], pypdfium2.PdfDocument]) -> None:
        self._reopen = reopen
        self._document: pypdfium2.PdfDocument | None = None
        self._form: object = None
        self._held = ExitStack()
        self._merged: set[int] = set()
        self._sheet: tuple[int, pypdfium2.PdfPage] | None = None

    def overlay(self, index: int, to_pixels: Affine, size: Size, page_words: Sequence[Word]) -> Overlay:
        """What lies over page `index`.

        Raises:
            CorruptDocument: the page cannot be loaded.
        """
        if index in self._merged:
            self.close()
        laid = self._merge(index, to_pixels)
        sheet = self._alone(index, laid.objects)
        drawn, graphics = TextLayer(), PageGraphics()
        if sheet is not None:
            drawn, graphics = text_of(Characters(sheet), to_pixels), graphics_of(sheet, to_pixels, size)
            sheet.close()
        found = filled(laid.annotations, drawn.words, page_words, abs(to_pixels[0]) + abs(to_pixels[2]))
        if drawn.left_out:
            laid.warnings.append(f"{drawn.left_out} characters of annotations were left out: there are too many.")
        if found.differing:
            laid.warnings.append(f"{found.differing} form fields show another text than they hold: read as shown.")
        own = tuple(word for place, word in enumerate(page_words) if place not in found.covered)
        images, drawings = _figures(laid.annotations, graphics)
        return Overlay(
            page_words=own,
            words=tuple(found.words),
            images=images,
            drawings=drawings,
            warnings=tuple(laid.warnings),
        )

    def sheet(self, index: int) -> pypdfium2.PdfPage:
        """The page with all that is seen over it; the last one stays loaded."""
        if index not in self._merged:
            self._merge(index, (1, 0, 0, 1, 0, 0))
        if self._sheet is None or self._sheet[0] != index:
            self._put_away()
            self._sheet = (index, loaded(self._opened(), index))
        return self._sheet[1]

    def close(self) -> None:
        """Release the file: pages first, then the form, then the document, as PDFium wants it."""
        self._put_away()
        self._held.close()
        self._merged.clear()
        self._document = self._form = None

    def _opened(self) -> pypdfium2.PdfDocument:
        if self._document is None:
            self._document = self._reopen()
            self._held.callback(self._document.close)
        return self._document

    def _form_for(self, sheet: pypdfium2.PdfPage) -> object:
        """The document's form, if the page has fields; finding its fields takes time, so it is kept."""
        if not has_fields(sheet):
            return None
        if self._form is None:
            self._form = open_form(self._opened(), self._held)
        return self._form

    def _merge(self, index: int, to_pixels: Affine) -> _Laid:
        """Make what is seen over a page part of it; what that is."""
        self._put_away()
        sheet = loaded(self._opened(), index)
        laid = _Laid(objects=pdfium.FPDFPage_CountObjects(sheet))
        try:
            excess = without_excess(sheet)
            if excess:
                laid.warnings.append(
                    f"{excess} annotations were left out: no more than {MOST_ANNOTATIONS} of a page are read."
                )
            form = self._form_for(sheet)
            if form:
                without_endless_values(sheet)
                pdfium.FORM_OnAfterLoadPage(sheet, form)
            laid.annotations = tuple(seen_annotations(sheet, form, to_pixels))
            if form:
                pdfium.FORM_OnBeforeClosePage(sheet, form)
            _tell_boxes(sheet)
            if pdfium.FPDFPage_Flatten(sheet, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_FAIL:
                laid.warnings.append("The annotations of the page cannot be drawn; form fields are read from the form.")
        finally:
            sheet.close()
        self._merged.add(index)
        cut = sum(each.cut for each in laid.annotations)
        if cut:
            laid.warnings.append(f"{cut} characters of form fields and annotations were left out: they are too long.")
        return laid

    def _alone(self, index: int, objects: int) -> pypdfium2.PdfPage | None:
        """The merged page with nothing on it but what was laid over it; None where that draws nothing."""
        sheet = loaded(self._opened(), index)
        if pdfium.FPDFPage_CountObjects(sheet) != objects + 1:
            sheet.close()
            return None
        for _ in range(objects):
            first = pdfium.FPDFPage_GetObject(sheet, 0)
            pdfium.FPDFPage_RemoveObject(sheet, first)
            pdfium.FPDFPageObj_Destroy(first)
        return sheet

    def _put_away(self) -> None:
        if self._sheet is not None:
            self._sheet[1].close()
            self._sheet = None


def _tell_boxes(sheet: pypdfium2.PdfPage) -> None:
    """Write the page's box into the page, for PDFium forgets boxes that are inherited when it merges annotations."""
    box = sheet.get_bbox()
    sheet.set_mediabox(*box)
    sheet.set_cropbox(*box)


def _figures(
    annotations: Sequence[Annotation], graphics: PageGraphics
) -> tuple[tuple[PlacedImage, ...], tuple[Drawing, ...]]:
    """Pictures, and what stamps and pens draw; frames of fields, highlights and the like are left out."""
    drawn = [each.box.grown(2) for each in annotations if each.kind in DRAWN]
    drawings = (each for each in graphics.drawings if any(box.holds(each.box) for box in drawn))
    return tuple(graphics.images), tuple(drawings)
