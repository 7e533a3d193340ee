"""Which way lines of text run in each part of a page: told from its ink, smeared until lines are streaks.

The slope of a streak is that of the structure tensor (Bigün and Granlund 1987), gathered over squares of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.grey import plane_of, spread
from octavo.engines.pixels import Floats, resized

SIDE = 1000
"""Pages are looked at with their longer side at so many pixels; all lengths below are meant there."""
_PAPER = 61
"""Paper is the mean of a square with such sides;"""
_FAINT, _BLACK = 14.0, 60.0
"""what differs from it by less (of 255) is no ink, and more makes no difference."""
_SMEAR, _BLUR = 21, 1.5
"""Ink is smeared along lines by so many pixels and blurred by so many: letters of a line run together."""
_SQUARE, _STEP = 51, 25
"""Sides of the squares that slopes are gathered over, and how far these are apart."""
_FULL = 90.0
"""Squares with more edges than this percentile has count no more: a black bar is no better witness than text."""
_NOTHING = 1e-3
"""Squares with less than this have no edges: it is what sums of floats leave behind."""
_STEEPEST = 0.5
"""Lines that run more steeply (radians) are no lines of text."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Of squares (rows x columns) that cover a page: how lines in them slope downwards, and how surely that is told."""

    slope: Floats
    weight: Floats


def ink_on(image: Image) -> Floats:
    """What differs from its surroundings on a page (RGB) in green, brought to `SIDE`."""
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    # Green is nearly as good as grey: this is done on each page.
    plane = plane_of(image)
    green = spread(np.asarray(cv2.extractChannel(image, 1), dtype=np.uint8) if plane is None else plane)
    small = resized(green, max(1, round(width * scale)), max(1, round(height * scale)))
    gray = small[:, :, 0].astype(np.float32)
    distance = np.abs(cv2.blur(gray, (_PAPER, _PAPER)) - gray)
    return np.asarray(np.clip(distance - _FAINT, 0.0, _BLACK), dtype=np.float32)


def slopes_of(ink: Floats) -> Slopes:
    """How the lines on `ink` slope."""
    streaks = cv2.GaussianBlur(cv2.blur(ink, (_SMEAR, 1)), (0, 0), _BLUR)
    across, down = cv2.Sobel(streaks, cv2.CV_32F, 1, 0), cv2.Sobel(streaks, cv2.CV_32F, 0, 1)
    both, level, upright = _gathered(across * down), _gathered(down * down), _gathered(across * across)
    angle = 0.5 * np.arctan2(-2.0 * both, level - upright)
    alike = np.hypot(level - upright, 2.0 * both) / (level + upright + 1e-6)
    weight = np.minimum(level, max(_NOTHING, float(np.percentile(level, _FULL)))) * alike**2
    weight[(np.abs(angle) > _STEEPEST) | (level < _NOTHING)] = 0.0
    slope = np.tan(np.clip(angle, -_STEEPEST, _STEEPEST))
    return Slopes(slope.astype(np.float32), weight.astype(np.float32))


def _gathered(values: NDArray[np.floating]) -> Floats:
    height, width = values.shape
    squares = max(4, width // _STEP), max(4, height // _STEP)
    means = cv2.resize(cv2.blur(values, (_SQUARE, _SQUARE)), squares, interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)
