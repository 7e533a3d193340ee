"""Ledgers: names of rows, columns of numbers, titles, sums, units and badges, and no rules between rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from factories import make_line, make_lines, make_page
from octavo.domain.block import Block, Drawing, Font, Rule, Word
from octavo.domain.geometry import BBox
from octavo.structure.page import understand

BOLD = Font(size=20, name="Helvetica-Bold", bold=True)
LEFT, RIGHTS = 100, (700, 900)
WHITE, GRAY, BLACK = "ffffffff", "ffdddddd", "ff000000"


def row(y: float, name: str, *numbers: str, font: Font | None = None) -> list[Word]:
    style = {"font": font} if font else {}
    words = list(make_line(name, LEFT, y, **style)) if name else []
    for right, number in zip(RIGHTS, numbers, strict=False):
        (word,) = make_line(number, 0, y, **style)
        words.append(make_line(number, right - word.box.width, y, **style)[0])
    return words


def fill(x0: float, y0: float, x1: float, y1: float, color: str) -> Drawing:
    return Drawing(box=BBox(x0, y0, x1, y1), filled=True, color=color)


def tables(blocks: Sequence[Block]) -> list[list[list[str]]]:
    found = [block.table for block in blocks if block.table]
    return [[[cell.text for cell in each.cells if cell.row == line] for line in range(each.rows)] for each in found]


def ledger(y: float = 300) -> list[Word]:
    """Names of columns, a title, rows that go on close below one another, and a sum without a name."""
    return [
        *row(y, "", "2016", "2015", font=BOLD),
        *row(y + 60, "Remuneration of the masters of the harbour:", font=BOLD),
        *row(y + 90, "- looking after the ferries of the town", "64,200", "62,300"),
        *row(y + 120, "- looking after the boats of the guests", "1,250", "-"),
        *row(y + 150, "- painting of all that is made of wood", "8,410", "7,995"),
        *row(y + 180, "", "73,860", "70,295"),
    ]


ROWS = [
    ["", "2016", "2015"],
    ["Remuneration of the masters of the harbour:", "", ""],
    ["- looking after the ferries of the town", "64,200", "62,300"],
    ["- looking after the boats of the guests", "1,250", "-"],
    ["- painting of all that is made of wood", "8,410", "7,995"],
    ["", "73,860", "70,295"],
]
PROSE = make_lines(
    [
        "The ferry comes at nine and leaves again at ten, as it has done for many years by now,",
        "and nobody in the harbour is astonished any more when it is late by half an hour or so,",
        "for the wind is strong and the people on the quay have their tea while they are waiting.",
    ],
    LEFT,
    100,
)


def test_long_names_with_marks_before_them_are_names_of_rows():
    assert tables(understand(make_page([*PROSE, *ledger()]))) == [ROWS]


def test_rules_below_sums_part_no_header():
    sums = [Rule(box=BBox(right - 150, y, right, y + 2)) for right in RIGHTS for y in (412, 502, 530)]
    assert tables(understand(make_page([*PROSE, *ledger()], rules=sums))) == [ROWS]


def test_units_stand_with_the_names_above_them():
    units = row(328, "", "$", "$")
    assert tables(understand(make_page([*PROSE, *ledger(), *units])))[0][0] == ["", "2016 $", "2015 $"]


def test_white_fills_on_white_paper_are_no_cells():
    """As programs paint paragraphs: from the first row to the last but one, without the numbers."""
    fills = [fill(LEFT - 5, 295, 950, 395, WHITE), fill(LEFT - 5, 395, 760, 475, WHITE)]
    fills += [fill(760, 395, 950, 475, WHITE), fill(LEFT - 5, 475, 950, 510, WHITE)]
    assert tables(understand(make_page([*PROSE, *ledger()], drawings=fills))) == [ROWS]


def test_white_fills_beside_others_are_cells():
    names = [["Tea", "178", "94"], ["Cake", "31", "28"], ["Milk", "52", "49"], ["Bread", "17", "15"]]
    words = [word for place, line in enumerate(names) for word in row(300 + 60 * place, *line)]
    edges = (LEFT - 5, 500, 760, 950)
    fills = [
        fill(x0, 290 + 60 * place, x1, 350 + 60 * place, WHITE if place % 2 else GRAY)
        for place in range(4)
        for x0, x1 in pairwise(edges)
    ]
    assert tables(understand(make_page(words, drawings=fills))) == [names]


@pytest.mark.parametrize("number", ["7", "19"])
def test_a_badge_draws_no_columns(number):
    badge = fill(LEFT, 340, LEFT + 50, 385, BLACK)
    title = [*make_line(number, LEFT + 12, 352), *make_line("PAY OF THE HARBOUR", LEFT + 60, 352, font=BOLD)]
    body = [word for word in ledger() if word.box.y0 > 380]
    head = row(300, "", "2016", "2015", font=BOLD)
    (found,) = tables(understand(make_page([*PROSE, *head, *title, *body], drawings=[badge])))
    assert found == [["", "2016", "2015"], [f"{number} PAY OF THE HARBOUR", "", ""], *ROWS[2:]]


def test_a_small_ledger_is_a_table_by_its_names():
    words = [word for word in ledger() if word.box.y0 < 410]
    sums = row(420, "", "65,450", "62,300")
    assert tables(understand(make_page([*PROSE, *words, *sums]))) == [[*ROWS[:3], ["", "65,450", "62,300"]]]


def test_numbers_with_gaps_between_them_are_no_ledger():
    words = [
        *row(300, "Fringe rate", "352,000"),
        *row(330, "", "1,314,000", "26.79%"),
        *row(360, "Indirect", "870,038"),
    ]
    assert tables(understand(make_page([*PROSE, *words]))) == []


def test_a_row_of_numbers_that_is_measured_too_large_parts_no_table() -> None:
    large = Font(size=28)
    rows = [("Ferries", "0.76", "0.394"), ("Boats", "0.64", "0.483"), ("RS", "0.74", "0.413"), ("Raft", "0.25", "57.9")]
    words = [
        word
        for place, (name, *numbers) in enumerate([*rows, *rows])
        for word in row(300 + 30 * place, name, *numbers, font=large if place == 2 else None)
    ]
    [table] = tables(understand(make_page(words)))
    assert table == [list(each) for each in (*rows, *rows)]
