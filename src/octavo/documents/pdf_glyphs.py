"""The text layer in its smallest pieces, for formulas: single glyphs with the box of their ink."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf_graphics import Affine
from octavo.documents.pdf_text import Style, style_of, text_object
from octavo.domain.block import Word
from octavo.domain.geometry import BBox

_LARGE = re.compile(r"ex\d*$|extension|mathx", re.IGNORECASE)
"""Fonts of large symbols, where codes of control characters are glyphs."""
_BLANKS = frozenset({0x20, 0xA0, 0x0D, 0x0A})
"""Codes of blanks; in fonts of large symbols they are glyphs, and then more than one point high."""
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_ACCENTS = frozenset({"Sk", "Lm", "Mn"})
_SYMBOLIC = re.compile(r"(?:mib?|b?sy|ex)[a-z]?\d*$|math|symbol|extension|^ms[ab]m|^eu[fsr]", re.IGNORECASE)
"""Fonts of formulas, whose letters are symbols that stand alone."""
_NARROW = 0.12
"""Letters of one run are no farther than twice this (in ems) from one another."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    box: BBox
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
    styles: dict[int, Style] = {}
    spaced = True
    a, b, c, d, e, f = to_pixels
    x, y = ctypes.c_double(), ctypes.c_double()
    edges = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = edges
    for index in range(textpage.count_chars()):
        address = text_object(raw, index)
        if not address:
            spaced = True
            continue
        pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in _LOW:
            continue
        if left.value == right.value or (code in _BLANKS and top.value - bottom.value < 1):
            spaced = True
            continue
        style = styles.get(address)
        if style is None:
            style = styles[address] = style_of(raw, index, address, to_pixels)
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        x0, x1 = a * left.value + c * top.value + e, a * right.value + c * bottom.value + e
        y0, y1 = b * left.value + d * top.value + f, b * right.value + d * bottom.value + f
        yield _Glyph(
            _spelled(_whole(raw, index, code), style.font.name),
            BBox(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)),
            style,
            b * x.value + d * y.value + f,
            spaced,
        )
        spaced = False


def _whole(raw: object, index: int, code: int) -> int:
    """A character beyond the first plane comes in two halves, each with the same box."""
    if code not in _HIGH:
        return code
    low = pdfium.FPDFText_GetUnicode(raw, index + 1)
    return 0x10000 + ((code - _HIGH.start) << 10) + (low - _LOW.start) if low in _LOW else 0xFFFD


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
        alone = before is not None and _is_accent(before) and before.box.x_overlap(glyph.box) > 0
        before = glyph
    if run:
        yield _piece(run)


def _is_accent(glyph: _Glyph) -> bool:
    """Whether a glyph is a mark over the letter that comes after it, which then stands alone."""
    return (
        unicodedata.category(glyph.text[0]) in _ACCENTS
        or glyph.text == "~"
        or bool(_LARGE.search(glyph.style.font.name))
    )


def _follows(before: _Glyph, after: _Glyph) -> bool:
    if after.spaced or before.style.font != after.style.font or before.style.rotation != after.style.rotation:
        return False
    if before.style.rotation:
        return True
    em = before.style.font.size
    if abs(before.baseline - after.baseline) > 0.02 * em or _SYMBOLIC.search(before.style.font.name):
        return False
    if not -2 * _NARROW * em < after.box.x0 - before.box.x1 < 2 * _NARROW * em:
        return False
    letters = before.text[-1].isalpha() and after.text[0].isalpha()
    return letters or (before.text[-1].isdigit() and after.text[0].isdigit())


def _piece(run: list[_Glyph]) -> Word:
    first = run[0]
    return Word(
        text="".join(glyph.text for glyph in run),
        box=BBox(
            min(glyph.box.x0 for glyph in run),
            min(glyph.box.y0 for glyph in run),
            max(glyph.box.x1 for glyph in run),
            max(glyph.box.y1 for glyph in run),
        ),
        font=first.style.font,
        rotation=first.style.rotation,
        baseline=None if first.style.rotation else first.baseline,
        space_before=first.spaced,
    )
