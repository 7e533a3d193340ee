"""Leaders part names from numbers in tables, and say nothing."""

from __future__ import annotations

import pytest

from factories import make_line, make_page, make_word
from octavo.domain.block import BlockKind, Word
from octavo.structure.page import understand
from octavo.structure.tables.leaders import parted_from_leaders, without_leaders


def parted(*texts: str) -> tuple[list[str], int]:
    words = [make_word(text, 100 + 200 * place, line=1) for place, text in enumerate(texts)]
    found = parted_from_leaders(words)
    return [word.text for word in found.words], len(found.leaders)


@pytest.mark.parametrize("points", ["........", "……", "····", "・・・・"])
def test_rows_of_points_are_leaders(points):
    assert parted("Tea", points, "178") == (["Tea", "178"], 1)
    assert parted(f"Tea{points}", "178") == (["Tea", "178"], 0)


def test_points_that_stand_apart_are_leaders_as_well():
    assert parted("Tea", ".", ".", ".", ".", "178") == (["Tea", "178"], 4)


@pytest.mark.parametrize("text", ["...", "…", "etc.", "..", "and...", "1.2.3.4"])
def test_what_is_left_out_or_not_known_is_none(text):
    assert parted("Tea", text, "178") == (["Tea", text, "178"], 0)


def test_a_name_that_is_cut_off_ends_where_its_letters_do():
    (word,) = parted_from_leaders([make_word("Tea........")]).words
    assert (word.text, word.box.x0) == ("Tea", 100)
    assert word.box.x1 < make_word("Tea........").box.x1 - 30


def test_a_text_without_its_leaders():
    assert without_leaders("Tea . . . . . 178") == "Tea 178"
    assert without_leaders("Tea…… ") == "Tea"
    assert without_leaders("and so on ... 7") == "and so on ... 7"


def ledger() -> list[Word]:
    words = [*make_line("2025", 600, 100), *make_line("2024", 800, 100)]
    for row, name in enumerate(("Tea", "Cake and biscuits", "Milk", "Total")):
        y = 140 + 30 * row
        label = make_line(name + " " + "." * (44 - len(name)), 100, y)
        words += [*label, *make_line("178", 610, y), *make_line("94", 820, y)]
    return words


def test_cells_of_a_ledger_hold_names_and_numbers_alone():
    (block,) = understand(make_page(ledger()))
    assert block.table is not None
    rows = [[cell.text for cell in block.table.cells if cell.row == row] for row in range(block.table.rows)]
    assert rows[2] == ["Cake and biscuits", "178", "94"]


def test_leaders_of_a_table_stand_nowhere_else():
    blocks = understand(make_page(ledger()))
    assert [block.kind for block in blocks] == [BlockKind.TABLE]
    assert sum(word.text.startswith("....") for word in blocks[0].words) == 4


def test_leaders_outside_tables_stay():
    (block,) = understand(make_page(make_line("Sign here .......... please")))
    assert block.text == "Sign here .......... please"
