"""A table in one of two columns of text, whose numbers of sections hang in the gutter."""

from __future__ import annotations

from factories import A_PAGE, make_line, make_lines, prose
from octavo.domain.block import Word
from octavo.structure.tables import find_tables

TOP = 100
LEFT, MARK, RIGHT = 60, 490, 545


def ledger() -> list[Word]:
    rows = [("Investment", "2010", "2009"), ("Loan to a mill", "8,780.17", "9,938.20"), ("Advance", "898.20", "–")]
    rows.append(("", "9,678.37", "9,938.20"))
    words: list[Word] = []
    for row, texts in enumerate(rows):
        for text, right in zip(texts, (0, 800, 930), strict=True):
            x = right - 10 * len(text) if right else RIGHT
            words += make_line(text, x, TOP + 30 * row) if text else ()
    return words


def test_the_names_of_its_columns_stay_with_it_though_a_number_hangs_beside_them():
    text = prose(22, 40)
    words = [*make_lines(text, x=LEFT, y=TOP), *make_line("3.", MARK, TOP), *ledger()]
    words += [*make_lines(text[:8], x=RIGHT, y=260), *make_line("4.", MARK, 480), *make_line("Capital", RIGHT, 480)]
    words += make_lines(text[8:14], x=RIGHT, y=520)
    (table,) = find_tables(words, (), (), A_PAGE)
    rows = [[cell.text for cell in table.table.cells if cell.row == row] for row in range(table.table.rows)]
    assert rows[:2] == [["Investment", "2010", "2009"], ["Loan to a mill", "8,780.17", "9,938.20"]]
