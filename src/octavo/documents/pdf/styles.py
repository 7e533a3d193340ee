"""How the characters of a text page are set: font, size, weight, direction."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from octavo.documents.pdf.calls import plain
from octavo.documents.pdf.characters import Characters
from octavo.documents.pdf.graphics import Affine
from octavo.domain.block import INVISIBLE, Font

_FIXED_PITCH, _ITALIC_FLAG, _FORCE_BOLD = 1, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_INVISIBLE_MODES = frozenset({3, 7})
_FILLED_AND_DRAWN = 2

_BOLD = re.compile(r"bold|black|heavy|semibd|demi|-bd|,bd|cmb|sfb|extrab", re.IGNORECASE)
_REGULAR = re.compile(r"regular|book|light|roman|medium|thin", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl|cmmi|sfti|-it\b", re.IGNORECASE)
_MONO = re.compile(r"mono|cour|consol|typewriter|cmtt|sftt|menlo|fixed|lettergothic", re.IGNORECASE)

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_font_of = plain(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_mode_of = plain(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
_fill_color = plain(pdfium.FPDFPageObj_GetFillColor, _INT, *[_ADDRESS] * 5)
_stroke_color = plain(pdfium.FPDFPageObj_GetStrokeColor, _INT, *[_ADDRESS] * 5)
_matrix_at = plain(pdfium.FPDFText_GetMatrix, _INT, _ADDRESS, _INT, _ADDRESS)
_size_at = plain(pdfium.FPDFText_GetFontSize, ctypes.c_double, _ADDRESS, _INT)
_weight_at = plain(pdfium.FPDFText_GetFontWeight, _INT, _ADDRESS, _INT)
_font_at = plain(pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _ADDRESS, _INT, _ADDRESS, ctypes.c_ulong, _ADDRESS)


@dataclass(frozen=True, slots=True)
class Style:
    """What all characters of one text object share; the em and baseline are in page pixels."""

    font: Font
    rotation: float


class Styled(NamedTuple):
    """How characters are set.

    Attributes:
        styles: each once.
        style: the place of each character's own among them.
        objects: the text object that each is in.
    """

    styles: list[Style]
    style: NDArray[np.intp]
    objects: NDArray[np.uintp]


def styles_at(characters: Characters, places: NDArray[np.intp], to_pixels: Affine) -> Styled:
    """The styles of the characters at these places."""
    known = _known_of(characters, to_pixels)
    addresses = characters.objects(places)
    objects, first, of_object = np.unique(addresses, return_index=True, return_inverse=True)
    found = [known.at(place, address) for place, address in zip(places[first].tolist(), objects.tolist(), strict=True)]
    styles = {id(style): style for style in found}
    number = {each: place for place, each in enumerate(styles)}
    chosen = np.array([number[id(style)] for style in found], np.intp)[of_object]
    every = list(styles.values())
    for alone in np.flatnonzero(addresses == 0).tolist():
        chosen[alone] = len(every)
        every.append(known.at(int(places[alone]), 0))
    return Styled(every, chosen, addresses)


def _known_of(characters: Characters, to_pixels: Affine) -> _Styles:
    """What is known of the styles of these characters already."""
    known = _KNOWN.get(characters)
    if known is None or known.to_pixels != to_pixels:
        known = _KNOWN[characters] = _Styles(characters.raw, to_pixels)
    return known


def baselines_of(heights: Sequence[float], styles: Sequence[Style]) -> list[float | None]:
    """The baselines of what is set in these styles; turned writing has none."""
    return [None if style.rotation else height for height, style in zip(heights, styles, strict=True)]


class _Styles:
    """The styles on one text page. Objects that agree in font, size and matrix share one style, the same object."""

    def __init__(self, raw: int, to_pixels: Affine) -> None:
        """`raw` is the address of the text page."""
        self._raw = raw
        self.to_pixels = to_pixels
        self._of_object: dict[int, Style] = {}
        self._of_look: dict[tuple[object, ...], Style] = {}
        self._known: dict[Style, Style] = {}
        self._matrix = pdfium.FS_MATRIX()
        self._at_matrix = ctypes.addressof(self._matrix)

    def at(self, index: int, address: int) -> Style:
        """The style of character `index`; `address` is its text object, 0 for what PDFium made up."""
        if not address:
            return _style(self._raw, index, 0, self.to_pixels)
        style = self._of_object.get(address)
        if style is None:
            style = self._of_object[address] = self._looked_up(index, address)
        return style

    def _looked_up(self, index: int, address: int) -> Style:
        # Reading a font's name is slow, and pages have thousands of objects in a few fonts.
        m = self._matrix
        _matrix_at(self._raw, index, self._at_matrix)
        size = _size_at(self._raw, index)
        look = (_font_of(address), size, m.a, m.b, m.c, m.d, *_drawn(address))
        style = self._of_look.get(look)
        if style is None:
            style = _style(self._raw, index, address, self.to_pixels)
            style = self._of_look[look] = self._known.setdefault(style, style)
        return style


_KNOWN: WeakKeyDictionary[Characters, _Styles] = WeakKeyDictionary()


def _style(raw: int, index: int, address: int, to_pixels: Affine) -> Style:
    matrix = pdfium.FS_MATRIX()
    _matrix_at(raw, index, ctypes.addressof(matrix))
    a, b, c, d, *_ = to_pixels
    up_x, up_y = a * matrix.c + c * matrix.d, b * matrix.c + d * matrix.d
    along_x, along_y = a * matrix.a + c * matrix.b, b * matrix.a + d * matrix.b
    size = _size_at(raw, index) * math.hypot(up_x, up_y)
    if size < 0:  # Type of negative size runs the other way and upside down.
        size, along_x, along_y = -size, -along_x, -along_y
    name, flags = _font_name(raw, index)
    weight = _weight_at(raw, index)
    mode, thickened = _drawn(address) if address else (0, False)
    font = Font(
        size=round(size, 2) or 1.0,
        name=name,
        bold=_is_bold(name, weight, flags) or thickened,
        italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG),
        mono=bool(_MONO.search(name)) or bool(flags & _FIXED_PITCH),
        color=INVISIBLE if mode in _INVISIBLE_MODES else "",
    )
    return Style(font, math.degrees(math.atan2(along_y, along_x)) % 360.0)


def _is_bold(name: str, weight: int, flags: int) -> bool:
    """What the name says goes before what the descriptor says, which is often left at some default."""
    if _BOLD.search(name):
        return True
    return not _REGULAR.search(name) and (weight >= _BOLD_WEIGHT or bool(flags & _FORCE_BOLD))


def _drawn(address: int) -> tuple[int, bool]:
    """How letters are painted, and whether that makes them bold: filled and drawn around in one colour."""
    mode = _mode_of(address)
    if mode != _FILLED_AND_DRAWN:
        return mode, False
    colors = (ctypes.c_uint * 8)()
    start, step = ctypes.addressof(colors), ctypes.sizeof(ctypes.c_uint)
    places = range(start, start + 8 * step, step)
    known = _fill_color(address, *places[:4]) and _stroke_color(address, *places[4:])
    return mode, bool(known) and colors[:3] == colors[4:7]


def _font_name(raw: int, index: int) -> tuple[str, int]:
    """Base name of the font without its subset tag, and the descriptor's flags."""
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    _font_at(raw, index, ctypes.addressof(buffer), 128, ctypes.addressof(flags))
    return buffer.value.decode("utf-8", "replace").split("+", 1)[-1], max(0, flags.value)
