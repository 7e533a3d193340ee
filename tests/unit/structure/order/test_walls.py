"""Rules that run across the page."""

from __future__ import annotations

from factories import A_PAGE, make_lines, make_page, prose
from octavo.domain.block import Rule
from octavo.domain.geometry import BBox
from octavo.structure.order.walls import walls_of
from octavo.structure.page import understand
from octavo.structure.tables import find_tables

EM = 20
STORIES = [prose(9, 40, start=11 * n) for n in range(4)]


def across(y: float, x0: float = 60, x1: float = 940) -> Rule:
    return Rule(box=BBox(x0, y, x1, y + 2))


def stories():
    return [make_lines(lines, 60 + 460 * (n % 2), 100 + 265 * (n // 2)) for n, lines in enumerate(STORIES)]


def read(rules) -> str:
    words = [word for story in stories() for word in story]
    blocks = understand(make_page(words, rules=rules))
    return " ".join(word.text for block in blocks for word in block.words)


def told(*places: int) -> str:
    return " ".join(line for place in places for line in STORIES[place])


def test_stories_above_a_rule_come_before_those_below_it():
    assert read(()) == told(0, 2, 1, 3)
    assert read((across(345),)) == told(0, 1, 2, 3)


def test_a_rule_over_one_column_parts_nothing_beside_it():
    assert read((across(345, 60, 480),)) == told(0, 2, 1, 3)


def test_a_double_rule_is_a_wall():
    assert len(walls_of([across(345), across(350)], (), EM)) == 2


def test_lines_to_write_on_are_no_walls():
    assert walls_of([across(300 + 40 * n) for n in range(5)], (), EM) == ()


def test_rules_of_tables_and_figures_are_no_walls():
    assert walls_of([across(300), across(700)], [BBox(60, 295, 940, 500)], EM) == (across(700).box,)


def test_stories_between_rules_are_no_table():
    lines = [prose(16, 40, start=9 * n) for n in range(6)]
    words = [make_lines(each, 60 + 460 * (n % 2), 100 + 430 * (n // 2)) for n, each in enumerate(lines)]
    rules = [*(across(90 + 430 * n) for n in range(4)), Rule(box=BBox(499, 90, 501, 1380))]
    assert find_tables([word for story in words for word in story], rules, (), A_PAGE) == ()
