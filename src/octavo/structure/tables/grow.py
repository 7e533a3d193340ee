"""Rows that stand outside a drawn lattice: the header above it, and rows that the drawing does not reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from octavo.domain.geometry import BBox
from octavo.structure.tables.cells import between
from octavo.structure.tables.columns import Columns, Gutter
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Ink, TextLine
from octavo.structure.tables.area import clipped_lines, is_caption
from octavo.structure.tables.rows import rows_of

NEAR = 2.0
"""A row outside the lattice is at most this far from it, in heights of its usual row or ems, whichever is more."""
FILLED = 0.7
"""And has words in this share of the columns."""


def grown(grid: Grid, lines: Sequence[TextLine], ink: Ink) -> Grid:
    """`grid` with the rows right above and right below it whose words fall into its columns.

    Args:
        grid: of a drawn lattice.
        lines: of the page, top to bottom.
        ink: the words that `lines` tell of.
    """
    box = grid.box
    margin = ink.em
    reach = max(ink.em, min(sorted(b - a for a, b in pairwise(grid.ys))[grid.rows // 2], 3 * ink.em)) * NEAR
    above = clipped_lines(lines, BBox(box.x0 - margin, box.y0 - 4 * reach, box.x1 + margin, box.y0))
    below = clipped_lines(lines, BBox(box.x0 - margin, box.y1, box.x1 + margin, box.y1 + 12 * reach))
    head = _fitting(reversed(above), box.y0, reach, grid, ink)
    foot = _fitting(below, box.y1, reach, grid, ink)
    return _extended(grid, list(reversed(head)), foot, ink)


def _fitting(lines: Iterable[TextLine], edge: float, reach: float, grid: Grid, ink: Ink) -> list[TextLine]:
    """Lines that follow one another away from `edge` and fill most columns without crossing a boundary."""
    columns = _columns(grid, ink.em)
    found: list[TextLine] = []
    for line in lines:
        filled = {columns.column_of(chunk) for chunk in line.chunks}
        fits = len(filled) >= max(2, FILLED * (grid.columns - 1)) and len(filled) == len(line.chunks)
        if not fits or abs(line.center - edge) > reach or any(map(columns.crossed_by, line.chunks)):
            break
        if is_caption(line, ink):
            break
        found.append(line)
        edge = line.center
    return found


def _columns(grid: Grid, em: float) -> Columns:
    unknown = (float("nan"),) * grid.columns
    return Columns(tuple(Gutter(x, x, x) for x in grid.xs[1:-1]), unknown, unknown, unknown, em)


def _extended(grid: Grid, head: Sequence[TextLine], foot: Sequence[TextLine], ink: Ink) -> Grid:
    upper, lower = ([list(head)] if head else []), rows_of(ink, foot, grid.xs)
    if not upper and not lower:
        return grid
    ys = list(grid.ys)
    if upper:
        ys.insert(0, head[0].y0)
    ys += [between(above, below) for above, below in pairwise(lower)]
    if lower:
        ys.append(max(line.y1 for line in lower[-1]))
    shift = len(upper)
    return replace(
        grid,
        ys=tuple(ys),
        merged=tuple(replace(place, row=place.row + shift) for place in grid.merged),
        header_rows=shift or grid.header_rows,
    )
