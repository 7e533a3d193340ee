"""Ruling lines on a page image by morphology: long level or plumb runs of dark pixels, text strokes left out."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Rule
from octavo.domain.document import Image
from octavo.domain.geometry import BBox

SHORTEST = 0.03
"""A line is at least so long, as a share of the image's longer side: longer than any stroke of a letter."""
CORE = 24
"""Straight runs of at least so many pixels make up a line; one turned by a degree breaks into runs of 57."""
SLENDER = 10.0
"""A line is at least so many times as long as thick."""
THICKEST = 0.006
"""And at most so thick, as a share of the longer side: thicker ones are bars and boxes."""
STEEPEST = 0.035
"""It rises by at most so much of its length: two degrees."""
DARKER = 24
"""Ink is darker than what surrounds it by at least so many grey levels."""


def ruling_lines(image: Image) -> tuple[Rule, ...]:
    """Horizontal and vertical lines on `image` (RGB), boxes in its pixels; small skew and gaps are tolerated."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    block = 2 * (max(grey.shape) // 120) + 3
    ink = np.asarray(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, DARKER), np.uint8
    )
    side = max(grey.shape)
    level = [Rule(box=box) for box in _level_lines(ink, side)]
    plumb = [Rule(box=BBox(b.y0, b.x0, b.y1, b.x1)) for b in _level_lines(np.ascontiguousarray(ink.T), side)]
    return tuple(level + plumb)


def _level_lines(ink: NDArray[np.uint8], side: int) -> Iterator[BBox]:
    """Boxes of level lines: all but long runs taken away, runs that nearly touch joined."""
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, CORE), np.uint8))
    joined = cv2.dilate(runs, np.ones((3, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x, y, width, height, area in stats[1:].tolist():
        # The dilation added four pixels at either end and one above and below.
        x0, x1, middle = x + 4, x + width - 4, y + height / 2
        long, thick = x1 - x0, max(1.0, area / width - 2)
        slanted = height - 2 > thick + STEEPEST * long
        if long >= SHORTEST * side and long >= SLENDER * thick and thick <= THICKEST * side and not slanted:
            yield BBox(float(x0), middle - thick / 2, float(x1), middle + thick / 2)
