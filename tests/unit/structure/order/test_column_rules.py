"""Rules that part columns and stories are no tables."""

from __future__ import annotations

from factories import A_PAGE, make_lines, make_page, prose
from octavo.domain.block import BlockKind, Rule
from octavo.domain.geometry import BBox
from octavo.structure.page import understand
from octavo.structure.tables import find_tables

LEFT = [prose(lines, 38, start=7 * lines) for lines in (4, 3, 5, 2)]
RIGHT = [prose(lines, 38, start=5 * lines) for lines in (2, 4, 3, 6)]
DOWN = Rule(box=BBox(499, 90, 501, 760))


def across(x0: float, x1: float, y: float) -> Rule:
    return Rule(box=BBox(x0, y, x1, y + 2))


def stories(x: float, texts):
    words, ends, y = [], [], 100
    for lines in texts:
        words += make_lines(lines, x, y)
        y += 25 * len(lines) + 40
        ends.append(y - 25)
    return words, ends[:-1]


def page():
    left, left_ends = stories(80, LEFT)
    right, right_ends = stories(520, RIGHT)
    rules = [DOWN, *(across(80, 494, y) for y in left_ends), *(across(506, 920, y) for y in right_ends)]
    return [*left, *right], tuple(rules)


def test_columns_with_a_rule_between_are_no_table():
    words, rules = page()
    assert find_tables(words, rules, (), A_PAGE) == ()


def test_columns_with_a_rule_between_are_read_one_after_the_other():
    words, rules = page()
    read = " ".join(block.text for block in understand(make_page(words, rules=rules)))
    assert read == " ".join(line for story in (*LEFT, *RIGHT) for line in story)


def test_rules_from_side_to_side_make_a_table():
    cells = [make_lines(prose(2, 30, start=5 * n), 80 + 440 * (n % 2), 110 + 80 * (n // 2)) for n in range(6)]
    rules = [Rule(box=BBox(499, 95, 501, 330)), *(across(80, 920, 95 + 78 * n) for n in range(4))]
    (table,) = find_tables([word for cell in cells for word in cell], rules, (), A_PAGE)
    assert (table.table.rows, table.table.columns) == (3, 2)


def test_their_page_has_nothing_but_text():
    words, rules = page()
    assert {block.kind for block in understand(make_page(words, rules=rules))} == {BlockKind.TEXT}
