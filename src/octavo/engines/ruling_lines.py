"""Ruling lines from pixels: long thin dark strokes that run level or upright.

The method is the classic one (Leptonica's line removal, img2table): opening with a long flat element leaves nothing
but runs as long as the element, and what is left is measured stroke by stroke.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Rule
from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.engines.pixels import gray_of

SHORTEST = 50
"""A stroke is at least one part in so many of the image's longer side."""
FEWEST_PIXELS = 24
"""And at least so many pixels long: longer than strokes of letters in small images."""
THICKEST = 0.3
"""A stroke is at most this thick, in the shortest length: thicker ones are filled areas."""
CONTRAST = 18
"""A stroke is this much darker (of 255) than what surrounds it."""
SURROUNDING = 31
"""Pixels that a pixel is compared with, on a side."""
MOST = 4000
"""An image with more strokes is a picture: none of them is told."""

_Mask = NDArray[np.uint8]
_Rows = NDArray[np.intp]


def ruling_lines(image: Image) -> tuple[Rule, ...]:
    """Level and upright lines on `image` (RGB), boxes in its pixels; lines that lean a little are told as straight.

    Lines may be interrupted for as long as the shortest one. Underlines are lines too; letters are not.
    """
    length = max(FEWEST_PIXELS, max(image.shape[:2]) // SHORTEST)
    if min(image.shape[:2]) < 3:
        return ()
    dark = _dark(image)
    # One row more is taken in, so that a line which leans by less than its own thickness in `length` is not cut.
    thick, wide = _dilated(dark, (2, 1)), _dilated(dark, (1, 2))
    rows, columns = _rows_with_runs(thick, length), _columns_with_runs(wide, length)
    level = _strokes(thick[rows], rows, length)
    turned = _strokes(np.ascontiguousarray(wide[:, columns].T), columns, length)
    upright = [BBox(box.y0, box.x0, box.y1, box.x1) for box in turned]
    found = [*level, *upright]
    return tuple(Rule(box=box) for box in found) if len(found) <= MOST else ()


def _dark(image: Image) -> _Mask:
    """255 where a pixel is darker than its surrounding, else 0."""
    return np.asarray(
        cv2.adaptiveThreshold(
            gray_of(image), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, SURROUNDING, CONTRAST
        ),
        dtype=np.uint8,
    )


def _dilated(dark: _Mask, size: tuple[int, int]) -> _Mask:
    return np.asarray(cv2.dilate(dark, np.ones(size, np.uint8)), dtype=np.uint8)


def _rows_with_runs(dark: _Mask, length: int) -> _Rows:
    """Rows that may hold a run of `length` pixels, and the row after each: no others need to be looked at.

    Such a run fills so many whole bytes of bits side by side.
    """
    full = (np.packbits(dark, axis=1) == 0xFF).astype(np.uint8)
    runs = cv2.erode(full, np.ones((1, (length - 7) // 8), np.uint8))
    return _with_next(np.asarray(runs).max(axis=1), len(dark))


def _columns_with_runs(dark: _Mask, length: int) -> _Rows:
    """The same of columns."""
    whole = len(dark) // 8 * 8
    full = np.bitwise_and.reduce(dark[:whole].reshape(-1, 8, dark.shape[1]), axis=1)
    runs = cv2.erode(full, np.ones(((length - 7) // 8, 1), np.uint8)) if len(full) else full
    return _with_next(np.asarray(runs).max(axis=0, initial=0), dark.shape[1])


def _with_next(found: _Mask, count: int) -> _Rows:
    places = np.flatnonzero(found)
    return np.union1d(places, np.minimum(places + 1, count - 1))


def _strokes(dark: _Mask, rows: _Rows, length: int) -> list[BBox]:
    """Level strokes of at least `length` pixels in what `dark` has of an image: these `rows`; pieces joined."""
    if not len(rows):
        return []
    runs = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, length // 2), np.uint8))
    count, labels, stats, centers = cv2.connectedComponentsWithStats(runs, connectivity=8)
    del labels
    # No stroke reaches over a row that was left out, for the one before it is empty.
    middles = centers[:, 1] - stats[:, cv2.CC_STAT_TOP] + rows[stats[:, cv2.CC_STAT_TOP]]
    if count - 1 > MOST:
        return []
    pieces: list[BBox] = []
    for left, _, width, height, area, middle in np.column_stack([stats, middles])[1:].tolist():
        thickness = max(1.0, area / width - 1)
        if thickness <= THICKEST * length and height <= max(3 * thickness + 2, 0.06 * width):
            pieces.append(BBox(left, middle - thickness / 2, left + width, middle + thickness / 2))
    return _joined(pieces, length)


def _joined(pieces: list[BBox], length: int) -> list[BBox]:
    """Pieces that go on with one another at the same height, made one."""
    made: list[BBox] = []
    for piece in sorted(pieces, key=lambda box: (box.x0, box.y0)):
        for place, other in enumerate(made):
            near = abs(piece.center_y - other.center_y) <= max(piece.height, other.height) + 1
            if near and piece.x0 - other.x1 <= length and piece.x1 > other.x1:
                made[place] = other.union(piece)
                break
        else:
            made.append(piece)
    return [box for box in made if box.width >= length]
