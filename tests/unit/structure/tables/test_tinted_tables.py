"""Tables of which tinted columns alone draw rows."""

from __future__ import annotations

from collections.abc import Sequence

from factories import make_line, make_page
from octavo.domain.block import Drawing, Rule, Table, Word
from octavo.domain.geometry import BBox
from octavo.structure.page import understand

XS = (90, 350, 470, 590, 710)


def entries(y: float, *texts: str) -> list[Word]:
    return [word for x, text in zip(XS, texts, strict=False) if text for word in make_line(text, x + 10, y + 5)]


def tinted(x0: float, y0: float, x1: float, y1: float) -> Drawing:
    return Drawing(box=BBox(x0, y0, x1, y1), filled=True, color="ffffffff")


def table_of(words: Sequence[Word], **drawn: object) -> Table:
    (table,) = [block.table for block in understand(make_page(words, **drawn)) if block.table]
    return table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]


def test_a_number_beside_rows_that_one_column_draws_stands_in_its_own_row():
    lines = [
        ("Item", "Bought", "Kept", "Sold"),
        ("Fine tea", "", "46", "31"),
        ("Cake", "52", "11", "7"),
        ("Bread", "", "15", "9"),
        ("All", "52", "72", "47"),
        ("Last year", "40", "68", "39"),
    ]
    ys = tuple(range(100, 281, 30))
    flat = [(y, XS[0], XS[-1]) for y in (100, 130, 220, 250, 280)] + [(y, 470, 590) for y in (160, 190)]
    rules = [Rule(box=BBox(x0, y - 1, x1, y + 1)) for y, x0, x1 in flat]
    rules += [Rule(box=BBox(x - 1, ys[0], x + 1, ys[-1])) for x in XS]
    table = table_of([word for y, line in zip(ys, lines, strict=False) for word in entries(y, *line)], rules=rules)
    assert rows(table) == [list(line) for line in lines]
    assert {cell.row_span for cell in table.cells} == {1}


def test_beside_a_tinted_column_a_name_alone_spans_nothing():
    lines = [
        ("Item", "2024", "2025"),
        ("Fine goods", "", ""),
        ("Cake", "21", "11"),
        ("Milk", "52", "49"),
        ("Bread", "17", "15"),
        ("All", "90", "75"),
    ]
    ys = tuple(range(100, 100 + 30 * len(lines), 30))
    words = [word for y, line in zip(ys, lines, strict=True) for word in entries(y, *line)]
    rules = [Rule(box=BBox(90, y - 1, 590, y + 1)) for y in (130, ys[-1], ys[-1] + 30)]
    table = table_of(words, rules=rules, drawings=[tinted(470, 130, 590, ys[-1] + 30)])
    assert rows(table) == [list(line) for line in lines]
    assert {cell.column_span for cell in table.cells} == {1}
