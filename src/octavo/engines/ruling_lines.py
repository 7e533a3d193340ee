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


def ruling_lines(image: Image) -> tuple[Rule, ...]:
    """Level and upright lines on `image` (RGB), boxes in its pixels; lines that lean a little are told as straight.

    Lines may be interrupted for as long as the shortest one. Underlines are lines too; letters are not.
    """
    length = max(FEWEST_PIXELS, max(image.shape[:2]) // SHORTEST)
    if min(image.shape[:2]) < 3:
        return ()
    dark = _dark(image)
    level = _strokes(dark, length)
    upright = [BBox(box.y0, box.x0, box.y1, box.x1) for box in _strokes(np.ascontiguousarray(dark.T), length)]
    found = [*level, *upright]
    return tuple(Rule(box=box) for box in found) if len(found) <= MOST else ()


def _dark(image: Image) -> _Mask:
    """255 where a pixel is darker than its surrounding, else 0."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(
        cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, SURROUNDING, CONTRAST),
        dtype=np.uint8,
    )


def _strokes(dark: _Mask, length: int) -> list[BBox]:
    """Level strokes of at least `length` pixels, pieces on one line joined."""
    # One row more is taken in, so that a line which leans by less than its own thickness in `length` is not cut.
    thick = cv2.dilate(dark, np.ones((2, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, length // 2), np.uint8))
    count, labels, stats, centers = cv2.connectedComponentsWithStats(runs, connectivity=8)
    del labels
    if count - 1 > MOST:
        return []
    pieces: list[BBox] = []
    for left, _, width, height, area, middle in np.column_stack([stats, centers[:, 1]])[1:].tolist():
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
