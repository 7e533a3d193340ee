"""Writing of the other side of a sheet that shines through: faint lines that only their mirror image makes sense of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.grey import per_plane
from octavo.engines.crew import Crew
from octavo.engines.pixels import box_of, cut, gray_of
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph

_BADLY, _WELL = 0.8, 0.9
"""Mean confidences below which a line is read badly, and from which on it is read well."""
_LETTERS = 5
"""Shorter lines tell nothing."""
_FAINT = 0.6
"""What shines through has at most so much of the contrast of lines that are read well."""
_FEWEST = 2
"""So many lines in the mirror at least make a side."""
_INK = 1.0
"""Percentile of a line's brightness that is its ink."""
_SPREAD = 1.15
"""The other side's ink is so many times as dark as that of its usual line, where it is darkest."""
_GRAIN = 16
"""Pixels of squares whose brightest tell the paper: wider than strokes."""


def lines_behind(
    image: Image, lines: Sequence[ReadLine], read: Callable[[Image], tuple[Glyph, ...]], crew: Crew
) -> list[ReadLine]:
    """Those of the `lines` on `image` that belong to the other side; none when they are too few to be one.

    Args:
        image: the page, RGB.
        lines: as they were read.
        read: reads the crop of a line.
        crew: reads several at the same time.
    """
    bad = [line for line in lines if len(line.text) >= _LETTERS and line.confidence < _BADLY]
    if len(bad) < _FEWEST:
        return []
    well = [contrast(image, line) for line in lines if _is_well_read(line)]
    faint = [line for line in bad if well and contrast(image, line) <= _FAINT * float(np.median(well))]

    def is_mirrored(line: ReadLine) -> bool:
        glyphs = read(np.ascontiguousarray(cut(image, line.quad)[0][:, ::-1]))
        return len(glyphs) >= _LETTERS and sum(glyph.confidence for glyph in glyphs) >= _WELL * len(glyphs)

    behind = [line for line, mirrored in zip(faint, crew.map(is_mirrored, faint), strict=True) if mirrored]
    return behind if len(behind) >= _FEWEST else []


def contrast(image: Image, line: ReadLine) -> float:
    """How much darker than its paper a line's ink is, 0 to 1."""
    gray = gray_of(cut(image, line.quad)[0])
    paper = float(np.median(gray))
    return max(0.0, 1.0 - float(np.percentile(gray, _INK)) / paper) if paper else 0.0


def without_other_side(image: Image, behind: Sequence[ReadLine]) -> tuple[Image, float]:
    """The page without ink as faint as that of these lines, and the contrast up to which ink counts as faint."""
    least = min(0.9, _SPREAD * float(np.median([contrast(image, line) for line in behind])))
    return per_plane(image, lambda pixels: _without(pixels, least)), least


def _without(pixels: NDArray[np.uint8], least: float) -> NDArray[np.uint8]:
    paper = _paper(pixels)
    darkness = 1.0 - np.minimum(pixels / paper, 1.0)
    darkness = np.maximum(darkness - least, 0.0) / (1.0 - least)
    return (paper * (1.0 - darkness)).astype(np.uint8)


def _paper(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness of the paper below each pixel."""
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(small, np.ones((_GRAIN, _GRAIN), np.uint8))
    smooth = cv2.blur(bright, (2 * _GRAIN, 2 * _GRAIN))
    paper = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.maximum(np.asarray(paper, dtype=np.float32), 1.0)


def faint_and_well_read(image: Image, lines: Sequence[ReadLine], least: float) -> list[ReadLine]:
    """Lines of this side that are as faint as the other side's: they must not vanish with it."""
    return [line for line in lines if _is_well_read(line) and contrast(image, line) <= least]


def beside(lines: Sequence[ReadLine], kept: Sequence[ReadLine]) -> list[ReadLine]:
    """Those of the `lines` whose middle does not lie within one that is kept."""
    return [line for line in lines if not any(_holds(other, line) for other in kept)]


def _is_well_read(line: ReadLine) -> bool:
    return len(line.text) >= _LETTERS and line.confidence >= _WELL


def _holds(line: ReadLine, other: ReadLine) -> bool:
    x, y = other.quad.mean(axis=0)
    box = box_of(line.quad)
    return bool(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1)
