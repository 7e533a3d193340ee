"""Words of a PDF page, character by character through PDFium: exact fonts, baselines, spacing and visibility."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from octavo.documents.pdf.graphics import Affine
from octavo.domain.block import INVISIBLE, Font, Word
from octavo.domain.geometry import BBox

MOST_CHARACTERS = 250_000
"""So many characters of a page are read, blanks included; a page of a newspaper has 40,000."""
SPACE = 0.18
"""A gap this many ems wider than the usual one between letters of its line is a space."""
LETTERSPACED = 0.05
"""From this usual gap on (in ems) a line is letterspaced, and PDFium's own guesses at spaces are not believed."""
JUMP = 1.5
"""A gap wider than this (in ems) ends a run even without a line break."""
_FIXED_PITCH, _ITALIC_FLAG, _FORCE_BOLD = 1, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_INVISIBLE_MODES = frozenset({3, 7})
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
"""What PDFium makes of a hyphen at a line's end."""

_BOLD = re.compile(r"bold|black|heavy|semibd|demi|-bd|,bd|cmb|sfb|extrab", re.IGNORECASE)
_REGULAR = re.compile(r"regular|book|light|roman|medium|thin", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl|cmmi|sfti|-it\b", re.IGNORECASE)
_MONO = re.compile(r"mono|cour|consol|typewriter|cmtt|sftt|menlo|fixed|lettergothic", re.IGNORECASE)
_COMBINING = (0x300, 0x301, 0x302, 0x302, 0x303, 0x303, 0x308, 0x304, 0x306, 0x307, 0x30A, 0x30C, 0x30B, 0x327, 0x328)
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_ACCENTS = dict(zip("`´ˆ^˜~¨¯˘˙˚ˇ˝¸˛", map(chr, _COMBINING), strict=True))
_DOTLESS = {"ı": "i", "ȷ": "j"}

text_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
"""`FPDFText_GetTextObject` with the object as a plain address, to tell objects apart cheaply."""
_font_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p).value or 0
)
_mode_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_void_p).value or 0
)
HIGH_HALVES, LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
"""Characters beyond the first plane come from PDFium in two halves, each with the same box."""


