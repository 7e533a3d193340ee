"""Rows that stand outside a drawn lattice: the header above it, and rows that the drawing does not reach."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from octavo.domain.geometry import BBox
from octavo.structure.tables.aligned import header_grid
from octavo.structure.tables.area import FARTHEST, clipped_lines, is_caption
from octavo.structure.tables.cells import between
from octavo.structure.tables.columns import Columns, Gutter
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Chunk, Ink, TextLine, chunk_text, is_quantity
from octavo.structure.tables.loose import NUMBERS_APART, header_above, type_size
from octavo.structure.tables.rows import rows_of

NEAR = 2.0
"""A row outside the lattice is at most this far from it, in heights of its usual row or ems, whichever is more."""
FILLED = 0.7
"""And has words in this share of the columns."""
AT_SIDE = 1.5
"""Writing that ends this close (in ems) to the side of a lattice is set there."""

_REMARK = re.compile(r"^[(\[（［【].*[)\]）］】]$|^(?:単位|单位|單位|[Uu]nits?|[Uu]nités?|[Ee]inheit(?:en)?)\s*[:：]")


@dataclass(frozen=True, slots=True)
class Grown:
    """A grid with rows that were found above and below it, and how many lines of writing they are."""

    grid: Grid
    lines: int


def grown(grid: Grid, lines: Sequence[TextLine], ink: Ink) -> Grown:
    """`grid` with the rows right above and right below it whose words fall into its columns.

    Args:
        grid: of a drawn lattice.
        lines: of the page, top to bottom.
        ink: the words that `lines` tell of.
    """
    box, margin = grid.box, ink.em
    usual = sorted(below - above for above, below in pairwise(grid.ys))[grid.rows // 2]
    reach = max(ink.em, min(usual, 3 * ink.em)) * NEAR
    inside = clipped_lines(lines, box)
    above = clipped_lines(lines, BBox(box.x0 - margin, box.y0 - 12 * reach, box.x1 + margin, box.y0))
    below = clipped_lines(lines, BBox(box.x0 - margin, box.y1, box.x1 + margin, box.y1 + 60 * reach))
    columns = _columns(grid, inside, ink.em)
    if _begins_with_remark(grid, inside, columns, ink):
        return Grown(_without_first_row(grid), 0)
    body = list(reversed(_fitting(reversed(above), box.y0, reach, columns, ink)))
    foot = _fitting(below, box.y1, reach, columns, ink)
    first = next((place for place, line in enumerate(body) if _is_entry(line, ink)), len(body))
    body, head = body[first:], body[:first]
    if head or not _is_named(grid, inside, columns, ink):
        taken = [*head, *body]
        edge = taken[0].center if taken else box.y0
        rest = above[: len(above) - len(taken)]
        head = [*header_above(rest, edge, columns, FARTHEST * ink.em, ink, type_size(inside, ink), ledger=True), *head]
        head = head[1:] if head and _is_remark(head[0], box, columns, ink) else head
    return Grown(_with_head(_with_rows(grid, body, foot, ink), head, columns, ink), len(body) + len(foot))


def _columns(grid: Grid, inside: Sequence[TextLine], em: float) -> Columns:
    """The grid's columns, with how far writing reaches in them: signs before numbers count as well."""
    gutters = tuple(Gutter(x, x, x) for x in grid.xs[1:-1])
    held: list[list[Chunk]] = [[] for _ in range(grid.columns)]
    for line in inside:
        for chunk in line.chunks:
            held[bisect_right(grid.xs[1:-1], (chunk.x0 + chunk.x1) / 2)].append(chunk)
    left = tuple(min((chunk.x0 for chunk in each), default=float("nan")) for each in held)
    right = tuple(max((chunk.x1 for chunk in each), default=float("nan")) for each in held)
    return Columns(gutters, left, right, tuple((a + b) / 2 for a, b in zip(left, right, strict=True)), em)


