"""Which proposals are tables: a grid must fit the words that lie in it, and the words must read like entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from octavo.domain.block import Cell, Drawing, Table
from octavo.structure.tables.grid import Grid, filled
from octavo.structure.tables.ink import Ink, is_marker, is_numeric, is_quantity, text_lines
from octavo.structure.tables.prose import terse_lines
from octavo.structure.text.lines import words_in

_PAGE = re.compile(r"^(?:\d{1,4}|[ivxlc]{1,7})$")
_LABEL = re.compile(r"^\(\d{1,3}[a-z]?\)$")


class Kind(Enum):
    """How a grid was found: what it takes to be believed."""

    LATTICE = "closed cells"
    FRAME = "aligned words in a drawn box"
    PART = "closed cells beside more of the same rows"
    STACK = "aligned words between rules"
    LOOSE = "aligned words"
    NAMED = "words in columns below names"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A grid, the words in it, and the table that they make."""

    grid: Grid
    ink: Ink
    table: Table
    kind: Kind

    @classmethod
    def of(cls, grid: Grid, ink: Ink, kind: Kind) -> Proposal:
        """Fills `grid` with the words of `ink` that lie in it."""
        inside = ink.take(ink.inside(grid.box))
        return cls(grid, inside, filled(grid, inside), kind)


def fitness(proposal: Proposal, drawings: Sequence[Drawing] = ()) -> float:
    """How much of a table a proposal is: 0 (none) to 1."""
    table = proposal.table
    full = [cell for cell in table.cells if cell.text]
    headed = proposal.kind is Kind.LATTICE and proposal.grid.columns == 1
    if table.rows < 2 or (table.columns < 2 and not headed) or len(full) < FEWEST_FULL:
        return 0.0
    share = len(full) / len(table.cells)
    numbers = _number_columns(table)
    refused = (
        share < (LEDGER_SHARE if _is_ledger(proposal, numbers) else _LEAST_SHARE[proposal.kind])
        or not _has_labels(table)
        or _is_contents(table)
        or _is_one_column(table, names=proposal.kind in {Kind.LATTICE, Kind.PART})
        or _is_diagram(table)
        or _is_list(table, proposal)
        or _is_wordy(proposal, full)
        or _is_prose(proposal)
        or _cut_runs(proposal) > 0.15
        or _is_chart(proposal, drawings)
        or (proposal.kind in {Kind.LOOSE, Kind.FRAME} and not _is_plain(table, numbers))
        or (proposal.kind is not Kind.LATTICE and _alignment(table, proposal.ink.em) < (0.6 if numbers else 0.75))
        or (proposal.kind is Kind.STACK and not numbers and (share < 0.5 or table.rows < 3))
        or (proposal.kind is Kind.LATTICE and len(full) < 6 and not numbers)
    )
    if refused:
        return 0.0
    named = 0.1 if proposal.grid.header_rows else 0.0
    return min(1.0, _TRUST[proposal.kind] + 0.15 * proposal.grid.ruled + 0.1 * share + 0.15 * numbers + named)


FEWEST_NUMBERS = 0.25
"""Share of the columns that hold numbers in a table without rules."""
FEWEST_FULL = 4
"""A table has at least so many cells with text."""
MOST_PART = 20
"""Cells of a lattice that is only a part of a table hold no more words than this, one with another."""
ALIGNED = 0.5
"""Edges or middles this close (in ems) are aligned."""

STORY = 80
"""Cells with more words than this, one with another, are stories if they are running text."""
MOST_PROSE = 0.6
"""A box of whose words more than this are running text is no table."""
SAID = 4
"""Items of a list have at least so many words."""

LEDGER_SHARE, FULL_ROWS = 0.5, 0.9
_LEAST_SHARE = {Kind.LATTICE: 0.4, Kind.PART: 0.4, Kind.FRAME: 0.6, Kind.STACK: 0.45, Kind.LOOSE: 0.7, Kind.NAMED: 0.6}
_TRUST = {Kind.LATTICE: 0.5, Kind.PART: 0.2, Kind.FRAME: 0.4, Kind.STACK: 0.45, Kind.LOOSE: 0.35, Kind.NAMED: 0.35}


