"""From a lattice and the words in it to cells: where rows stand in a band, and which squares are one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.area import clipped_lines
from octavo.structure.tables.columns import gutters_of, symbol_boundaries
from octavo.structure.tables.grid import Grid, Place
from octavo.structure.tables.ink import Flags, Ink, TextLine, is_quantity, text_lines
from octavo.structure.tables.rows import pieces_of, rows_of
from octavo.structure.tables.ruled import Lattice

CLOSED = 0.6
"""A table of which this share of the rows draws sides between its cells draws all of them: no edge, no side."""
OPEN = 0.25
"""A column of which a smaller share of the rows is parted by edges stands outside the drawn lattice; so with sides."""
BLANK = 2.0
"""Lines of different rows of one band are at least so many times their height apart, in every column."""
HALF = 0.5
"""Rows that a smaller share of the columns draws are those of the others."""
RUN_ON = 0.4
"""Words up to this far apart (in ems) follow one another within one cell."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Where words stand in a lattice.

    Attributes:
        held: rows x columns, words by their centers.
        crossed: rows x (columns - 1), a run of words goes across the line.
        numbers: rows x columns, a word that is a number lies in the square.
    """

    held: Flags
    crossed: Flags
    numbers: Flags


def ruled_grid(lattice: Lattice, ink: Ink) -> Grid:
    """The grid of a drawn lattice over the words of `ink`.

    Bands that hold several rows of numbers are split, and squares with no edge between them are joined.
    """
    lines = text_lines(ink)
    whole = joined_symbols(lattice, ink)
    split = split_columns(split_bands(whole, ink, lines), ink, lines)
    writing = writing_in(split.xs, split.ys, ink, lines)
    header_rows = _header_rows(split)
    right, below = _sides(split, writing, header_rows)
    merged = tuple(merged_places(right, below))
    return Grid(xs=split.xs, ys=split.ys, merged=merged, header_rows=header_rows, ruled=lattice.drawn)


def joined_symbols(lattice: Lattice, ink: Ink) -> Lattice:
    """The lattice without the lines that only part a currency sign from its number."""
    dropped = symbol_boundaries(ink, lattice.xs)
    if not dropped:
        return lattice
    xs = [x for place, x in enumerate(lattice.xs) if place - 1 not in dropped]
    below = lattice.below.copy()
    for place in dropped:
        below[:, place + 1] |= below[:, place]
    return Lattice(tuple(xs), lattice.ys, np.delete(lattice.right, dropped, axis=1), np.delete(below, dropped, axis=1))


def split_columns(lattice: Lattice, ink: Ink, lines: Sequence[TextLine]) -> Lattice:
    """The lattice with columns cut where a gutter runs down through most of their rows."""
    xs: list[float] = [lattice.xs[0]]
    origin: list[int] = []
    for column, (left, right) in enumerate(pairwise(lattice.xs)):
        cuts = _inner_gutters(left, right, len(lattice.ys) - 1, lines, ink)
        xs += [*cuts, right]
        origin += [column] * (len(cuts) + 1)
    if len(xs) == len(lattice.xs):
        return lattice
    drawn: Flags = np.zeros((len(lattice.ys) - 1, len(xs) - 2), dtype=bool)
    for place, (column, following) in enumerate(pairwise(origin)):
        if column != following:
            drawn[:, place] = lattice.right[:, column]
    return Lattice(tuple(xs), lattice.ys, drawn, lattice.below[:, origin])


def _inner_gutters(left: float, right: float, rows: int, lines: Sequence[TextLine], ink: Ink) -> list[float]:
    """Gutters between two drawn lines, when words stand on both sides in most rows and hardly ever across."""
    inside = clipped_lines(lines, BBox(left, 0.0, right, float("inf")))
    found: list[float] = []
    for gutter in gutters_of(inside, ink.em) if sum(len(line.chunks) > 1 for line in inside) > 2 else ():
        x = gutter.center
        both = sum(line.chunks[0].x0 < x < line.chunks[-1].x1 for line in inside)
        across = sum(any(chunk.x0 < x < chunk.x1 for chunk in line.chunks) for line in inside)
        if both - across >= max(3, 0.6 * rows, 0.4 * len(inside)) and across <= 1:
            found.append(x)
    return found


def _header_rows(lattice: Lattice) -> int:
    """Rows above the first line that is drawn from side to side."""
    return next((row + 1 for row, line in enumerate(lattice.below) if line.all()), 1)


def split_bands(lattice: Lattice, ink: Ink, lines: Sequence[TextLine]) -> Lattice:
    """The lattice with bands that hold several rows cut where the rows part."""
    ys: list[float] = [lattice.ys[0]]
    origin: list[int] = []
    for band, (top, bottom) in enumerate(pairwise(lattice.ys)):
        inside = [line for line in lines if top <= line.center < bottom]
        rows = _rows_in(ink, inside, lattice.xs)
        cuts = [between(above, below) for above, below in pairwise(rows)]
        ys += [*cuts, bottom]
        origin += [band] * (len(cuts) + 1)
    if len(origin) == len(lattice.ys) - 1:
        return lattice
    below = np.ones((len(origin) - 1, len(lattice.xs) - 1), dtype=bool)
    for row, (band, following) in enumerate(pairwise(origin)):
        if band != following:
            below[row] = lattice.below[band]
    return Lattice(lattice.xs, tuple(ys), lattice.right[origin], below)


def _rows_in(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float]) -> list[list[TextLine]]:
    """The rows that a band holds, when it plainly holds several; else none."""
    if len(lines) < 2:
        return []
    return rows_of(ink, lines, xs) if _stacked(ink, lines, xs) else _spaced_rows(ink, lines, xs)


def _spaced_rows(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float]) -> list[list[TextLine]]:
    """Rows that are set apart by blank space at one height through all columns; none without such space."""
    steps = [below.center - above.center for above, below in pairwise(lines)]
    height = median(line.y1 - line.y0 for line in lines)
    rows: list[list[TextLine]] = [[lines[0]]]
    for line, step in zip(lines[1:], steps, strict=True):
        if step > BLANK * height:
            rows.append([line])
        else:
            rows[-1].append(line)
    filled = [{column for line in row for column in pieces_of(ink, line, xs)} for row in rows]
    whole = len(rows) > 1 and len(filled[0]) > 1 and all(len(each) == len(xs) - 1 for each in filled)
    return rows if whole else []


def between(above: Sequence[TextLine], below: Sequence[TextLine]) -> float:
    """The height that parts two rows."""
    return (max(line.center for line in above) + min(line.center for line in below)) / 2


def _stacked(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float]) -> bool:
    """Whether a band plainly holds several rows: numbers stand above numbers, and not in one cell alone."""
    counts: dict[int, list[bool]] = {}
    for line in lines:
        for column, piece in pieces_of(ink, line, xs).items():
            counts.setdefault(column, []).append(piece.numeric)
    several = [column for column, numeric in counts.items() if len(numeric) > 1]
    numbers = any(sum(counts[column]) >= max(2, 0.6 * len(counts[column])) for column in several)
    return numbers and len(several) >= 0.5 * len(counts)


def writing_in(xs: Sequence[float], ys: Sequence[float], ink: Ink, lines: Sequence[TextLine]) -> Writing:
    """Which squares hold words, and where words run on across a line between two squares."""
    rows, columns = len(ys) - 1, len(xs) - 1
    held = np.zeros((rows, columns), dtype=bool)
    squares = np.searchsorted(ys[1:-1], ink.y, side="right"), np.searchsorted(xs[1:-1], ink.x, side="right")
    numbers = held.copy()
    held[squares] = True
    numbers[tuple(each[[is_quantity(word.text) for word in ink.words]] for each in squares)] = True
    crossed = np.zeros((rows, max(0, columns - 1)), dtype=bool)
    inner, slack = xs[1:-1], 0.2 * ink.em
    for line in lines:
        row = bisect_right(ys[1:-1], line.center)
        for left, right in _runs(ink, line):
            crossed[row, bisect_right(inner, left + slack) : bisect_left(inner, right - slack)] = True
    return Writing(held, crossed, numbers)


def _runs(ink: Ink, line: TextLine) -> Iterator[tuple[float, float]]:
    """From where to where words of a line follow one another with no more than a word space."""
    for chunk in line.chunks:
        start, end = chunk.x0, float(ink.x1[chunk.places[0]])
        for place in chunk.places[1:]:
            if ink.x0[place] - end > RUN_ON * ink.size[place]:
                yield start, end
                start = float(ink.x0[place])
            end = max(end, float(ink.x1[place]))
        yield start, end


def _sides(lattice: Lattice, writing: Writing, header_rows: int) -> tuple[Flags, Flags]:
    """Where squares are parted: by an edge, or because words on both sides stand apart."""
    right, below = lattice.right.copy(), lattice.below.copy()
    held = writing.held
    closed = bool(right.size) and right.any(axis=1).mean() >= CLOSED
    never = lattice.right.mean(axis=0) < OPEN if closed else np.zeros(right.shape[1], dtype=bool)
    for row in range(held.shape[0]):
        opened = not (closed or right[row].any())
        apart = (held[row, :-1] & held[row, 1:]) | opened | (never & (row >= header_rows or not held[row, 1:].any()))
        right[row] |= apart & ~writing.crossed[row]
    if len(below) > 2:
        named = lattice.below[header_rows - 1].all()
        below[header_rows if named else 0 :, lattice.below.mean(axis=0) < OPEN] = True
    if below.size and below.mean() < 0.8:
        for row in range(max(0, header_rows - 1), len(below)):
            below[row] |= held[row] & held[row + 1]
        _part_entries(below, writing, lattice.below, header_rows)
    return right, below


def _part_entries(below: Flags, writing: Writing, drawn: Flags, start: int) -> None:
    """Parts the rows of stretches without edges, as beside a tinted column: those that hold several entries.

    A number alone has one row as well, unless most columns draw the rows that it would stand beside.
    """
    held, numbers = writing.held, writing.numbers
    rare = drawn.mean(axis=1) < HALF
    for column in range(below.shape[1]):
        top = start
        for row in range(start, len(held)):
            if row < len(below) and not below[row, column]:
                continue
            if held[top : row + 1, column].sum() > 1:
                below[top:row, column] = True
            elif column and numbers[top : row + 1, column].any():
                below[top:row, column] |= rare[top:row]
            top = row + 1


def merged_places(right: Flags, below: Flags) -> Iterable[Place]:
    """Cells of more than one square: each grows to the right, then down, until a side stops it.

    `right` is rows x (columns - 1), `below` is (rows - 1) x columns.
    """
    rows, columns = right.shape[0], below.shape[1]
    taken = np.zeros((rows, columns), dtype=bool)
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            width = 1
            while column + width < columns and not right[row, column + width - 1] and not taken[row, column + width]:
                width += 1
            height = 1
            while row + height < rows and _goes_on(right, below, (row + height, column), width):
                height += 1
            taken[row : row + height, column : column + width] = True
            if width > 1 or height > 1:
                yield Place(row, column, height, width)


def _goes_on(right: Flags, below: Flags, square: tuple[int, int], width: int) -> bool:
    """Whether the squares from `square` on, `width` of them, belong to the cell above them."""
    row, column = square
    if below[row - 1, column : column + width].any() or right[row, column : column + width - 1].any():
        return False
    before = column == 0 or right[row, column - 1]
    after = column + width - 1 >= right.shape[1] or right[row, column + width - 1]
    return bool(before and after)
