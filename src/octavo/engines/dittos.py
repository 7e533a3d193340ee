"""Ditto marks: two short strokes in the upper half of a line, which networks take for `11`, `18`, `H` or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from octavo.engines.pixels import box_of
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph

MARK = '"'
CONFIDENCE = 0.9
"""What is found by its shape and its place is given so much."""

_FEWEST = 3
"""A page that repeats what stands above does so this often at least."""
_MOST_LETTERS = 3
"""What was read in a mark has at most so many characters."""
_LOWEST, _HIGHEST = 0.25, 0.72
"""How high a mark is, as a share of the page's tall letters."""
_NARROWEST, _WIDEST = 0.7, 1.7
"""How wide it is, as a share of its height."""
_VALLEY = 0.75
"""Between its strokes there is less ink than this share of what the weaker stroke has."""
_STROKE = 0.75
"""A stroke goes through so much of the mark's height."""
_RAISED = 0.2
"""A mark ends above the foot of what stands beside it, by this share of the height of tall letters."""


def with_dittos(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """`lines`, with those that are ditto marks read as such, where a page has several."""
    written = [line.ink.baseline - line.ink.top for line in lines if len(line.text) > _MOST_LETTERS]
    if not written:
        return list(lines)
    usual = float(np.median(written))
    marks = {
        place for place, line in enumerate(lines) if _looks_like_it(line, usual) and _is_raised(line, lines, usual)
    }
    if len(marks) < _FEWEST:
        return list(lines)
    return [_as_mark(line) if place in marks else line for place, line in enumerate(lines)]


def _looks_like_it(line: ReadLine, usual: float) -> bool:
    """Whether a short line is two strokes side by side, and too low for letters."""
    if line.pieces is not None or len(line.text.strip()) > _MOST_LETTERS:
        return False
    inked = np.flatnonzero(line.ink.columns)
    height = line.ink.bottom - line.ink.top
    if not len(inked) or not _LOWEST * usual <= height <= _HIGHEST * usual:
        return False
    columns = line.ink.columns[inked[0] : inked[-1] + 1]
    if not _NARROWEST * height <= len(columns) <= _WIDEST * height:
        return False
    third = len(columns) // 3
    strokes = min(columns[: third + 1].max(), columns[-third - 1 :].max())
    return bool(strokes >= _STROKE * height and columns[third : len(columns) - third].min() < _VALLEY * strokes)


def _is_raised(line: ReadLine, lines: Sequence[ReadLine], usual: float) -> bool:
    """Whether the nearest line beside it goes further down."""
    top, bottom = _reach(line, line.ink.bottom)
    beside = [
        (_apart(line, each), _reach(each, each.ink.baseline)) for each in lines if len(each.text) >= _MOST_LETTERS
    ]
    level = [(apart, reach) for apart, reach in beside if reach[0] < (top + bottom) / 2 < reach[1]]
    return bool(level) and min(level)[1][1] - bottom >= _RAISED * usual


def _reach(line: ReadLine, foot: int) -> tuple[float, float]:
    """From the top of a line's ink to a row of its crop, on the page."""
    corner, down = line.quad[0], (line.quad[3] - line.quad[0]) / line.height
    return float(corner[1] + down[1] * line.ink.top), float(corner[1] + down[1] * foot)


def _apart(line: ReadLine, other: ReadLine) -> float:
    """How far apart two lines stand, from left to right."""
    one, two = box_of(line.quad), box_of(other.quad)
    return max(0.0, max(one.x0, two.x0) - min(one.x1, two.x1))


def _as_mark(line: ReadLine) -> ReadLine:
    return replace(line, glyphs=(Glyph(text=MARK, start=0.0, end=1.0, confidence=CONFIDENCE),))
