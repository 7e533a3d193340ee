"""A PDF page in small, with its text and without it, through PDFium: what the ink says of the text layer."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.calls import plain
from octavo.documents.pdf.objects import DEPTH, kind_of, members_of, objects_of
from octavo.domain.document import Image, Sketch

LEAST_PIXELS, MOST_PIXELS = 500_000, 2_000_000
"""A sketch has a pixel for each point (A4: 500,000), but small pages are enlarged, large ones reduced to this."""
LARGEST_SCALE = 4.0
"""Pixels for one point at most."""

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_set_active = plain(pdfium.FPDFPageObj_SetIsActive, _INT, _ADDRESS, _INT)
_font_of = plain(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_base_name = plain(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _ADDRESS, _ADDRESS, ctypes.c_size_t)
_is_embedded = plain(pdfium.FPDFFont_GetIsEmbedded, _INT, _ADDRESS)


def sketch_of(page: pypdfium2.PdfPage, points: float) -> Sketch:
    """The page in small; one pixel of the page is so many `points`."""
    scale = _scale(*page.get_size())
    texts = list(_texts(objects_of(page)))
    looks = _rendered(page, scale)
    with _left_out(texts):
        textless = _rendered(page, scale)
    changed = np.maximum(looks, textless)
    changed -= np.minimum(looks, textless)
    return Sketch(
        scale=scale * points, looks=looks, textless=textless, changed=changed, fonts=cache(lambda: _fonts(texts))
    )


def _scale(width: float, height: float) -> float:
    area = max(1.0, width * height)
    least, most = math.sqrt(LEAST_PIXELS / area), math.sqrt(MOST_PIXELS / area)
    return min(max(1.0, least), most, LARGEST_SCALE)


def _texts(items: Iterable[int], depth: int = 0) -> Iterator[int]:
    """The text objects among some objects, and inside form objects among them."""
    for item in items:
        kind = kind_of(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
            yield from _texts(members_of(item), depth + 1)


@contextmanager
def _left_out(items: Sequence[int]) -> Iterator[None]:
    """The page is drawn without some of its objects."""
    shown = [item for item in items if _set_active(item, 0)]
    try:
        yield
    finally:
        for item in shown:
            _set_active(item, 1)


def _rendered(page: pypdfium2.PdfPage, scale: float) -> Image:
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    bitmap.close()
    pixels.flags.writeable = False
    return pixels


def _fonts(texts: Sequence[int]) -> dict[str, bool]:
    """Names of the fonts (without subset tags) in which texts are set, and whether the file holds them."""
    held: dict[str, bool] = {}
    for font in dict.fromkeys(map(_font_of, texts)):
        if font:
            name = _name(font)
            held[name] = held.get(name, True) and _is_embedded(font) == 1
    return held


def _name(font: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    _base_name(font, ctypes.addressof(buffer), 128)
    return buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
