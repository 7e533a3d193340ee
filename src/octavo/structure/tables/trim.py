"""What stands above and below a table of one page, and was taken for its rows: addresses, titles, thanks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from octavo.domain.block import Cell, Table, Word
from octavo.domain.geometry import union_of
from octavo.structure.tables.find import FoundTable

FEWEST_LINES = 3
"""So many lines from side to side are text; fewer may be a title or a note of the table."""
FEWEST_ROWS = 2
"""So many rows at least are left of a table."""


def without_lines_around(found: FoundTable) -> FoundTable:
    """A table without the lines of text that run over all of its columns at its top and at its foot.

    Their words belong to the page again. Tables whose cells are closed keep them.
    """
    if found.drawn:
        return found
    rows = [[cell for cell in found.table.cells if cell.row == row and cell.words] for row in range(found.table.rows)]
    first = _text_rows(rows, found.table.columns)
    last = len(rows) - _text_rows(rows[::-1], found.table.columns)
    spans = any(cell.row < end < cell.row + cell.row_span for cell in found.table.cells for end in (first, last))
    if (first, last) == (0, len(rows)) or last - first < FEWEST_ROWS or spans:
        return found
    kept = tuple(replace(cell, row=cell.row - first) for cell in found.table.cells if first <= cell.row < last)
    places = {_place(word) for cell in kept for word in cell.words}
    words = tuple(word for word in found.words if _place(word) in places)
    table = Table(rows=last - first, columns=found.table.columns, cells=kept)
    return replace(found, box=union_of(word.box for word in words), table=table, words=words) if words else found


def _place(word: Word) -> tuple[int, str, int, int]:
    """What tells a word from others: those in cells may be copies of those of the page."""
    return word.line, word.text, round(word.box.x0), round(word.box.y0)


def _text_rows(rows: Iterable[Sequence[Cell]], columns: int) -> int:
    """How many rows hold one cell over all columns, from the first on, when they hold lines enough."""
    alone = list(takewhile(lambda row: len(row) == 1 and row[0].column_span == columns, rows))
    lines = {word.line for row in alone for word in row[0].words}
    return len(alone) if len(lines) >= FEWEST_LINES else 0