@dataclass(frozen=True, slots=True)
class Style:
    """What all characters of one text object share; the em and baseline are in page pixels."""

    font: Font
    rotation: float


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One character on the page."""

    text: str
    box: BBox
    style: Style
    baseline: float


class TextLayer(NamedTuple):
    """The words of a page, and how many characters of it were not looked at."""

    words: tuple[Word, ...] = ()
    left_out: int = 0


def text_of(page: pypdfium2.PdfPage, to_pixels: Affine) -> TextLayer:
    """All words of the page in content order, a change of font inside a word starting a new one.

    Words of one line of writing share `line`; `space_before` tells whether a space stands before a word. Characters
    beyond `MOST_CHARACTERS` are left out.
    """
    textpage = page.get_textpage()
    try:
        lines = _lines(textpage, to_pixels)
        words = [word for number, line in enumerate(lines) for word in _words(line, number)]
        return TextLayer(_with_true_pitch(words), max(0, textpage.count_chars() - MOST_CHARACTERS))
    finally:
        textpage.close()


def _with_true_pitch(words: Sequence[Word]) -> tuple[Word, ...]:
    """Fonts of Chinese and Japanese call themselves fixed, for all their characters are wide; code looks otherwise."""
    fixed = (word for word in words if word.font.mono)
    wide = {word.font.name for word in fixed if any(unicodedata.east_asian_width(each) in "FW" for each in word.text)}
    return tuple(
        replace(word, font=replace(word.font, mono=False)) if word.font.name in wide else word for word in words
    )


def _lines(textpage: pypdfium2.PdfTextPage, to_pixels: Affine) -> list[list[_Glyph | bool]]:
    """Characters line by line; True stands for a space of the file itself, False for one that PDFium guessed."""
    raw, total = textpage.raw, min(textpage.count_chars(), MOST_CHARACTERS)
    boxes = _boxes(raw, total, to_pixels)
    styles = Styles(raw, to_pixels)
    lines: list[list[_Glyph | bool]] = [[]]
    for index in range(total):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0x0D, 0x0A):
            lines.append([])
            continue
        if 0xD800 <= code <= 0xDFFF:
            if code in LOW_HALVES:
                continue
            code = whole_code(raw, index, code)
        text = _HYPHENS.get(code) or chr(code)
        if text.isspace():
            lines[-1].append(not pdfium.FPDFText_IsGenerated(raw, index))
            continue
        if code == 0 or (unicodedata.category(text) in ("Cc", "Cf") and code not in _HYPHENS):
            continue
        style = styles.at(index, text_object(raw, index))
        glyph = _Glyph(_spelled(text), BBox(*boxes[index].tolist()), style, _baseline(raw, index, to_pixels))
        if _breaks(lines[-1], glyph):
            lines.append([])
        lines[-1].append(_composed(lines[-1], glyph))
    return [line for line in lines if any(isinstance(each, _Glyph) for each in line)]


def _boxes(raw: object, total: int, to_pixels: Affine) -> NDArray[np.float64]:
    """Boxes from ascender to descender in page pixels, one row a character."""
    rect = pdfium.FS_RECTF()
    corners = np.zeros((total, 4))
    for index in range(total):
        if pdfium.FPDFText_GetLooseCharBox(raw, index, rect):
            corners[index] = rect.left, rect.top, rect.right, rect.bottom
    a, b, c, d, e, f = to_pixels
    xs = np.stack([a * corners[:, 0] + c * corners[:, 1] + e, a * corners[:, 2] + c * corners[:, 3] + e])
    ys = np.stack([b * corners[:, 0] + d * corners[:, 1] + f, b * corners[:, 2] + d * corners[:, 3] + f])
    return np.stack([xs.min(0), ys.min(0), xs.max(0), ys.max(0)], axis=1)


class Styles:
    """The styles on one text page. Objects that agree in font, size and matrix share one style, the same object."""

    def __init__(self, raw: object, to_pixels: Affine) -> None:
        self._raw = raw
        self._to_pixels = to_pixels
        self._of_object: dict[int, Style] = {}
        self._of_look: dict[tuple[object, ...], Style] = {}
        self._known: dict[Style, Style] = {}
        self._matrix = pdfium.FS_MATRIX()

    def at(self, index: int, address: int | None) -> Style:
        """The style of character `index`; `address` is its text object, None for what PDFium made up."""
        if not address:
            return _style(self._raw, index, None, self._to_pixels)
        style = self._of_object.get(address)
        if style is None:
            style = self._of_object[address] = self._alike(index, address)
        return style

    def _alike(self, index: int, address: int) -> Style:
        """Reading a font's name is slow, and pages have thousands of objects in a few fonts."""
        m = self._matrix
        pdfium.FPDFText_GetMatrix(self._raw, index, m)
        size = pdfium.FPDFText_GetFontSize(self._raw, index)
        look = (_font_of(address), size, m.a, m.b, m.c, m.d, _mode_of(address))
        style = self._of_look.get(look)
        if style is None:
            style = _style(self._raw, index, address, self._to_pixels)
            style = self._of_look[look] = self._known.setdefault(style, style)
        return style


def _style(raw: object, index: int, address: int | None, to_pixels: Affine) -> Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    a, b, c, d, *_ = to_pixels
    up_x, up_y = a * matrix.c + c * matrix.d, b * matrix.c + d * matrix.d
    along_x, along_y = a * matrix.a + c * matrix.b, b * matrix.a + d * matrix.b
    size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(up_x, up_y)
    if size < 0:  # Type of negative size runs the other way and upside down.
        size, along_x, along_y = -size, -along_x, -along_y
    name, flags = _font_name(raw, index)
    weight = pdfium.FPDFText_GetFontWeight(raw, index)
    hidden = address is not None and _mode_of(address) in _INVISIBLE_MODES
    font = Font(
        size=round(size, 2) or 1.0,
        name=name,
        bold=_is_bold(name, weight, flags),
        italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG),
        mono=bool(_MONO.search(name)) or bool(flags & _FIXED_PITCH),
        color=INVISIBLE if hidden else "",
    )
    return Style(font, math.degrees(math.atan2(along_y, along_x)) % 360.0)


def _is_bold(name: str, weight: int, flags: int) -> bool:
    """What the name says goes before what the descriptor says, which is often left at some default."""
    if _BOLD.search(name):
        return True
    return not _REGULAR.search(name) and (weight >= _BOLD_WEIGHT or bool(flags & _FORCE_BOLD))


