"""How far a table agrees with its own words and rules: what chooses between two readings of one table.

A grid that fits has every word where its neighbours in the row and in the column say that it should be. None of
this knows how the grid was found, so grids by rules, by alignment and by a model are measured alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from octavo.domain.block import Cell, Rule, Table, Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.tables.ink import Ink, TextLine, chunk_text, is_quantity, text_lines

WIDE = 1.0
"""Words of one line that stand farther apart (in ems) than this belong to two cells."""
TORN = 0.3
"""Words that stand closer than this (in ems) belong to one."""
SLACK = 0.3
"""Lines of two rows may reach into one another by so much (in ems)."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cell with words, gathered into lines."""

    cell: Cell
    box: BBox
    ink: Ink
    lines: tuple[TextLine, ...]

    @classmethod
    def of(cls, cell: Cell) -> _Filled:
        ink = Ink.of(cell.words)
        return cls(cell, union_of(word.box for word in cell.words), ink, tuple(text_lines(ink)))


def consistency(table: Table, rules: Sequence[Rule] = ()) -> float:
    """Share of the words that stand in the cell where their neighbours and the level `rules` say they should, 0 to 1.

    Against a word speaks that its cell holds words of several columns or numbers of several rows, that a rule runs
    between the lines of its cell, that its cell is out of line with its row or its column, and that it is torn from
    a word that it follows closely. One column is no table.
    """
    cells = [_Filled.of(cell) for cell in table.cells if cell.words]
    if not cells or table.columns < 2:
        return 0.0
    em = Ink.of([word for each in cells for word in each.cell.words]).em
    wrong = {id(word) for each in cells if _is_mixed(each, rules) for word in each.cell.words}
    wrong |= {id(word) for each in _out_of_row(cells, em) for word in each.cell.words}
    wrong |= {id(word) for each in _out_of_column(cells, table.columns) for word in each.cell.words}
    wrong |= {id(word) for word in _torn(cells)}
    return 1.0 - len(wrong) / sum(len(each.cell.words) for each in cells)


def _is_mixed(filled: _Filled, rules: Sequence[Rule]) -> bool:
    """Whether a cell holds what are several cells."""
    ink = filled.ink
    if any(after.x0 - before.x1 > WIDE * ink.em for line in filled.lines for before, after in pairwise(line.chunks)):
        return True
    texts = [chunk_text(ink, line.places) for line in filled.lines]
    if sum(is_quantity(text) and not text.startswith("(") for text in texts) > 1:
        return True
    return any(_parts(rule.box, filled) for rule in rules if rule.horizontal)


def _parts(rule: BBox, filled: _Filled) -> bool:
    """Whether a rule runs between the lines of a cell, as far as its words go."""
    if rule.x_overlap(filled.box) < 0.8 * filled.box.width:
        return False
    return any(above.center < rule.y0 and rule.y1 < below.center for above, below in pairwise(filled.lines))


def _out_of_row(cells: Sequence[_Filled], em: float) -> Iterator[_Filled]:
    """Cells that reach below where the first line of the row after theirs stands."""
    tops: dict[int, float] = {}
    for each in cells:
        row = each.cell.row
        tops[row] = min(tops.get(row, float("inf")), each.lines[0].center)
    for each in cells:
        below = [top for row, top in tops.items() if row >= each.cell.row + each.cell.row_span]
        if below and each.lines[-1].center > min(below) - SLACK * em:
            yield each


def _out_of_column(cells: Sequence[_Filled], columns: int) -> Iterator[_Filled]:
    """Cells that stand where the cells of another column do; of two columns at one place, the emptier one."""
    narrow = [each for each in cells if each.cell.column_span == 1]
    held = [[each.box for each in narrow if each.cell.column == column] for column in range(columns)]
    usual = {
        column: (median(box.x0 for box in boxes), median(box.x1 for box in boxes))
        for column, boxes in enumerate(held)
        if boxes
    }
    for each in narrow:
        own, x = each.cell.column, each.box.center_x
        away = _gap(x, usual[own])
        for column, place in usual.items():
            other = _gap(x, place)
            if column != own and (other < away or (other == 0 and len(held[column]) >= len(held[own]))):
                yield each
                break


def _gap(x: float, place: tuple[float, float]) -> float:
    return max(0.0, place[0] - x, x - place[1])


def _torn(cells: Sequence[_Filled]) -> Iterator[Word]:
    """Words with a close neighbour in the next cell of their row."""
    rows: dict[int, list[tuple[Word, Cell]]] = {}
    for each in cells:
        for word in each.cell.words:
            rows.setdefault(each.cell.row, []).append((word, each.cell))
    for row in rows.values():
        row.sort(key=lambda pair: pair[0].box.x0)
        for (left, home), (right, other) in pairwise(row):
            level = left.box.y_overlap(right.box) > 0.5 * min(left.box.height, right.box.height)
            if home is not other and level and right.box.x0 - left.box.x1 < TORN * right.font.size:
                yield left
                yield right
