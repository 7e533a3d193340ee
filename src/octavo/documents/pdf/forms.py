"""What the fields of a PDF form hold, through PDFium. No action and no script runs: none is asked for."""

from __future__ import annotations

import ctypes
import html
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

MARKS = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})
"""Kinds of fields that are ticked or not."""
TICKED, UNTICKED = "☒", "☐"
"""How they are told."""
MOST_CHARACTERS = 20_000
"""So much of a field's value is read."""
MOST_OPTIONS = 10_000
"""So many options of a list are looked at."""
_PASSWORD, _COMB = 1 << 13, 1 << 24


@dataclass(frozen=True, slots=True)
class Field:
    """A field where it stands on a page.

    Attributes:
        kind: PDFium's `FPDF_FORMFIELD_...`.
        value: its text, or the options chosen in a list, one a line, as they are shown; never a password.
        ticked: a box or button that is on.
        secret: it holds a password.
        comb: each character has a cell of its own.
        size: of its type in points; 0 where it fits the field.
        cut: characters of the value and options that were not looked at.
    """

    kind: int
    value: str = ""
    ticked: bool = False
    secret: bool = False
    comb: bool = False
    size: float = 0.0
    cut: int = 0


def open_form(document: pypdfium2.PdfDocument, held: ExitStack) -> object:
    """The form of a document; `held` closes it, which has to happen before the document is closed.

    Fields keep the appearances that PDFium makes for them. Scripts would need a build with V8 and a platform, and
    neither is there.
    """
    config = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, config)
    held.callback(_close, form, config)
    return form


def _close(form: object, _config: object) -> None:
    """Close a form; PDFium looks at its configuration until then."""
    pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def field_of(form: object, annotation: object) -> Field | None:
    """The field that an annotation stands for; None where it stands for none."""
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind < 0:
        return None
    if kind in MARKS:
        return Field(kind, ticked=bool(pdfium.FPDFAnnot_IsChecked(form, annotation)))
    flags = pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation)
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and flags & _PASSWORD:
        return Field(kind, secret=True)
    value, cut = _value(form, annotation, kind)
    size = ctypes.c_float()
    pdfium.FPDFAnnot_GetFontSize(form, annotation, size)
    comb = kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and bool(flags & _COMB)
    return Field(kind, value, comb=comb, size=max(0.0, size.value), cut=cut)


def _value(form: object, annotation: object, kind: int) -> tuple[str, int]:
    """What the field holds, and how much of it was left out."""
    cut = 0
    if kind in (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX):
        chosen, cut = _chosen(form, annotation)
        if chosen:
            return "\n".join(chosen), cut
    if kind == pdfium.FPDF_FORMFIELD_PUSHBUTTON:
        return "", 0
    text = told(partial(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation)) or _rich_text(annotation)
    return text[:MOST_CHARACTERS], cut + max(0, len(text) - MOST_CHARACTERS)


def _chosen(form: object, annotation: object) -> tuple[list[str], int]:
    """The options chosen, as they are shown."""
    total = pdfium.FPDFAnnot_GetOptionCount(form, annotation)
    labels = [
        told(partial(pdfium.FPDFAnnot_GetOptionLabel, form, annotation, index))
        for index in range(min(total, MOST_OPTIONS))
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, index)
    ]
    return labels, max(0, total - MOST_OPTIONS)


def _rich_text(annotation: object) -> str:
    """The bare text of a value that is told in XHTML alone."""
    source = told(partial(pdfium.FPDFAnnot_GetStringValue, annotation, b"RV"))
    lines = re.sub(r"</p\s*>|<br\s*/?>", "\n", source)
    return html.unescape(re.sub(r"<[^<>]*>", "", lines)).strip()


def told(ask: Callable[[object, int], int]) -> str:
    """A text of PDFium: `ask` fills a buffer of so many bytes and tells how many are needed."""
    needed = ask(None, 0)
    if needed <= 2:
        return ""
    buffer = ctypes.create_string_buffer(needed)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), needed)
    return buffer.raw[: needed - 2].decode("utf-16-le", "replace").replace("\0", "")
