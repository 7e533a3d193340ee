"""Cells that go on over the rows below them: where rules between rows begin right of a column, it is not parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from octavo.domain.block import Rule, Table
from octavo.domain.geometry import BBox, union_of

OTHERS = 0.7
"""A rule between two rows runs below this share of the columns right of the first."""


def with_row_spans(table: Table, rules: Sequence[Rule]) -> Table:
    """`table` with empty cells of its first column joined to the name above them, where the level `rules` say so.

    That takes rules of two kinds: some part all columns, and some leave the first one out.
    """
    columns = _columns(table)
    if len(columns) < table.columns or table.columns < 2:
        return table
    parted = [_parted(table, row, columns, rules) for row in range(table.rows - 1)]
    if not any(whole for whole, _ in parted) or not any(others and not whole for whole, others in parted):
        return table
    first = {cell.row: cell for cell in table.cells if cell.column == 0}
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    for row in range(table.rows - 1, 0, -1):
        below, above = first.get(row), first.get(row - 1)
        whole, others = parted[row - 1]
        if below is None or above is None or not others or whole:
            continue
        if not below.text and above.column_span == below.column_span == 1:
            first[row - 1] = cells[row - 1, 0] = replace(above, row_span=above.row_span + below.row_span)
            del cells[row, 0]
    joined = replace(table, cells=tuple(cells[place] for place in sorted(cells)))
    return joined if all(cell.text for cell in joined.cells if cell.column == 0 and cell.row_span > 1) else table


def _columns(table: Table) -> list[tuple[float, float]]:
    """From where to where writing usually goes in each column that has any."""
    held = [
        [
            union_of(word.box for word in cell.words)
            for cell in table.cells
            if cell.column == column and cell.words and cell.column_span == 1
        ]
        for column in range(table.columns)
    ]
    return [(median(b.x0 for b in boxes), median(b.x1 for b in boxes)) for boxes in held if boxes]


def _parted(table: Table, row: int, columns: Sequence[tuple[float, float]], rules: Sequence[Rule]) -> tuple[bool, bool]:
    """Whether rules between a row and the next run below the first column, and below most of the others."""
    above = [word.box for cell in table.cells if cell.row == row and cell.column for word in cell.words]
    below = [word.box for cell in table.cells if cell.row == row + 1 and cell.column for word in cell.words]
    if not above or not below:
        return False, False
    top, bottom = median(box.center_y for box in above), median(box.center_y for box in below)
    between = [rule.box for rule in rules if rule.horizontal and top < rule.box.center_y < bottom]
    under = [any(_covers(box, place) for box in between) for place in columns]
    return under[0], sum(under[1:]) >= OTHERS * (len(columns) - 1)


def _covers(rule: BBox, place: tuple[float, float]) -> bool:
    return rule.x0 <= (place[0] + place[1]) / 2 <= rule.x1