def reads_as_table(table: Table) -> bool:
    """Whether entries alone show that a grid is a table: names for its columns or rows, and columns of numbers."""
    full = [cell for cell in table.cells if cell.text]
    if table.rows < 2 or table.columns < 2 or len(full) < max(FEWEST_FULL, 0.4 * len(table.cells)):
        return False
    if _is_contents(table) or _is_one_column(table):
        return False
    return _has_labels(table) and _is_plain(table, _number_columns(table))


def _number_columns(table: Table) -> float:
    """Share of columns after the first whose cells are mostly numbers."""
    good = 0
    for column in range(1, table.columns):
        texts = [cell.text for cell in table.cells if cell.column == column and cell.text and cell.row > 0]
        numeric = sum(map(is_numeric, texts))
        good += numeric >= max(1, 0.6 * len(texts), 0.3 * table.rows)
    return good / max(1, table.columns - 1)


def _is_ledger(proposal: Proposal, numbers: float) -> bool:
    """Whether a grid without rules is of nothing but names and their numbers: titles of rows leave cells empty."""
    return proposal.kind is Kind.LOOSE and _counts(proposal.table, numbers)


def _counts(table: Table, numbers: float) -> bool:
    """Whether all columns but the first are of numbers, and rows with numbers have one in nearly each of them."""
    if numbers < 1 or table.columns < 3:
        return False
    rows = [cell.row for cell in table.cells if cell.column > 0 and is_quantity(cell.text)]
    return len(rows) >= FULL_ROWS * len(set(rows)) * (table.columns - 1)


def _has_labels(table: Table) -> bool:
    """Whether words, not numbers, name the columns or the rows. Numbers floating in a chart have no such names."""
    top = [cell.text for cell in table.cells if cell.row <= 1 and cell.text]
    side = [cell.text for cell in table.cells if cell.column == 0 and cell.text]
    named = sum(map(_is_name, side))
    if named >= max(2, 0.5 * len(side)) and len(side) >= 0.5 * table.rows:
        return True
    return sum(map(_is_name, top)) >= max(2, 0.3 * len(top)) and len(top) >= 0.5 * table.columns


def _is_name(text: str) -> bool:
    return not is_quantity(text) and any(letter.isalnum() for letter in text)


def _alignment(table: Table, em: float) -> float:
    """Share of the cells that start, end or are centered where others of their column do."""
    aligned = total = 0
    for column in range(table.columns):
        held = [cell.words for cell in table.cells if cell.column == column and cell.words and cell.column_span == 1]
        if len(held) < 2:
            continue
        left = [min(word.box.x0 for word in words) for words in held]
        right = [max(word.box.x1 for word in words) for words in held]
        middle = [(a + b) / 2 for a, b in zip(left, right, strict=True)]
        aligned += max(_together(sorted(each), ALIGNED * em) for each in (left, right, middle))
        total += len(held)
    return aligned / total if total else 0.0


def _together(ordered: Sequence[float], width: float) -> int:
    """How many of the sorted places stand where at least one other does, within `width`."""
    near = [after - before < width for before, after in pairwise(ordered)]
    return sum(before or after for before, after in zip([False, *near], [*near, False], strict=True))


def _is_one_column(table: Table, *, names: bool = True) -> bool:
    """Whether most rows have one entry only: highlighted lines, stacked boxes. `names` of columns tell otherwise.

    So do names alone in the first row, above columns that are to be filled in.
    """
    several = {cell.row for cell in table.cells if cell.text and cell.column > 0}
    named = sum(bool(cell.text) for cell in table.cells if cell.row == 0) == table.columns
    return len(several) < 0.4 * table.rows and not (named and (names or several == {0}))


def _is_diagram(table: Table) -> bool:
    """Whether several cells stretch over squares and hold nothing: the space between the boxes of a diagram."""
    hollow = sum(not cell.text and cell.row_span * cell.column_span > 1 for cell in table.cells)
    return hollow > 2 and hollow > 0.05 * len(table.cells)


def _column(table: Table, column: int) -> list[Cell]:
    return [cell for cell in table.cells if cell.column == column and cell.text]


