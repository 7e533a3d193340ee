"""Long strokes of coloured ink across lines of print: rings and frames of stamps, pens. Without them the print reads.

Black ink swallows all colours, and coloured ink lets one of them through: there what is under it can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.domain.grey import plane_of
from octavo.engines.pixels import Quad, box_of
from octavo.engines.text_detection import thickness

_COLOURED = 56
"""Ink is coloured if its strongest and its weakest colour are so far apart (of 255), beyond the paper's own."""
_FEWEST, _STEP = 0.0005, 4
"""A page has some if it makes this share of its pixels, of which one in so many is looked at, each way."""
_LARGE = 2.5
"""A stroke is so many lines high and wide, at least,"""
_THIN = 0.4
"""and at most this share of a line thick."""
_GAP = 0.2
"""Gaps that black strokes leave in it are no wider than this share of a line's height."""
_EDGE = 2
"""Pixels by which its edges are paler than itself."""
_INSIDE = 0.8
"""Lines of which more than this is inside of it belong to a logo, a balloon, a table."""
_DARK, _TOUCHED = 0.5, 2.0
"""Print is darker than this share of the paper, and a stroke across it touches so many of its pixels, in lines'
heights: rules of tables, frames and logos keep clear of it."""
_MOST = 2000
"""A page with more marks in colour is a picture."""

_Mask = NDArray[np.uint8]


def without_coloured_strokes(image: Image, quads: Sequence[Quad]) -> Image | None:
    """The page (RGB) as its print looks under such strokes; None where none runs across the lines in `quads`."""
    if not len(quads) or _is_grey(image):
        return None
    usual = float(np.median([thickness(quad) for quad in quads]))
    mask = _coloured(image)
    gap = np.ones((max(3, round(_GAP * usual)),) * 2, np.uint8)
    closed = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, gap), dtype=np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count > _MOST:
        return None
    large = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _LARGE * usual
    numbers = [each for each in np.flatnonzero(large).tolist() if each]
    marks = [_Mark.of(np.asarray(labels), stats[each].tolist(), each) for each in numbers]
    thin = [mark for mark in marks if mark.thickness <= _THIN * usual]
    if not thin:
        return None
    black = _black(image, mask)
    strokes = [mark for mark in thin if mark.touched(_print_in(black, quads, mark.box)) >= _TOUCHED * usual]
    if not strokes:
        return None
    lifted = image.copy()
    for mark in strokes:
        mark.lift(lifted)
    return lifted


def _is_grey(image: Image) -> bool:
    if plane_of(image) is not None:
        return True
    spread = _spread(np.ascontiguousarray(image[::_STEP, ::_STEP]))
    return bool(np.count_nonzero(spread > _COLOURED) < _FEWEST * spread.size)


def _spread(image: Image) -> _Mask:
    """How far apart the strongest and the weakest colour of each pixel are."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue) - cv2.min(cv2.min(red, green), blue), dtype=np.uint8)


def _coloured(image: Image) -> _Mask:
    """Where the ink is coloured."""
    spread = _spread(image)
    paper = int(np.median(spread[::_STEP, ::_STEP]))
    return (spread > paper + _COLOURED).astype(np.uint8)


def _black(image: Image, coloured: _Mask) -> _Mask:
    """Where dark ink without colour is."""
    strongest = np.asarray(cv2.max(cv2.max(*cv2.split(image)[:2]), image[:, :, 2]), dtype=np.uint8)
    dark = strongest < _DARK * float(np.median(strongest[::_STEP, ::_STEP]))
    return np.asarray(dark * (1 - coloured), dtype=np.uint8)


def _print_in(black: _Mask, quads: Sequence[Quad], box: BBox) -> _Mask:
    """Black ink in lines that go on outside of a box."""
    lines = np.zeros_like(black)
    for quad in quads:
        if box_of(quad).inside_share(box) < _INSIDE:
            cv2.fillPoly(lines, [np.asarray(quad, dtype=np.int32)], [1])
    return np.asarray(lines * black, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Coloured ink that hangs together: where it is on the page, with its edges, and which pixels there are its own."""

    rows: slice
    columns: slice
    own: _Mask

    @classmethod
    def of(cls, labels: NDArray[np.int32], stat: Sequence[int], each: int) -> _Mark:
        """One of those that were labelled."""
        left, top, width, height = stat[:4]
        rows = slice(max(0, top - _EDGE), top + height + _EDGE)
        columns = slice(max(0, left - _EDGE), left + width + _EDGE)
        return cls(rows, columns, (labels[rows, columns] == each).astype(np.uint8))

    @property
    def box(self) -> BBox:
        """Around it."""
        return BBox(self.columns.start, self.rows.start, self.columns.stop, self.rows.stop)

    @property
    def thickness(self) -> float:
        """Of its strokes, one with another."""
        outlines, _ = cv2.findContours(self.own, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        edge = sum(cv2.arcLength(outline, closed=True) for outline in outlines)
        return float(2.0 * np.count_nonzero(self.own) / max(1.0, edge))

    @property
    def around(self) -> _Mask:
        """It and its edges, which are paler."""
        return np.asarray(cv2.dilate(self.own, np.ones((2 * _EDGE + 1, 2 * _EDGE + 1), np.uint8)), dtype=np.uint8)

    def touched(self, print_: _Mask) -> int:
        """Pixels of print that it touches."""
        return int(np.count_nonzero(self.around & print_[self.rows, self.columns]))

    def lift(self, image: Image) -> None:
        """Take it off: what it lets through is paper where that is as bright as the mark is mostly."""
        part, around = image[self.rows, self.columns], self.around > 0
        strongest = part.max(axis=2).astype(np.float32)
        through = np.clip(strongest / max(1.0, float(np.median(strongest[self.own > 0]))), 0.0, 1.0)
        paper = np.median(part[~around], axis=0) if (~around).any() else np.full(3, 255.0)
        part[around] = (through[around, None] * paper).astype(np.uint8)
