from __future__ import annotations

from factories import make_line
from octavo.domain.block import Cell, Rule, Table
from octavo.domain.geometry import BBox
from octavo.structure.tables import with_row_spans

ROWS = (("Group", "Model", "Mean"), ("Apple", "A", "1.5"), ("", "B", "2.5"), ("Pear", "A", "3.5"), ("", "B", "4.5"))


def table() -> Table:
    cells = tuple(
        Cell(row=r, column=c, text=text, words=make_line(text, 100 + 200 * c, 100 + 40 * r))
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
    )
    return Table(rows=len(ROWS), columns=3, cells=cells)


def rule_below(row: int, left: float = 90) -> Rule:
    y = 132 + 40 * row
    return Rule(box=BBox(left, y - 0.5, 700, y + 0.5))


def names(of: Table) -> list[tuple[str, int]]:
    return [(cell.text, cell.row_span) for cell in of.cells if cell.column == 0]


def test_rules_that_begin_right_of_a_name_leave_it_whole():
    rules = [rule_below(0), rule_below(1, 250), rule_below(2), rule_below(3, 250), rule_below(4)]
    assert names(with_row_spans(table(), rules)) == [("Group", 1), ("Apple", 2), ("Pear", 2)]


def test_rules_across_all_columns_part_empty_cells():
    rules = [rule_below(row) for row in range(5)]
    plain = table()
    assert with_row_spans(plain, rules) == plain


def test_without_rules_nothing_is_joined():
    plain = table()
    assert with_row_spans(plain, []) == plain
