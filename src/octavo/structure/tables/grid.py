"""Grids: boundaries of columns and rows, merged cells, and words put into cells (every word into exactly one)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from octavo.domain.block import Cell, Table, Word
from octavo.domain.geometry import BBox
from octavo.structure.tables.ink import Indices, Ink, text_lines
from octavo.structure.text.hyphens import rejoined
from octavo.structure.text.lines import is_upright, join_words
from octavo.structure.text.unspaced import runs_on


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in the lattice: its top left square and how many squares it covers."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A lattice over a part of the page, in page pixels.

    Attributes:
        xs: boundaries of columns from left to right, one more than there are columns.
        ys: boundaries of rows from top to bottom, one more than there are rows.
        merged: cells that cover more than one square; all other squares are cells of their own.
        header_rows: rows at the top that name the columns; 0 when nothing tells.
        ruled: share of the inner boundaries that are drawn, 0 to 1.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    merged: tuple[Place, ...] = ()
    header_rows: int = 0
    ruled: float = 0.0

    @property
    def box(self) -> BBox:
        """What the lattice covers."""
        # Plain numbers: numpy's own would not travel to another process.
        return BBox(float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1]))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    def squares(self, ink: Ink) -> tuple[Indices, Indices]:
        """Row and column of each word's center; words outside go to the nearest square."""
        rows = np.searchsorted(self.ys[1:-1], ink.y, side="right")
        columns = np.searchsorted(self.xs[1:-1], ink.x, side="right")
        return rows, columns


def filled(grid: Grid, ink: Ink) -> Table:
    """The table of `grid` with the words of `ink` in its cells; rows and columns without words are left out."""
    owner = _owners(grid)
    held: dict[Place, list[int]] = {}
    for place, (row, column) in enumerate(zip(*grid.squares(ink), strict=True)):
        held.setdefault(owner[int(row)][int(column)], []).append(place)
    return _compact(grid, held, ink)


def _owners(grid: Grid) -> list[list[Place]]:
    owner = [[Place(row, column) for column in range(grid.columns)] for row in range(grid.rows)]
    for place in grid.merged:
        for row in range(place.row, place.row + place.row_span):
            for column in range(place.column, place.column + place.column_span):
                owner[row][column] = place
    return owner


def _compact(grid: Grid, held: dict[Place, list[int]], ink: Ink) -> Table:
    """Cells renumbered over the rows and columns that hold words."""
    places = {place for row in _owners(grid) for place in row}
    rows = _kept(grid.rows, ((place.row, place.row_span) for place in held))
    columns = _kept(grid.columns, ((place.column, place.column_span) for place in held))
    cells: list[Cell] = []
    for place in sorted(places, key=lambda each: (each.row, each.column)):
        row, row_span = _renumbered(rows, place.row, place.row_span)
        column, column_span = _renumbered(columns, place.column, place.column_span)
        if not row_span or not column_span:
            continue
        text, words = cell_content(ink, held.get(place, []))
        cells.append(
            Cell(
                row=row,
                column=column,
                text=text,
                row_span=row_span,
                column_span=column_span,
                header=place.row < grid.header_rows,
                words=words,
            )
        )
    return Table(rows=len(rows), columns=len(columns), cells=tuple(cells))


def _kept(count: int, spans: Iterable[tuple[int, int]]) -> list[int]:
    """Rows (or columns) where a cell with words starts; a span alone keeps its first one."""
    starts = {start for start, _ in spans}
    return [index for index in range(count) if index in starts]


def _renumbered(kept: list[int], start: int, span: int) -> tuple[int, int]:
    covered = [new for new, old in enumerate(kept) if start <= old < start + span]
    return (covered[0], len(covered)) if covered else (0, 0)


def cell_content(ink: Ink, places: Sequence[int]) -> tuple[str, tuple[Word, ...]]:
    """Text and words of one cell in reading order; lines are joined by a space."""
    if not places:
        return "", ()
    if len(places) == 1:
        word = ink.words[places[0]]
        return word.text, (word,)
    words = [ink.words[place] for place in places]
    turned = [word for word in words if not is_upright(word)]
    lines = _cell_lines([word for word in words if is_upright(word)] if turned else words)
    if turned:
        lines.append(turned)
    return joined_lines([join_words(line) for line in lines]), tuple(word for line in lines for word in line)


def _cell_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Upright words of one cell by line, top to bottom, each from left to right."""
    if not words:
        return []
    shared = min(word.box.y1 for word in words) - max(word.box.y0 for word in words)
    if shared > 0.5 * max(word.box.height for word in words):
        return [sorted(words, key=lambda word: word.box.x0)]
    part = Ink.of(words)
    return [[part.words[place] for place in line.places] for line in text_lines(part)]


def joined_lines(lines: Sequence[str]) -> str:
    """Lines of one cell as one line; words cut at the end of one are joined, scripts without spaces get none."""
    text = lines[0]
    for line in lines[1:]:
        text = rejoined(text, line) or (text + line if runs_on(text, line) else f"{text} {line}")
    return text
