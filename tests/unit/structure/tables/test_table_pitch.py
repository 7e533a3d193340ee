"""Rows that are set apart: how far off tells names of sections from wrapped names, and from the header above them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from factories import A_PAGE, make_line
from octavo.domain.block import Rule, Table, Word
from octavo.domain.geometry import BBox
from octavo.structure.tables import find_tables
from octavo.structure.tables.ink import Ink, text_lines
from octavo.structure.tables.rows import Pitch, pieces_of, row_pitch

XS = (100, 500, 700)
BOUNDARIES = (90.0, 450.0, 650.0, 810.0)

Row = tuple[str, ...]
HEADER: Row = ("Item", "Kept", "Sold")
ROWS: list[Row] = [("Tea", "48", "31"), ("Cake", "20", "11"), ("Soup", "46", "27"), ("Bread", "16", "81")]


def typeset(rows: Sequence[Row], ys: Sequence[float]) -> list[Word]:
    """The words of rows that begin at the heights `ys`; an empty entry has none."""
    return [
        word
        for y, row in zip(ys, rows, strict=True)
        for x, text in zip(XS, row, strict=False)
        if text
        for word in make_line(text, x, y)
    ]


def table_of(rows: Sequence[Row], ys: Sequence[float], *, header_rule: bool = True) -> Table:
    """The one table of rows between rules: above, below the header, and at the foot."""
    heights = [ys[0] - 8, *([(ys[0] + ys[1]) / 2 + 10] if header_rule else []), ys[-1] + 28]
    rules = [Rule(box=BBox(90, y - 1, 810, y + 1)) for y in heights]
    (table,) = find_tables(typeset(rows, ys), rules, (), A_PAGE)
    return table.table


def first_column(table: Table) -> list[str]:
    return [cell.text for cell in table.cells if cell.column == 0]


def steps(*distances: float) -> list[float]:
    """Heights of lines, from the first at 100."""
    ys = [100.0]
    for distance in distances:
        ys.append(ys[-1] + distance)
    return ys


def pitch_of(rows: Sequence[Row], ys: Sequence[float]) -> float:
    ink = Ink.of(typeset(rows, ys))
    lines = text_lines(ink)
    return row_pitch(lines, [pieces_of(ink, line, BOUNDARIES) for line in lines])


def test_the_pitch_is_the_least_distance_of_numbers_below_numbers():
    assert pitch_of(ROWS, steps(40, 36, 40)) == pytest.approx(36)


def test_rows_that_stand_as_close_as_lines_have_none():
    assert pitch_of(ROWS, steps(25, 25, 25)) == 0


def test_two_rows_alone_have_none():
    assert pitch_of(ROWS[:2], steps(40)) == 0


def test_lines_as_far_apart_as_rows_are_rows():
    ink = Ink.of(typeset(ROWS, steps(31, 31, 31)))
    lines = text_lines(ink)
    pitch = Pitch.of(lines, [pieces_of(ink, line, BOUNDARIES) for line in lines])
    assert pitch.rows == pytest.approx(31)
    assert pitch.apart(lines[0], lines[1]) > 0
    assert Pitch(0.0).apart(lines[0], lines[1]) == 0


def test_the_name_of_a_section_is_a_row_where_rows_are_set_apart():
    rows = [HEADER, *ROWS[:2], ("of the evening", "", ""), *ROWS[2:]]
    table = table_of(rows, steps(40, 31, 31, 31, 31))
    assert first_column(table) == ["Item", "Tea", "Cake", "of the evening", "Soup", "Bread"]


def test_a_line_that_stands_closer_than_rows_do_wraps():
    rows = [HEADER, *ROWS[:2], ("of the evening", "", ""), *ROWS[2:]]
    table = table_of(rows, steps(40, 31, 22, 31, 31))
    assert first_column(table) == ["Item", "Tea", "Cake of the evening", "Soup", "Bread"]


def test_the_title_of_the_first_rows_is_no_part_of_the_header():
    rows = [HEADER, ("In the morning", "", ""), *ROWS]
    table = table_of(rows, steps(31, 31, 31, 31, 31), header_rule=False)
    assert first_column(table) == ["Item", "In the morning", "Tea", "Cake", "Soup", "Bread"]
    assert {cell.row for cell in table.cells if cell.header} == {0}


def test_a_name_that_wraps_below_the_names_of_columns_is_one():
    rows = [HEADER, ("of the day", "", ""), *ROWS]
    table = table_of(rows, steps(22, 36, 31, 31, 31), header_rule=False)
    assert first_column(table)[0] == "Item of the day"
    assert {cell.row for cell in table.cells if cell.header} == {0}
