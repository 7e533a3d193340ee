"""Entries of narrow columns that were found as one: single digits below one another look like writing on its side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.pixels import Quad, cut
from octavo.engines.text_words import inked_in

_TALL = 1.6
"""Finds are looked at from so many times the usual height of a line on."""
_LEAST = 0.4
"""Rows are at least so many times as high as a usual line is with its margins,"""
_ALIKE = 0.6
"""and as the highest of them;"""
_APART = 0.35
"""paper between them is at least so high, measured by the lower one: more than between letters set on their side;"""
_CLOSE = 0.1
"""between rows of several letters it may be lower."""
_NARROW = 1.5
"""Finds taller than wide by this hold single letters below one another, or are writing on its side."""
_UPRIGHT = 0.8
"""So many of the rows of a find that is taller than wide must be upright."""

_Mask = NDArray[np.bool_]


def parted(image: Image, quad: Quad, usual: float) -> list[Quad]:
    """The rows that `quad` holds, top to bottom; itself when it is one line, upright or on its side.

    Args:
        image: of the page.
        quad: around the find.
        usual: height of a line on this page, in its pixels.
    """
    width, height = float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))
    if height < _TALL * usual:
        return [quad]
    crop, place = cut(image, quad)
    inked = inked_in(crop)
    rows = _rows(inked)
    least = _APART if height > _NARROW * width else _CLOSE
    if not _are_lines(rows, usual, least) or (height > width and not _are_upright(inked, rows)):
        return [quad]
    edges = [0, *((upper[1] + lower[0]) // 2 for upper, lower in pairwise(rows)), len(inked)]
    return [_part(place, first / len(inked), last / len(inked)) for first, last in pairwise(edges)]


def _rows(inked: _Mask) -> list[tuple[int, int]]:
    """First row and the one after the last of each stretch of height that has ink."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inked.any(axis=1), [False])).astype(np.int8)))
    rows = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    tallest = max((last - first for first, last in rows), default=0)
    return [row for row in rows if row[1] - row[0] >= _ALIKE * tallest or not _touches(row, len(inked))]


def _touches(row: tuple[int, int], height: int) -> bool:
    """Whether a row goes on outside: it belongs to another line."""
    return row[0] == 0 or row[1] == height


def _are_lines(rows: list[tuple[int, int]], usual: float, apart: float) -> bool:
    heights = [last - first for first, last in rows]
    if len(rows) < 2 or min(heights) < max(_LEAST * usual, _ALIKE * max(heights)):
        return False
    return all(
        lower[0] - upper[1] >= apart * min(upper[1] - upper[0], lower[1] - lower[0]) for upper, lower in pairwise(rows)
    )


def _are_upright(inked: _Mask, rows: list[tuple[int, int]]) -> bool:
    """Whether rows are characters as they stand: taller than wide, or several of them side by side."""
    upright = 0
    for first, last in rows:
        columns = np.flatnonzero(inked[first:last].any(axis=0))
        pieces = 1 + int((np.diff(columns) > 1).sum())
        upright += pieces > 1 or columns[-1] - columns[0] + 1 < last - first
    return upright >= _UPRIGHT * len(rows)


def _part(quad: Quad, first: float, last: float) -> Quad:
    """The stretch of a quad from one share of its height to another."""
    left, right = quad[3] - quad[0], quad[2] - quad[1]
    corners = [quad[0] + first * left, quad[1] + first * right, quad[1] + last * right, quad[0] + last * left]
    return np.array(corners, dtype=np.float32)
