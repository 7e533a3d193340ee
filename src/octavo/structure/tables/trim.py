"""What stands above and below a table of one page, and was taken for its rows: addresses, titles, thanks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from octavo.domain.block import Cell, Table, Word
from octavo.domain.geometry import union_of
from octavo.structure.tables.find import FoundTable

FEWEST_LINES = 3
"""So many lines from side to side are text; fewer may be a title or a note of the table."""
FEWEST_ROWS = 2
"""So many rows at least are left of a table."""
SPACE = 0.7
"""Words up to so many ems apart have no more than a space between them."""
STACKED = 0.6
"""Lines whose middles are so many ems apart stand below one another."""
FEWEST_WORDS, ACROSS = 7, 0.6
"""A line that columns run through is text when it has so many words and is so long, as a share of the table's width."""


def without_lines_around(found: FoundTable) -> FoundTable:
    """A table without the lines of text that run over all of its columns at its top and at its foot.

    Their words, and those of what stands beyond, belong to the page again. Tables whose cells are closed keep them.
    """
    if found.drawn:
        return found
    rows = [[cell for cell in found.table.cells if cell.row == row and cell.words] for row in range(found.table.rows)]
    first = max(_text_rows(rows, found.table.columns), _torn_rows(rows, found.box.width))
    from_foot = rows[::-1]
    last = len(rows) - max(_text_rows(from_foot, found.table.columns), _torn_rows(from_foot, found.box.width))
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


def _torn_rows(rows: Sequence[Sequence[Cell]], width: float) -> int:
    """How many rows there are up to the last one that is a line of text, as long as none of them is a table's row."""
    count = 0
    for place, row in enumerate(rows):
        if _is_text(row, width):
            count = place + 1
        elif len(row) > 1:
            break
    return count


def _is_text(row: Sequence[Cell], width: float) -> bool:
    """Whether columns run through a line of text in this row, or the row is nothing but lines that are torn."""
    lines = by_line(row)
    return _is_torn_everywhere(lines) or any(
        is_torn(line) and len(line) >= FEWEST_WORDS and union_of(word.box for word, _ in line).width >= ACROSS * width
        for line in lines
    )


def _is_torn_everywhere(lines: Sequence[Sequence[tuple[Word, Cell]]]) -> bool:
    """Whether lines stand below one another, and no more than spaces part their words wherever cells end in them."""
    middles = sorted((union_of(word.box for word, _ in line).center_y, line[0][0].font.size) for line in lines)
    if any(low - high < STACKED * em for (high, em), (low, _) in pairwise(middles)):
        return False
    ends = [is_torn(pair) for line in lines for pair in pairwise(line) if pair[0][1] is not pair[1][1]]
    return bool(ends) and all(ends)


def by_line(cells: Iterable[Cell]) -> list[list[tuple[Word, Cell]]]:
    """The words of cells and their cells, by the line that the source puts them on, left to right."""
    lines: dict[int, list[tuple[Word, Cell]]] = {}
    for cell in cells:
        for word in cell.words:
            lines.setdefault(word.line, []).append((word, cell))
    return [sorted(line, key=lambda each: each[0].box.x0) for number, line in lines.items() if number >= 0]


def is_torn(line: Sequence[tuple[Word, Cell]]) -> bool:
    """Whether cells end within a line where there is no more than a space between two words."""
    return any(
        home is not other and right.box.x0 - left.box.x1 < SPACE * right.font.size
        for (left, home), (right, other) in pairwise(line)
    )
