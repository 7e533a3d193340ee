"""Rows of ruled tables: those that a band hides, and names above the rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from factories import A_PAGE, make_line, make_lines
from octavo.domain.block import Rule, Table, Word
from octavo.domain.geometry import BBox
from octavo.structure.tables import find_tables


def lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """All sides of all cells."""
    flat = [Rule(box=BBox(x0, y - 1, x1, y + 1)) for y in ys for x0, x1 in pairwise(xs)]
    return flat + [Rule(box=BBox(x - 1, y0, x + 1, y1)) for x in xs for y0, y1 in pairwise(ys)]


def found(words: Sequence[Word], rules: Sequence[Rule]) -> Table:
    (table,) = find_tables(words, rules, (), A_PAGE)
    return table.table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]


XS = (90, 350, 610)


def test_blank_space_through_all_columns_parts_the_rows_of_a_band():
    words = [*make_line("Who", 100, 105), *make_line("What", 360, 105)]
    words += [*make_lines(("The crew of", "the ferry"), 100, 140), *make_lines(("The people", "of the town"), 360, 140)]
    words += [*make_lines(("steers it", "by night"), 100, 240), *make_lines(("watch it", "from land"), 360, 240)]
    assert rows(found(words, lattice(XS, (100, 130, 300)))) == [
        ["Who", "What"],
        ["The crew of the ferry", "The people of the town"],
        ["steers it by night", "watch it from land"],
    ]


def test_blank_space_in_one_column_alone_parts_no_rows():
    words = [*make_line("Who", 100, 105), *make_line("What", 360, 105)]
    words += [*make_line("The crew", 100, 140), *make_line("steers it", 100, 240), *make_line("watch it", 360, 140)]
    words += [*make_line("The town", 100, 305), *make_line("sleeps", 360, 305)]
    assert rows(found(words, lattice(XS, (100, 130, 300, 330))))[1] == ["The crew steers it", "watch it"]


def test_a_name_above_the_middle_of_its_columns_spans_them():
    xs, ys = (90, 350, 470, 590, 710), (160, 190, 220, 250)
    words = [*make_line("Year ended", 480, 100), *make_line("2023", 430, 130)]
    words += [*make_line("2024", 550, 130), *make_line("2025", 670, 130)]
    for y, name in zip((165, 195, 225), ("Cost of tea", "Cost of cake", "Total of both"), strict=True):
        words += make_line(name, 100, y)
        for x in xs[1:-1]:
            words += make_line("178", x + 80, y)
            words += make_line("$", x + 5, y) if y == 165 else ()
    table = found(words, lattice(xs, ys))
    name = next(cell for cell in table.cells if cell.text == "Year ended")
    assert (name.row, name.column, name.column_span) == (0, 1, 3)
    assert [cell.text for cell in table.cells if cell.row == 1][1:] == ["2023", "2024", "2025"]


def test_entries_beside_a_column_that_alone_draws_its_rows_stay_apart():
    xs, ys = (90, 350, 470, 590, 710), tuple(range(100, 281, 30))
    flat = [(y, xs[0], xs[-1]) for y in (100, 130, 250, 280)] + [(y, 470, 590) for y in (160, 190, 220)]
    rules = [Rule(box=BBox(x0, y - 1, x1, y + 1)) for y, x0, x1 in flat]
    rules += [Rule(box=BBox(x - 1, ys[0], x + 1, ys[-1])) for x in xs]
    lines = [("Item", "Bought", "Kept", "Sold"), ("Tea", "48", "46", "31"), ("Cake", "", "11", "")]
    lines += [("Soup", "46", "15", "27"), ("Bread", "16", "17", "81"), ("Total", "99", "89", "139")]
    words = [
        word
        for y, line in zip(ys, lines, strict=False)
        for x, text in zip(xs, line, strict=False)
        if text
        for word in make_line(text, x + 10, y + 5)
    ]
    assert rows(found(words, rules)) == [list(line) for line in lines]
