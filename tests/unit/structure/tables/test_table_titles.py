"""What stands right above tables: titles, units and names, each of which belongs somewhere else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from factories import make_line, make_lines, make_page
from octavo.domain.block import Block, Font, Rule, Word
from octavo.domain.geometry import BBox, Size
from octavo.structure.page import understand

XS = (90, 350, 470, 590)
BOLD = Font(size=20, name="Helvetica-Bold", bold=True)
NOTE = Font(size=13, name="Helvetica")


def lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """All sides of all cells."""
    flat = [Rule(box=BBox(x0, y - 1, x1, y + 1)) for y in ys for x0, x1 in pairwise(xs)]
    return flat + [Rule(box=BBox(x - 1, y0, x + 1, y1)) for x in xs for y0, y1 in pairwise(ys)]


def entries(y: float, *texts: str) -> list[Word]:
    return [word for x, text in zip(XS, texts, strict=False) if text for word in make_line(text, x + 10, y + 5)]


def table(y: float, *rows: Sequence[str]) -> tuple[list[Word], list[Rule]]:
    words = [word for place, row in enumerate(rows) for word in entries(y + 30 * place, *row)]
    return words, lattice(XS, [y + 30 * place for place in range(len(rows) + 1)])


def grids(blocks: Sequence[Block]) -> list[list[list[str]]]:
    tables = [block.table for block in blocks if block.table]
    return [[[cell.text for cell in each.cells if cell.row == row] for row in range(each.rows)] for each in tables]


TEA = (("Goods", "Bought", "Sold"), ("Tea", "178", "94"), ("Cake", "31", "28"))
MILK = (("Goods", "Bought", "Sold"), ("Milk", "52", "49"))


def test_the_title_of_the_second_of_two_tables_alike_parts_them():
    upper, sides = table(100, *TEA)
    lower, more = table(220, *MILK)
    blocks = understand(make_page([*upper, *make_line("In April", 100, 194), *lower], rules=(*sides, *more)))
    assert grids(blocks) == [[list(row) for row in TEA], [list(row) for row in MILK]]
    assert [block.text for block in blocks if not block.table] == ["In April"]


def test_a_row_that_the_lattice_leaves_out_does_not():
    upper, sides = table(100, *TEA)
    lower, more = table(220, *MILK[1:], ("Total", "261", "171"))
    blocks = understand(make_page([*upper, *entries(190, "Bread", "7", "5"), *lower], rules=(*sides, *more)))
    assert [[row[0] for row in grid] for grid in grids(blocks)] == [["Goods", "Tea", "Cake", "Bread", "Milk", "Total"]]


@pytest.mark.parametrize("remark", ["(in thousands)", "単位：千円", "（2023年12月31日現在）", "All sums are thousands"])
def test_a_remark_at_the_side_above_a_lattice_names_no_column(remark):
    words, sides = table(140, ("Tea", "178", "94"), ("Cake", "31", "28"), ("Milk", "52", "49"))
    above = make_line(remark, 590 - 10 * len(remark), 112)
    blocks = understand(make_page([*above, *words], rules=sides))
    assert grids(blocks)[0][0] == ["Tea", "178", "94"]
    assert [block.text for block in blocks if not block.table] == [remark]


def test_a_remark_in_a_frame_of_its_own_stands_above_the_table():
    words, sides = table(140, *TEA)
    frame = [Rule(box=BBox(90, 109, 590, 111)), Rule(box=BBox(89, 110, 91, 140)), Rule(box=BBox(589, 110, 591, 140))]
    blocks = understand(make_page([*make_line("(in thousands)", 440, 115), *words], rules=(*frame, *sides)))
    assert grids(blocks) == [[list(row) for row in TEA]]
    assert blocks[0].text == "(in thousands)"


def test_names_above_a_lattice_still_name_its_columns():
    words, sides = table(140, ("Tea", "178", "94"), ("Cake", "31", "28"), ("Milk", "52", "49"))
    blocks = understand(make_page([*entries(108, "", "Bought", "Sold"), *words], rules=sides))
    assert grids(blocks)[0][:2] == [["", "Bought", "Sold"], ["Tea", "178", "94"]]


def test_names_end_at_the_rules_below_them_though_the_first_column_has_none():
    words = [*entries(100, "Output", "North", "South"), *entries(130, "Water"), *entries(160, "Rivers")]
    for place, name in enumerate(("Rhine", "Aare", "Reuss", "Total")):
        words += entries(190 + 30 * place, name, str(178 + place), str(94 + place))
    rules = [Rule(box=BBox(x, 128, x + 100, 130)) for x in XS[1:3]]
    rules += [Rule(box=BBox(x, 308, x + 100, 310)) for x in XS[1:3]]
    (grid,) = grids(understand(make_page(words, rules=rules)))
    assert [row[0] for row in grid] == ["Output", "Water", "Rivers", "Rhine", "Aare", "Reuss", "Total"]


def test_a_year_above_the_middle_of_names_spans_their_columns_though_numbers_stand_at_their_right():
    ends = (440, 560, 680, 800, 920, 1040)
    lines = [
        (140, ("Operating", "Terminal", "Discount") * 2),
        (165, ("margin", "growth", "rate") * 2),
        (210, ("77%", "1%", "8%") * 2),
        (240, ("23%", "3%", "10%") * 2),
        (270, ("46%", "2%", "10%") * 2),
    ]
    words = [*make_line("2024", 495, 115), *make_line("2025", 855, 115)]
    for y, texts in lines:
        words += [
            word for end, text in zip(ends, texts, strict=True) for word in make_line(text, end - 10 * len(text), y)
        ]
    for y, name in ((210, "Local services"), (240, "Global"), (270, "Mobile")):
        words += make_line(name, 100, y)
    (table,) = [block.table for block in understand(make_page(words, size=Size(1200, 1400))) if block.table]
    years = [(cell.text, cell.column, cell.column_span) for cell in table.cells if cell.row == 0 and cell.text]
    assert years == [("2024", 1, 3), ("2025", 4, 3)]
    assert [cell.text for cell in table.cells if cell.row == 1][1:3] == ["Operating margin", "Terminal growth"]


def test_names_above_notes_in_small_type_are_no_larger_than_their_own_table():
    words = [*entries(100, "Crew", "Fees", "Bonus"), *make_line("Captains", 100, 135, font=BOLD)]
    for place, name in enumerate(("Rhine", "Aare", "Reuss", "Limmat")):
        words += entries(160 + 30 * place, name, str(178 + place), str(94 + place))
    words += make_lines(["What the crew earned is told here at some length, as it was paid."] * 12, y=400, font=NOTE)
    (grid,) = grids(understand(make_page(words)))
    assert grid[0] == ["Crew", "Fees", "Bonus"]
    assert [row[0] for row in grid[1:3]] == ["Captains", "Rhine"]
