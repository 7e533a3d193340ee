"""All characters of a text page at once: a call of PDFium for each, but none of Python's own work around it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from octavo.documents.pdf.calls import Call, address_of, plain
from octavo.documents.pdf.graphics import Affine

MOST_CHARACTERS = 250_000
"""So many characters of a page are read, blanks included; a page of a newspaper has 40,000."""
HIGH_HALVES, LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
"""Characters beyond the first plane come from PDFium in two halves, each with the same box."""
_BROKEN = 0xFFFD
_HYPHEN = 0xFFFE
"""In a text as a whole PDFium says so of a hyphen at a line's end, of which it says something else by itself."""
_FROM_RIGHT = (
    range(0x590, 0x900),
    range(0x200E, 0x2010),
    range(0x202A, 0x202F),
    range(0x2066, 0x206A),
    range(0xFB1D, 0xFE00),
    range(0xFE70, 0xFF00),
    range(0x10800, 0x11000),
    range(0x1E800, 0x1F000),
)
"""Where characters lie that are written from right to left, or make others be."""
STRETCH = 16
"""Stretches of so many characters are looked at, at their ends first."""

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_text = plain(pdfium.FPDFText_GetText, _INT, _ADDRESS, _INT, _INT, _ADDRESS)
_unicode = plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
_object = plain(pdfium.FPDFText_GetTextObject, ctypes.c_size_t, _ADDRESS, _INT)
_generated = plain(pdfium.FPDFText_IsGenerated, _INT, _ADDRESS, _INT)
_hyphen = plain(pdfium.FPDFText_IsHyphen, _INT, _ADDRESS, _INT)
_loose_box = plain(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_tight_box = plain(pdfium.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
_origin = plain(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, *[_ADDRESS] * 2)


class Characters:
    """The characters of a page, up to `MOST_CHARACTERS`; places count from 0. Found once, and held as long as this."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._held = page.get_textpage()
        self.raw: int = address_of(self._held.raw)
        self._every: int = self._held.count_chars()
        self.count: int = min(self._every, MOST_CHARACTERS)

    @property
    def left_out(self) -> int:
        """How many are not looked at."""
        return max(0, self._every - MOST_CHARACTERS)

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """What they say. A character that comes in two halves stands at the first; a first half alone is U+FFFD."""
        codes = self._codes_at_once()
        if codes is None:
            codes = np.fromiter(map(_unicode, repeat(self.raw), range(self.count)), np.int64, self.count)
        for place in np.flatnonzero((codes >= HIGH_HALVES.start) & (codes < HIGH_HALVES.stop)).tolist():
            codes[place] = _whole(int(codes[place]), _unicode(self.raw, place + 1))
        return codes

    def _codes_at_once(self) -> NDArray[np.int64] | None:
        """The codes as one text; None where that lacks any: PDFium leaves control characters out."""
        if self.left_out or not self.count:
            return None
        text = np.zeros(self.count + 1, np.uint16)
        if _text(self.raw, 0, self.count, text.ctypes.data) != self.count + 1:
            return None
        codes = text[:-1].astype(np.int64)
        for place in np.flatnonzero(codes == _HYPHEN).tolist():
            codes[place] = _unicode(self.raw, place)
        return codes

    def are_drawn(self, places: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether a text object writes them."""
        drawn: NDArray[np.bool_] = self._asked(places) != 0
        return drawn

    def objects(self, places: NDArray[np.intp]) -> NDArray[np.uintp]:
        """Addresses of the text objects that write what stands at `places`, which are in order and without blanks.

        What one object writes from left to right stands together. So PDFium is asked about some first, and about what
        is between them only where these differ.
        """
        if len(places) <= STRETCH or self._is_from_right:
            return self._asked(places)
        ends = np.append(np.arange(0, len(places) - 1, STRETCH), len(places) - 1)
        objects, asked = np.zeros(len(places), np.uintp), np.zeros(len(places), np.intp)
        objects[ends], asked[ends] = self._asked(places[ends]), ends
        low, high = ends[:-1], ends[1:]
        while len(unlike := np.flatnonzero((objects[low] != objects[high]) & (high - low > 1))):
            low, high = low[unlike], high[unlike]
            middle = (low + high) // 2
            objects[middle], asked[middle] = self._asked(places[middle]), middle
            low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        return objects[np.maximum.accumulate(asked)]

    def _asked(self, places: NDArray[np.intp]) -> NDArray[np.uintp]:
        return np.fromiter(map(_object, repeat(self.raw), places.tolist()), np.uintp, len(places))

    @cached_property
    def _is_from_right(self) -> bool:
        """Whether any may be written from right to left: PDFium then mixes what objects write."""
        high = self.codes[self.codes >= _FROM_RIGHT[0].start]
        return any(bool(((high >= each.start) & (high < each.stop)).any()) for each in _FROM_RIGHT if len(high))

    def are_generated(self, places: Sequence[int]) -> list[bool]:
        """Whether PDFium made them up."""
        return [flag != 0 for flag in map(_generated, repeat(self.raw), places)]

    def are_hyphens(self, places: Sequence[int]) -> list[bool]:
        """Whether PDFium found that they cut a word at the end of a line."""
        return [flag != 0 for flag in map(_hyphen, repeat(self.raw), places)]

    def loose_boxes(self, places: Sequence[int]) -> NDArray[np.float64]:
        """From ascender to descender: left, top, right, bottom in the page's own space, one row a character."""
        boxes = np.zeros((len(places), 4), np.float32)
        _fill(_loose_box, self.raw, places, [boxes])
        return boxes.astype(np.float64)

    def tight_boxes(self, places: Sequence[int]) -> NDArray[np.float64]:
        """Around the ink: left, right, bottom, top in the page's own space, one column a row."""
        boxes = np.zeros((4, len(places)))
        _fill(_tight_box, self.raw, places, boxes)
        return boxes

    def baselines(
        self, places: NDArray[np.intp], to_pixels: Affine, objects: NDArray[np.uintp] | None = None
    ) -> NDArray[np.float64]:
        """The y of their origins, in page pixels.

        Where it is known which `objects` write them, PDFium is asked about the first and the last of each: an object
        writes along a straight line.
        """
        if objects is None or to_pixels[1] or not len(places):
            x, y = self._origins(places)
        else:
            x, y = np.zeros(len(places)), self._heights(places, objects)
        baselines: NDArray[np.float64] = to_pixels[1] * x + to_pixels[3] * y + to_pixels[5]
        return baselines

    def _heights(self, places: NDArray[np.intp], objects: NDArray[np.uintp]) -> NDArray[np.float64]:
        begins = np.append(True, objects[1:] != objects[:-1])
        first = np.flatnonzero(begins)
        last = np.append(first[1:], len(places)) - 1
        _, heights = self._origins(places[np.concatenate([first, last])])
        run, count = np.cumsum(begins) - 1, len(first)
        every: NDArray[np.float64] = heights[:count][run]
        sloping = np.flatnonzero((heights[:count] != heights[count:])[run] | (objects == 0))
        every[sloping] = self._origins(places[sloping])[1]
        return every

    def _origins(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """Their origins in the page's own space: x, y, one row each."""
        points = np.zeros((2, len(places)))
        _fill(_origin, self.raw, places.tolist(), points)
        return points


class Runs(NamedTuple):
    """Runs of characters: their texts, and the sides of the boxes around them (x0, y0, x1, y1)."""

    texts: list[str]
    sides: list[list[float]]


def runs_of(texts: Sequence[str], boxes: NDArray[np.float64], first: NDArray[np.intp]) -> Runs:
    """Runs of characters; `first` are the places where one begins, in order, the first being 0.

    Args:
        texts: of the characters.
        boxes: n x 4, x0, y0, x1, y1 of each.
        first: at least one.
    """
    bounds = [*first.tolist(), len(texts)]
    least, most = np.minimum.reduceat(boxes[:, :2], first), np.maximum.reduceat(boxes[:, 2:], first)
    return Runs(["".join(texts[start:end]) for start, end in pairwise(bounds)], [*least.T.tolist(), *most.T.tolist()])


def _fill(ask: Call, raw: int, places: Sequence[int], columns: Sequence[NDArray[Any]] | NDArray[Any]) -> None:
    """PDFium writes what it is asked of each place into the rows of `columns`, one pointer for each column."""
    if not places:
        return
    targets = []
    for column in columns:
        start, step = column.ctypes.data, column.strides[0]
        targets.append(range(start, start + step * len(places), step))
    for _ in map(ask, repeat(raw), places, *targets):
        pass


def _whole(code: int, following: int) -> int:
    return 0x10000 + ((code - 0xD800) << 10) + (following - 0xDC00) if following in LOW_HALVES else _BROKEN
