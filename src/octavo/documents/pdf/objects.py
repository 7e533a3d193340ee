"""What a page of a PDF draws, one object after the other, as PDFium's addresses."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.calls import address_of, plain

DEPTH = 12
"""Forms within forms are followed so deep."""

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_count = plain(pdfium.FPDFPage_CountObjects, _INT, _ADDRESS)
_object = plain(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_count_members = plain(pdfium.FPDFFormObj_CountObjects, _INT, _ADDRESS)
_member = plain(pdfium.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)

kind_of = plain(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
"""PDFium's `FPDF_PAGEOBJ_...` of an object."""


def objects_of(page: pypdfium2.PdfPage) -> Iterator[int]:
    """The objects of a page, in the order in which they are drawn."""
    raw = address_of(page.raw)
    return (_object(raw, index) for index in range(_count(raw)))


def members_of(form: int) -> Iterator[int]:
    """The objects of a form object."""
    return (_member(form, index) for index in range(_count_members(form)))
