"""The text layer in its smallest pieces, for formulas: single glyphs with the box of their ink."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.graphics import Affine
from octavo.documents.pdf.text import LOW_HALVES, MOST_CHARACTERS, Style, Styles, text_object, whole_code
from octavo.domain.block import Word
from octavo.domain.geometry import BBox

_LARGE = re.compile(r"ex\d*$|extension|mathx", re.IGNORECASE)
"""Fonts of large symbols, where codes of control characters are glyphs."""
_BLANKS = frozenset({0x20, 0xA0, 0x0D, 0x0A})
"""Codes of blanks; in fonts of large symbols they are glyphs, and then more than one point high."""
_ACCENTS = frozenset({"Sk", "Lm", "Mn"})
_SYMBOLIC = re.compile(r"(?:mib?|b?sy|ex)[a-z]?\d*$|math|symbol|extension|^ms[ab]m|^eu[fsr]", re.IGNORECASE)
"""Fonts of formulas, whose letters are symbols that stand alone."""
_NARROW = 0.12
"""Letters of one run are no farther than twice this (in ems) from one another."""


_Box = tuple[float, float, float, float]


class _Glyph(NamedTuple):
    """One glyph; a plain tuple, for a page has thousands."""

    text: str
    box: _Box
    style: Style
    baseline: float
    spaced: bool


def glyphs_of(page: pypdfium2.PdfPage, to_pixels: Affine) -> tuple[Word, ...]:
    """Every visible glyph in content order; letters (or digits) that follow one another in one font are one piece.

    Boxes surround the ink; `space_before` tells of a space in front, `line` is unknown. Glyphs without a meaning keep
    the bare code of their font as text, control characters included.
    """
    textpage = page.get_textpage()
    try:
        return tuple(_pieces(_glyphs(textpage, to_pixels)))
    finally:
        textpage.close()


def _glyphs(textpage: pypdfium2.PdfTextPage, to_pixels: Affine) -> Iterator[_Glyph]:
    raw = textpage.raw
    styles = Styles(raw, to_pixels)
    spaced = True
    for index in range(min(textpage.count_chars(), MOST_CHARACTERS)):
        address = text_object(raw, index)
        if not address:
            spaced = True
            continue
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in LOW_HALVES:
            continue
        _char_box(raw, index, *_EDGES)
        left, right, bottom, top = _LEFT.value, _RIGHT.value, _BOTTOM.value, _TOP.value
        if left == right or (code in _BLANKS and top - bottom < 1):
            spaced = True
            continue
        style = styles.at(index, address)
        _char_origin(raw, index, *_POINT)
        baseline = to_pixels[1] * _X.value + to_pixels[3] * _Y.value + to_pixels[5]
        text = chr(code) if 0x20 < code < 0x7F else _spelled(whole_code(raw, index, code), style.font.name)
        yield _Glyph(text, _placed(left, right, bottom, top, to_pixels), style, baseline, spaced)
        spaced = False


_LEFT, _RIGHT, _BOTTOM, _TOP, _X, _Y = (ctypes.c_double() for _ in range(6))
_EDGES = tuple(ctypes.byref(each) for each in (_LEFT, _RIGHT, _BOTTOM, _TOP))
_POINT = tuple(ctypes.byref(each) for each in (_X, _Y))
"""Where PDFium puts its answers; one page is read at a time, as PDFium demands."""
_char_box = pdfium.FPDFText_GetCharBox
_char_origin = pdfium.FPDFText_GetCharOrigin


def _placed(left: float, right: float, bottom: float, top: float, to_pixels: Affine) -> _Box:
    """A box of the page's own space in page pixels."""
    a, b, c, d, e, f = to_pixels
    x0, x1 = a * left + c * top + e, a * right + c * bottom + e
    y0, y1 = b * left + d * top + f, b * right + d * bottom + f
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _spelled(code: int, font: str) -> str:
    if code == 0xFFFE or (code == 0x02 and not _LARGE.search(font)):
        return "-"
    return unicodedata.normalize("NFKC", chr(code)) if 0xFB00 <= code <= 0xFB06 else chr(code)


def _pieces(glyphs: Iterator[_Glyph]) -> Iterator[Word]:
    run: list[_Glyph] = []
    before: _Glyph | None = None
    alone = False
    for glyph in glyphs:
        if run and (alone or not _follows(run[-1], glyph)):
            yield _piece(run)
            run = []
        run.append(glyph)
        alone = before is not None and _is_accent(before.text) and before.box[2] > glyph.box[0]
        before = glyph
    if run:
        yield _piece(run)


@lru_cache(maxsize=1024)
def _is_accent(text: str) -> bool:
    """Whether a glyph is a mark over the letter that comes after it, which then stands alone."""
    return unicodedata.category(text[0]) in _ACCENTS or text == "~"


@cache
def _is_symbolic(font: str) -> bool:
    return bool(_SYMBOLIC.search(font))


def _follows(before: _Glyph, after: _Glyph) -> bool:
    if after.spaced or before.style is not after.style:
        return False
    if before.style.rotation:
        return True
    last, first = before.text[-1], after.text[0]
    if not ((last.isalpha() and first.isalpha()) or (last.isdigit() and first.isdigit())):
        return False
    font = before.style.font
    if abs(before.baseline - after.baseline) > 0.02 * font.size or _is_symbolic(font.name):
        return False
    return -2 * _NARROW * font.size < after.box[0] - before.box[2] < 2 * _NARROW * font.size


def _piece(run: list[_Glyph]) -> Word:
    first = run[0]
    boxes = [glyph.box for glyph in run]
    box = first.box
    if len(run) > 1:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        box = (min(lefts), min(tops), max(rights), max(bottoms))
    return Word(
        text="".join(glyph.text for glyph in run),
        box=BBox(*box),
        font=first.style.font,
        rotation=first.style.rotation,
        baseline=None if first.style.rotation else first.baseline,
        space_before=first.spaced,
    )