def _is_contents(table: Table) -> bool:
    """Whether it is a table of contents (or numbered equations): page numbers that only grow, with no name above."""
    last = [cell.text for cell in _column(table, table.columns - 1)]
    if table.columns > 4 or len(last) < 3:
        return False
    if all(_LABEL.match(text) for text in last):
        return True
    if table.columns == 4:  # contents in two columns go on from the foot of the first to the head of the second
        last = [*(cell.text for cell in _column(table, 1)), *last]
    pages = [int(text) for text in last if text.isdigit()]
    return all(_PAGE.match(text) for text in last) and pages == sorted(pages) and len(set(pages)) > 1


def _is_list(table: Table, proposal: Proposal) -> bool:
    """Whether its first column holds nothing but marks of a list, or numbers that count what is said beside them."""
    below = [cell for cell in table.cells if cell.row >= proposal.grid.header_rows and cell.text]
    first = [cell.text for cell in below if cell.column == 0]
    drawn = proposal.kind is Kind.LATTICE and proposal.grid.ruled > 0.5
    if table.columns != 2 or drawn:
        return False
    if all(map(is_marker, first)):
        return True
    said = [len(cell.words) for cell in below if cell.column == 1]
    counts = first == [str(number) for number in range(1, len(first) + 1)]
    return counts and len(first) > 1 and sum(said) >= SAID * len(said)


def _is_wordy(proposal: Proposal, full: Sequence[Cell]) -> bool:
    """Whether cells hold running text where no rules part them, or where those of columns of text do."""
    if proposal.kind in {Kind.LATTICE, Kind.NAMED}:
        return False
    lengths = [words_in(cell.words) for cell in full]
    most = 7
    if proposal.grid.ruled >= 0.5:
        most = {Kind.STACK: 14, Kind.PART: MOST_PART}.get(proposal.kind, most)
    return sum(lengths) / len(lengths) > most


def _is_prose(proposal: Proposal) -> bool:
    """Whether a box holds columns of running text, which line up as rows do, or the stories of a newspaper."""
    ink, lines = proposal.ink, text_lines(proposal.ink)
    full = sum(bool(cell.text) for cell in proposal.table.cells)
    boxed = proposal.kind in {Kind.FRAME, Kind.PART} and proposal.grid.ruled < 0.5
    by_lines = proposal.kind is Kind.STACK and proposal.grid.ruled < 0.2 and proposal.table.rows > 0.7 * len(lines)
    if not boxed and not by_lines and words_in(ink.words) <= STORY * full:
        return False
    terse = sum(len(line.places) for line in terse_lines(ink, lines))
    return len(ink.words) - terse > MOST_PROSE * len(ink.words)


def _cut_runs(proposal: Proposal) -> float:
    """Share of words that a boundary of columns cuts, or tears from the word that it follows closely."""
    grid, ink = proposal.grid, proposal.ink
    rows, _ = grid.squares(ink)
    spanned = {
        row for place in grid.merged if place.column_span > 1 for row in range(place.row, place.row + place.row_span)
    }
    margin = 0.2 * ink.em
    cut = 0
    for place in range(len(ink.words)):
        if int(rows[place]) not in spanned:
            cut += any(ink.x0[place] + margin < x < ink.x1[place] - margin for x in grid.xs[1:-1])
    return cut / max(1, len(ink.words))


def _is_chart(proposal: Proposal, drawings: Sequence[Drawing]) -> bool:
    """Whether curves are drawn in it: slices, lines and marks of a chart."""
    em, box = proposal.ink.em, proposal.grid.box
    return any(
        drawing.curved and min(drawing.box.width, drawing.box.height) > 2 * em and box.holds(drawing.box)
        for drawing in drawings
    )


def _is_plain(table: Table, numbers: float) -> bool:
    """Whether a table that no rules vouch for shows by its entries that it is one."""
    if table.rows < 3 or numbers < FEWEST_NUMBERS:
        return False
    header = [cell.text for cell in table.cells if cell.row == 0 and cell.text and cell.column > 0]
    named = bool(header) and not any(map(is_quantity, header))
    return named or table.columns > 3 or _counts(table, numbers)
