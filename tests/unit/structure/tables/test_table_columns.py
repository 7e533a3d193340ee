"""Columns of tables by their alignment."""

from __future__ import annotations

from factories import make_line
from octavo.structure.tables.columns import gutters_of
from octavo.structure.tables.ink import Ink, text_lines

PLACES = (100, 400, 700)


def gutters(rows: list[list[tuple[str, float]]]) -> int:
    """How many gutters stand in rows of (text, x)."""
    words = [word for y, row in enumerate(rows) for text, x in row for word in make_line(text, x, 100 + 30 * y)]
    ink = Ink.of(words)
    return len(gutters_of(text_lines(ink), ink.em))


def test_a_name_and_numbers_that_hang_over_its_side_are_one_column():
    head = [[("Item", 100), ("Kept back", 400), ("Sold", 700)], [("", 100), ("against goods", 390), ("abroad", 700)]]
    rows = [[("Tea in tins", 100), ("-", 540), (f"1{n}0", 700)] for n in range(7)]
    assert gutters([head[0], [each for each in head[1] if each[0]], *rows]) == len(PLACES) - 1


def test_columns_that_take_turns_below_names_of_their_own_stay_two():
    head = [("Item", 100), ("Debit", 400), ("Credit", 700)]
    rows = [[("Tea in tins", 100), (f"1{n}0", (400, 700)[n % 2])] for n in range(8)]
    assert gutters([head, *rows]) == len(PLACES) - 1
