"""All characters of a text page at once: a call of PDFium for each, but none of Python's own work around it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
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

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_unicode = plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
_object = plain(pdfium.FPDFText_GetTextObject, ctypes.c_size_t, _ADDRESS, _INT)
_generated = plain(pdfium.FPDFText_IsGenerated, _INT, _ADDRESS, _INT)
_hyphen = plain(pdfium.FPDFText_IsHyphen, _INT, _ADDRESS, _INT)
_loose_box = plain(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_tight_box = plain(pdfium.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
_origin = plain(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, *[_ADDRESS] * 2)


class Characters:
    """The characters of an open text page, up to `MOST_CHARACTERS`; places count from 0."""

    def __init__(self, textpage: pypdfium2.PdfTextPage) -> None:
        self.raw: int = address_of(textpage.raw)
        self._every: int = textpage.count_chars()
        self.count: int = min(self._every, MOST_CHARACTERS)

    @property
    def left_out(self) -> int:
        """How many are not looked at."""
        return max(0, self._every - MOST_CHARACTERS)

    def codes(self) -> NDArray[np.int64]:
        """What they say. A character that comes in two halves stands at the first; a first half alone is U+FFFD."""
        codes = np.fromiter(map(_unicode, repeat(self.raw), range(self.count)), np.int64, self.count)
        for place in np.flatnonzero((codes >= HIGH_HALVES.start) & (codes < HIGH_HALVES.stop)).tolist():
            codes[place] = _whole(int(codes[place]), _unicode(self.raw, place + 1))
        return codes

    def objects(self, places: Sequence[int]) -> NDArray[np.uintp]:
        """Addresses of the text objects that they are in, 0 for what PDFium made up."""
        return np.fromiter(map(_object, repeat(self.raw), places), np.uintp, len(places))

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

    def baselines(self, places: Sequence[int], to_pixels: Affine) -> NDArray[np.float64]:
        """The y of their origins, in page pixels."""
        x, y = points = np.zeros((2, len(places)))
        _fill(_origin, self.raw, places, points)
        baselines: NDArray[np.float64] = to_pixels[1] * x + to_pixels[3] * y + to_pixels[5]
        return baselines


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
