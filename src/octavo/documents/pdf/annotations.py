"""What is laid over a PDF page: form fields, comments, stamps. Told here; what they show is read once it is drawn."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.forms import MOST_CHARACTERS, Field, field_of, told
from octavo.documents.pdf.graphics import Affine, box_of
from octavo.domain.geometry import BBox

ENDLESS = 1_000_000
"""Bytes of a field's value from which on it is not set in type."""
MOST_ANNOTATIONS = 5_000
"""So many annotations of a page are looked at."""
DRAWN = frozenset(
    {
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_WATERMARK,
    }
)
"""Kinds whose pictures and strokes are part of the page; those of others are frames and highlights."""
_ASIDE = frozenset(
    {
        pdfium.FPDF_ANNOT_POPUP,
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
        pdfium.FPDF_ANNOT_SOUND,
        pdfium.FPDF_ANNOT_MOVIE,
    }
)
"""Notes that open when clicked; of them there is an icon only."""
_PLAIN = frozenset({pdfium.FPDF_ANNOT_LINK, *_ASIDE})
"""Kinds that add nothing to read to a page."""
_INVISIBLE, _HIDDEN, _NO_VIEW = 1, 1 << 1, 1 << 5
_STAMPS = re.compile(
    "(Not)?Approved|Experimental|AsIs|Expired|(Not)?ForPublicRelease|Confidential|Final|Sold|Departmental|ForComment"
    "|TopSecret|Draft"
)
"""The stamps that every viewer knows by name."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One that is seen on the page.

    Attributes:
        kind: PDFium's `FPDF_ANNOT_...`.
        box: in page pixels; nothing of it shows outside.
        field: what it holds, where it is a field of a form.
        text: what it says, where it is a text on the page or a stamp that is known by its name.
        cut: characters of the text, or of the field, that were not looked at.
    """

    kind: int
    box: BBox
    field: Field | None = None
    text: str = ""
    cut: int = 0


def lies_over(page: pypdfium2.PdfPage) -> bool:
    """Whether anything is laid over the page that may be read; links and notes that must be opened are not."""
    total: int = pdfium.FPDFPage_GetAnnotCount(page)
    return total > MOST_ANNOTATIONS or any(_kind_of(page, index) not in _PLAIN for index in range(total))


def has_fields(page: pypdfium2.PdfPage) -> bool:
    """Whether fields of a form are among what is laid over the page."""
    total = min(pdfium.FPDFPage_GetAnnotCount(page), MOST_ANNOTATIONS)
    return any(_kind_of(page, index) == pdfium.FPDF_ANNOT_WIDGET for index in range(total))


def without_excess(page: pypdfium2.PdfPage) -> int:
    """Take away annotations beyond `MOST_ANNOTATIONS`; how many those were."""
    total: int = pdfium.FPDFPage_GetAnnotCount(page)
    for index in range(total - 1, MOST_ANNOTATIONS - 1, -1):
        pdfium.FPDFPage_RemoveAnnot(page, index)
    return max(0, total - MOST_ANNOTATIONS)


def without_endless_values(page: pypdfium2.PdfPage) -> None:
    """Keep PDFium from setting values in type that it would take minutes for: such fields are shown empty."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        with annotation_at(page, index) as raw:
            if raw and pdfium.FPDFAnnot_GetStringValue(raw, b"V", None, 0) > ENDLESS:
                pdfium.FPDFAnnot_SetAP(raw, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, (ctypes.c_ushort * 2)(0x20, 0))


def signature_fields(page: pypdfium2.PdfPage, to_pixels: Affine) -> Iterator[BBox]:
    """Where the form on the page wants a signature; fields without extent (invisible signatures) are left out."""
    rect = pdfium.FS_RECTF()
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_ANNOTATIONS)):
        with annotation_at(page, index) as raw:
            if raw and _is_signature(raw) and pdfium.FPDFAnnot_GetRect(raw, rect):
                box = box_of(to_pixels, rect)
                if box.area > 1:
                    yield box


def _is_signature(raw: object) -> bool:
    return pdfium.FPDFAnnot_GetSubtype(raw) == pdfium.FPDF_ANNOT_WIDGET and _entry(raw, b"FT") == "Sig"


def seen_annotations(page: pypdfium2.PdfPage, form: object, to_pixels: Affine) -> Iterator[Annotation]:
    """What is seen on the page, in the order in which it is drawn; the rest is marked as hidden.

    `form` is the document's form, None where the page has no fields.
    """
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        with annotation_at(page, index) as raw:
            if raw:
                yield from _seen(raw, form, to_pixels)


@contextmanager
def annotation_at(page: pypdfium2.PdfPage, index: int) -> Iterator[object]:
    """An annotation of the page, None where there is none that can be read."""
    raw = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield raw
    finally:
        if raw:
            pdfium.FPDFPage_CloseAnnot(raw)


def _kind_of(page: pypdfium2.PdfPage, index: int) -> int:
    with annotation_at(page, index) as raw:
        kind: int = pdfium.FPDFAnnot_GetSubtype(raw) if raw else pdfium.FPDF_ANNOT_UNKNOWN
        return kind


def _seen(raw: object, form: object, to_pixels: Affine) -> Iterator[Annotation]:
    kind, flags, rect = pdfium.FPDFAnnot_GetSubtype(raw), pdfium.FPDFAnnot_GetFlags(raw), pdfium.FS_RECTF()
    found = pdfium.FPDFAnnot_GetRect(raw, rect)
    hidden = flags & (_HIDDEN | _NO_VIEW) or kind in _ASIDE or not found
    # PDFium draws an invisible annotation of a kind that it knows, as it should, but does not make it part of the page.
    pdfium.FPDFAnnot_SetFlags(raw, (flags | _HIDDEN) if hidden else flags & ~_INVISIBLE)
    if hidden or kind == pdfium.FPDF_ANNOT_LINK:
        return
    box = box_of(to_pixels, rect)
    field = field_of(form, raw) if form and kind == pdfium.FPDF_ANNOT_WIDGET else None
    text = _text_of(raw, kind)
    if box.area > 0:
        cut = max(0, len(text) - MOST_CHARACTERS) + (field.cut if field else 0)
        yield Annotation(kind, box, field, text[:MOST_CHARACTERS], cut)


def _text_of(raw: object, kind: int) -> str:
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _entry(raw, b"Contents")
    if kind == pdfium.FPDF_ANNOT_STAMP and not pdfium.FPDFAnnot_HasKey(raw, b"AP"):
        name = _entry(raw, b"Name")
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) if _STAMPS.fullmatch(name) else ""
    return ""


def _entry(raw: object, key: bytes) -> str:
    return told(partial(pdfium.FPDFAnnot_GetStringValue, raw, key))
