"""A PDF page in small, with its text and without it, through PDFium: what the ink says of the text layer."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.graphics import DEPTH
from octavo.domain.document import Image, Sketch

LEAST_PIXELS, MOST_PIXELS = 500_000, 2_000_000
"""A sketch has a pixel for each point (A4: 500,000), but small pages are enlarged, large ones reduced to this."""
LARGEST_SCALE = 4.0
"""Pixels for one point at most."""


def sketch_of(page: pypdfium2.PdfPage, points: float) -> Sketch:
    """The page in small; one pixel of the page is so many `points`."""
    scale = _scale(*page.get_size())
    texts = list(_texts(pdfium.FPDFPage_CountObjects(page), lambda i: pdfium.FPDFPage_GetObject(page, i), 0))
    looks = _rendered(page, scale)
    with _left_out(texts):
        textless = _rendered(page, scale)
    return Sketch(scale=scale * points, looks=looks, textless=textless, fonts=_fonts(texts))


def _scale(width: float, height: float) -> float:
    area = max(1.0, width * height)
    least, most = math.sqrt(LEAST_PIXELS / area), math.sqrt(MOST_PIXELS / area)
    return min(max(1.0, least), most, LARGEST_SCALE)


def _texts(count: int, get: object, depth: int) -> Iterator[object]:
    """The text objects of a page, those inside form objects included."""
    for index in range(count):
        item = get(index)  # type: ignore[operator]
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
            members = pdfium.FPDFFormObj_CountObjects(item)
            yield from _texts(members, lambda i, form=item: pdfium.FPDFFormObj_GetObject(form, i), depth + 1)


@contextmanager
def _left_out(items: list[object]) -> Iterator[None]:
    """The page is drawn without some of its objects."""
    shown = [item for item in items if pdfium.FPDFPageObj_SetIsActive(item, False)]
    try:
        yield
    finally:
        for item in shown:
            pdfium.FPDFPageObj_SetIsActive(item, True)


def _rendered(page: pypdfium2.PdfPage, scale: float) -> Image:
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    bitmap.close()
    pixels.flags.writeable = False
    return pixels


def _fonts(texts: list[object]) -> dict[str, bool]:
    """Names of the fonts (without subset tags) in which texts are set, and whether the file holds them."""
    fonts = {_address(font): font for font in map(pdfium.FPDFTextObj_GetFont, texts) if font}
    held: dict[str, bool] = {}
    for font in fonts.values():
        name = _name(font)
        held[name] = held.get(name, True) and pdfium.FPDFFont_GetIsEmbedded(font) == 1
    return held


def _address(font: object) -> int | None:
    return ctypes.cast(font, ctypes.c_void_p).value  # type: ignore[arg-type]


def _name(font: object) -> str:
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
    return buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
