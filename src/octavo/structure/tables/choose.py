"""Which proposals are tables: a grid must fit the words that lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octavo.domain.block import Cell, Table
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Ink, is_numeric


@dataclass(frozen=True, slots=True)
class Proposal:
    """A grid, the words in it, and the table that they make."""

    grid: Grid
    ink: Ink
    table: Table


def fitness(proposal: Proposal) -> float:
    """How much of a table it is, 0 (none) to 1."""
    table, grid = proposal.table, proposal.grid
    if table.rows < 2 or table.columns < 2:
        return 0.0
    full = [cell for cell in table.cells if cell.text]
    if len(full) < 3 or not _in_two_columns(full):
        return 0.0
    share = len(full) / len(table.cells)
    cut = _cut_words(grid, proposal.ink)
    if share < 0.25 or cut > 0.1:
        return 0.0
    numbers = number_columns(table)
    return max(0.0, min(1.0, 0.35 + 0.35 * grid.ruled + 0.2 * share + 0.3 * numbers - 2 * cut))


def _in_two_columns(cells: Sequence[Cell]) -> bool:
    return len({cell.column for cell in cells}) > 1 and len({cell.row for cell in cells}) > 1


def _cut_words(grid: Grid, ink: Ink) -> float:
    """Share of words that a boundary of columns cuts through."""
    if not ink.words:
        return 0.0
    cut = 0
    spanned = {(place.row + r) for place in grid.merged if place.column_span > 1 for r in range(place.row_span)}
    rows, _ = grid.squares(ink)
    for place in range(len(ink.words)):
        if int(rows[place]) in spanned:
            continue
        margin = 0.25 * ink.em
        cut += any(ink.x0[place] + margin < x < ink.x1[place] - margin for x in grid.xs[1:-1])
    return cut / len(ink.words)


def number_columns(table: Table) -> float:
    """Share of columns after the first whose cells are mostly numbers."""
    good = 0
    for column in range(1, table.columns):
        texts = [cell.text for cell in table.cells if cell.column == column and cell.text and cell.row > 0]
        good += bool(texts) and sum(map(is_numeric, texts)) >= 0.6 * len(texts)
    return good / max(1, table.columns - 1)