def _font_name(raw: object, index: int) -> tuple[str, int]:
    """Base name of the font without its subset tag, and the descriptor's flags."""
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(raw, index, buffer, 128, flags)
    return buffer.value.decode("utf-8", "replace").split("+", 1)[-1], max(0, flags.value)


def _baseline(raw: object, index: int, to_pixels: Affine) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
    return to_pixels[1] * x.value + to_pixels[3] * y.value + to_pixels[5]


def whole_code(raw: object, index: int, code: int) -> int:
    """The character whose first half stands at `index`; U+FFFD when its second half is missing."""
    if code not in HIGH_HALVES:
        return code
    low = pdfium.FPDFText_GetUnicode(raw, index + 1)
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if low in LOW_HALVES else 0xFFFD


def _spelled(text: str) -> str:
    return unicodedata.normalize("NFKC", text) if _LIGATURES.match(text) else text


def _composed(line: list[_Glyph | bool], glyph: _Glyph) -> _Glyph:
    """The character, with an accent that is set over it as a glyph of its own; that one leaves the line."""
    before = line[-1] if line else None
    if not isinstance(before, _Glyph):
        return glyph
    for letter, accent in ((glyph, before), (before, glyph)):
        mark = _ACCENTS.get(accent.text)
        if mark is None or not letter.text.isalpha() or letter.box.x_overlap(accent.box) < 0.5 * accent.box.width:
            continue
        text = unicodedata.normalize("NFC", _DOTLESS.get(letter.text, letter.text) + mark)
        if len(text) == 1:
            line.pop()
            return replace(letter, text=text)
    return glyph


def _breaks(line: Sequence[_Glyph | bool], glyph: _Glyph) -> bool:
    """Whether a character cannot belong to the line: it is set elsewhere, in another direction, or turns back."""
    before = next((each for each in reversed(line) if isinstance(each, _Glyph)), None)
    if before is None:
        return False
    em = max(before.style.font.size, glyph.style.font.size)
    if abs(before.style.rotation - glyph.style.rotation) > 1:
        return True
    if before.style.rotation:
        return before.box.grown(JUMP * em).intersection(glyph.box) <= 0
    gap = glyph.box.x0 - before.box.x1
    return gap > JUMP * em or gap < -em or before.box.y_overlap(glyph.box) <= 0


def _words(line: Sequence[_Glyph | bool], number: int) -> Iterator[Word]:
    usual = _usual_gap(line)
    run: list[_Glyph] = []
    spaced = run_spaced = False
    for glyph in line:
        if isinstance(glyph, bool):
            spaced = spaced or glyph or usual < LETTERSPACED
            continue
        if run:
            apart = spaced or _gap(run[-1], glyph) > usual + SPACE
            if apart or glyph.style.font != run[-1].style.font:
                yield _word(run, number, run_spaced)
                run, run_spaced = [], apart
        run.append(glyph)
        spaced = False
    if run:
        yield _word(run, number, run_spaced)


def _usual_gap(line: Sequence[_Glyph | bool]) -> float:
    """The letter spacing of a line in ems: widely spaced capitals are one word, not many."""
    gaps = sorted(_gap(a, b) for a, b in pairwise(line) if isinstance(a, _Glyph) and isinstance(b, _Glyph))
    return max(0.0, gaps[len(gaps) // 3]) if len(gaps) >= 3 else 0.0


def _gap(before: _Glyph, after: _Glyph) -> float:
    """Free space between neighbours along the line, in ems."""
    em = min(before.style.font.size, after.style.font.size)
    if before.style.rotation % 180 > 45 and before.style.rotation % 180 < 135:
        return -before.box.y_overlap(after.box) / em
    return -before.box.x_overlap(after.box) / em


def _word(run: Sequence[_Glyph], number: int, spaced: bool) -> Word:
    style = run[0].style
    return Word(
        text="".join(glyph.text for glyph in run),
        box=BBox(
            min(glyph.box.x0 for glyph in run),
            min(glyph.box.y0 for glyph in run),
            max(glyph.box.x1 for glyph in run),
            max(glyph.box.y1 for glyph in run),
        ),
        font=style.font,
        rotation=style.rotation,
        line=number,
        baseline=None if style.rotation else run[0].baseline,
        space_before=spaced,
    )
