"""From a lattice and the words in it to cells: where rows stand in a band, and which squares are one cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from octavo.structure.tables.grid import Grid, Place
from octavo.structure.tables.ink import Ink, TextLine, text_lines
from octavo.structure.tables.rows import rows_of
from octavo.structure.tables.ruled import Flags, Lattice

CLOSED = 0.6
"""A table whose rows draw this share of their inner sides draws all of them: a side without an edge is no side."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Where words stand in a lattice.

    Attributes:
        held: rows x columns, words by their centers.
        crossed: rows x (columns - 1), a run of words goes across the line.
    """

    held: Flags
    crossed: Flags


def ruled_grid(lattice: Lattice, ink: Ink) -> Grid:
    """The grid of a drawn lattice. Bands that hold several rows of numbers are split, open squares are joined."""
    lines = text_lines(ink)
    split = split_bands(lattice, ink, lines)
    writing = writing_in(split.xs, split.ys, ink, lines)
    header_rows = _header_rows(split)
    right, below = _sides(split, writing, header_rows)
    merged = tuple(merged_places(right, below))
    return Grid(xs=split.xs, ys=split.ys, merged=merged, header_rows=header_rows, ruled=lattice.drawn)


def _header_rows(lattice: Lattice) -> int:
    """Rows above the first line that is drawn from side to side; 1 when every line is."""
    for row, line in enumerate(lattice.below):
        if line.all():
            return row + 1 if row + 1 < len(lattice.ys) - 1 else 1
    return 1


def split_bands(lattice: Lattice, ink: Ink, lines: Sequence[TextLine]) -> Lattice:
    """Bands between two drawn lines with several rows in them, cut where the rows part."""
    ys: list[float] = [lattice.ys[0]]
    origin: list[int] = []
    cut: list[bool] = []
    for band, (top, bottom) in enumerate(pairwise(lattice.ys)):
        inside = [line for line in lines if top <= line.center < bottom]
        rows = _stacked_rows(ink, inside, lattice.xs) if len(inside) > 1 else []
        for above, below in pairwise(rows):
            ys.append((max(line.center for line in above) + min(line.center for line in below)) / 2)
            origin.append(band)
            cut.append(True)
        ys.append(bottom)
        origin.append(band)
        cut.append(False)
    if not any(cut):
        return lattice
    below = np.ones((len(origin) - 1, len(lattice.xs) - 1), dtype=bool)
    for row in range(len(origin) - 1):
        if not cut[row]:
            below[row] = lattice.below[origin[row]]
    return Lattice(lattice.xs, tuple(ys), lattice.right[origin], below)


def _stacked_rows(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float]) -> list[list[TextLine]]:
    """The rows of one band, when it is plain that there are several: numbers stand above numbers."""
    rows = rows_of(ink, lines, xs)
    return rows if rows and _numbers_stacked(ink, lines, xs) else []


def _numbers_stacked(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float]) -> bool:
    from octavo.structure.tables.rows import pieces_of

    tables = [pieces_of(ink, line, xs) for line in lines]
    used = {column for pieces in tables for column in pieces}
    counts = {column: [pieces[column] for pieces in tables if column in pieces] for column in used}
    several = [column for column in used if len(counts[column]) > 1]
    numeric = [c for c in several if sum(piece.numeric for piece in counts[c]) >= max(2, 0.6 * len(counts[c]))]
    return bool(numeric) and len(several) >= 0.5 * len(used)


def writing_in(xs: Sequence[float], ys: Sequence[float], ink: Ink, lines: Sequence[TextLine]) -> Writing:
    """Which squares hold words, and where words run on across a line between two squares."""
    rows, columns = len(ys) - 1, len(xs) - 1
    held = np.zeros((rows, columns), dtype=bool)
    held[
        np.searchsorted(ys[1:-1], (ink.y0 + ink.y1) / 2, side="right"),
        np.searchsorted(xs[1:-1], (ink.x0 + ink.x1) / 2, side="right"),
    ] = True
    crossed = np.zeros((rows, max(0, columns - 1)), dtype=bool)
    for line in lines:
        row = int(np.searchsorted(ys[1:-1], line.center, side="right"))
        for left, right in _runs(ink, line):
            for boundary, x in enumerate(xs[1:-1]):
                crossed[row, boundary] |= left + 0.2 * ink.em < x < right - 0.2 * ink.em
    return Writing(held, crossed)


def _runs(ink: Ink, line: TextLine) -> Iterable[tuple[float, float]]:
    """From where to where words of a line follow one another with no more than a word space."""
    start = end = -1.0
    for place in line.places:
        if end >= 0 and ink.x0[place] - end <= 0.4 * ink.words[place].font.size:
            end = max(end, float(ink.x1[place]))
            continue
        if end >= 0:
            yield start, end
        start, end = float(ink.x0[place]), float(ink.x1[place])
    if end >= 0:
        yield start, end


def _sides(lattice: Lattice, writing: Writing, header_rows: int) -> tuple[Flags, Flags]:
    """Where squares are parted: by an edge, or because words on both sides stand apart."""
    right, below = lattice.right.copy(), lattice.below.copy()
    rows, columns = writing.held.shape
    closed = right.any(axis=1).mean() >= CLOSED if right.size else False
    for row in range(rows):
        open_row = not (closed or right[row].any())
        for line in range(columns - 1):
            if not right[row, line] and not writing.crossed[row, line]:
                right[row, line] = open_row or bool(writing.held[row, line] and writing.held[row, line + 1])
    ruled_rows = below.mean() >= 0.8 if below.size else False
    for row in range(rows - 1):
        for column in range(columns):
            if not below[row, column] and row >= header_rows - 1 and not ruled_rows:
                below[row, column] = bool(writing.held[row, column] and writing.held[row + 1, column])
    return right, below


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