def _fitting(lines: Iterable[TextLine], edge: float, reach: float, columns: Columns, ink: Ink) -> list[TextLine]:
    """Lines that follow one another away from `edge` and fill most columns without crossing a boundary."""
    found: list[TextLine] = []
    for line in lines:
        filled = {columns.column_of(chunk) for chunk in line.chunks}
        fits = len(filled) >= max(2, FILLED * (columns.count - 1)) and len(filled) == len(line.chunks)
        far = max(reach, NUMBERS_APART * ink.em) if _is_entry(line, ink) else reach
        if not fits or abs(line.center - edge) > far or any(map(columns.crossed_by, line.chunks)):
            break
        if is_caption(line, ink):
            break
        found.append(line)
        edge = line.center
    return found


def _is_entry(line: TextLine, ink: Ink) -> bool:
    """Whether most of a line, its first chunk left out, is numbers."""
    texts = [chunk_text(ink, chunk.places) for chunk in line.chunks[1:]]
    return bool(texts) and sum(map(is_quantity, texts)) >= 0.6 * len(texts)


def _is_remark(line: TextLine, box: BBox, columns: Columns, ink: Ink) -> bool:
    """Whether a line above a lattice tells of all of it, such as its unit or its date, and names no column.

    It stands alone, at one side of the lattice, and says so or is wider than the column there.
    """
    at_side = line.chunks[-1].x1 > box.x1 - AT_SIDE * ink.em or line.chunks[0].x0 < box.x0 + AT_SIDE * ink.em
    if len(line.chunks) > 1 or not at_side:
        return False
    return _says_remark(line, ink) or bool(columns.crossed_by(line.chunks[0]))


def _says_remark(line: TextLine, ink: Ink) -> bool:
    """Whether a line is in brackets, or names a unit."""
    return _REMARK.search(chunk_text(ink, line.places)) is not None


def _begins_with_remark(grid: Grid, inside: Sequence[TextLine], columns: Columns, ink: Ink) -> bool:
    """Whether the first row of a lattice is a row of its own that holds nothing but a remark."""
    top = [line for line in inside if line.center < grid.ys[1]]
    whole = all(place.row > 0 or place.row_span == 1 for place in grid.merged)
    if grid.rows < 3 or not whole or len(top) != 1:
        return False
    return _says_remark(top[0], ink) and _is_remark(top[0], grid.box, columns, ink)


def _without_first_row(grid: Grid) -> Grid:
    merged = tuple(replace(place, row=place.row - 1) for place in grid.merged if place.row)
    return replace(grid, ys=grid.ys[1:], merged=merged, header_rows=max(1, grid.header_rows - 1))


def _is_named(grid: Grid, inside: Sequence[TextLine], columns: Columns, ink: Ink) -> bool:
    """Whether the first row of a lattice names columns, rather than holding numbers."""
    top = [line for line in inside if line.center < grid.ys[1]]
    texts = [chunk_text(ink, chunk.places) for line in top for chunk in line.chunks if columns.column_of(chunk) > 0]
    return not texts or sum(map(is_quantity, texts)) < 0.5 * len(texts)


def _with_rows(grid: Grid, above: Sequence[TextLine], below: Sequence[TextLine], ink: Ink) -> Grid:
    """`grid` with lines above and below it as rows."""
    upper, lower = rows_of(ink, above, grid.xs), rows_of(ink, below, grid.xs)
    head = [upper[0][0].y0, *(between(one, other) for one, other in pairwise(upper))] if upper else []
    foot = (
        [*(between(one, other) for one, other in pairwise(lower)), max(line.y1 for line in lower[-1])] if lower else []
    )
    merged = tuple(replace(place, row=place.row + len(upper)) for place in grid.merged)
    return replace(grid, ys=(*head, *grid.ys, *foot), merged=merged, header_rows=0 if upper else grid.header_rows)


def _with_head(grid: Grid, lines: Sequence[TextLine], columns: Columns, ink: Ink) -> Grid:
    """`grid` with lines above it as its header."""
    if not lines:
        return grid
    head = header_grid(ink, lines, columns, (grid.xs[0], grid.xs[-1]))
    merged = (*head.merged, *(replace(place, row=place.row + head.rows) for place in grid.merged))
    return replace(grid, ys=(*head.ys[:-1], *grid.ys), merged=merged, header_rows=head.rows)
