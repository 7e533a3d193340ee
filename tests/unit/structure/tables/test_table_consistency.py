from __future__ import annotations

import pytest

from factories import make_line
from octavo.domain.block import Cell, Rule, Table, Word
from octavo.domain.geometry import BBox
from octavo.structure.tables import consistency

STEP = 40.0
WIDTH = 200.0


def cell(row: int, column: int, *lines: str, rows: int = 1, columns: int = 1, at: tuple[float, float] = (0, 0)) -> Cell:
    """A cell whose lines stand at its place in a grid of equal squares, or that far (in squares) away from it."""
    x, y = 100 + WIDTH * (column + at[0]), 100 + STEP * (row + at[1])
    words: tuple[Word, ...] = ()
    for place, line in enumerate(lines):
        words += make_line(line, x, y + 20 * place)
    return Cell(row=row, column=column, row_span=rows, column_span=columns, text=" ".join(lines), words=words)


def table(*cells: Cell) -> Table:
    return Table(
        rows=max(each.row + each.row_span for each in cells),
        columns=max(each.column + each.column_span for each in cells),
        cells=cells,
    )


HEAD = (cell(0, 0, "Fruit"), cell(0, 1, "Mass"), cell(0, 2, "Price"))
APPLE = (cell(1, 0, "Apple"), cell(1, 1, "12.5"), cell(1, 2, "3.40"))
PEAR = (cell(2, 0, "Pear"), cell(2, 1, "10.0"), cell(2, 2, "2.90"))


def test_words_in_their_places_agree():
    assert consistency(table(*HEAD, *APPLE, *PEAR)) == 1.0


def test_no_words_agree_with_nothing():
    assert consistency(table(cell(0, 0), cell(0, 1))) == 0.0


def test_wrapped_cells_and_spans_agree():
    wide = cell(0, 1, "Sold", columns=2)
    long = cell(1, 0, "Apple of", "the south", rows=2)
    assert consistency(table(cell(0, 0), wide, long, *APPLE[1:], *PEAR[1:])) == 1.0


def all_in_one(*parts: Cell) -> Cell:
    first = parts[0]
    return Cell(row=first.row, column=0, column_span=3, text="-", words=tuple(w for part in parts for w in part.words))


@pytest.mark.parametrize(
    "wrong",
    [
        table(*HEAD, *APPLE, all_in_one(*PEAR)),
        table(*HEAD, *APPLE, PEAR[0], cell(2, 1, "10.0", "11.5"), PEAR[2]),
        table(*HEAD, *APPLE, PEAR[0], PEAR[1], cell(2, 2, "2.90", at=(0, -1))),
        table(*HEAD, cell(1, 0, "Apple", at=(0, 1)), *APPLE[1:], *PEAR),
        table(*HEAD, *APPLE, cell(2, 0), cell(2, 1, "Pear", at=(-1, 0)), PEAR[2]),
        table(*HEAD, *APPLE, PEAR[0], PEAR[1], cell(2, 2, "2.90", at=(-0.79, 0))),
    ],
    ids=["columns in one cell", "numbers of two rows", "row above", "row below", "another column", "torn"],
)
def test_words_out_of_their_places_speak_against_a_table(wrong):
    assert 0 < consistency(wrong) < 1


def test_a_rule_within_a_cell_speaks_against_it():
    merged = table(cell(0, 0, "Fruit", "country"), *HEAD[1:], cell(1, 0, "Apple", at=(0, 0.5)), *APPLE[1:])
    lines = merged.cells[0].words
    height = (lines[0].box.y1 + lines[1].box.y0) / 2
    rule = Rule(box=BBox(90, height - 0.5, 700, height + 0.5))
    assert consistency(merged) > consistency(merged, [rule])


def test_a_column_torn_in_two_speaks_against_a_table():
    torn = (cell(2, 0, "Pear"), cell(2, 1), cell(2, 2, "10.0", at=(-1, 0)), cell(2, 3, "2.90", at=(-1, 0)))
    moved = [cell(0, 3, "Price", at=(-1, 0)), cell(1, 3, "3.40", at=(-1, 0))]
    assert consistency(table(*HEAD[:2], *APPLE[:2], *torn, *moved)) < 1.0
