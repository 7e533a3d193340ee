"""Two pages on one image, each with what is its own."""

from __future__ import annotations

from factories import make_lines, make_page
from octavo.domain.block import BlockKind, Region, Rule
from octavo.domain.geometry import BBox, Size
from octavo.pipeline.open_book import parts_of, within

TEXT = ["of running text that fills a measure of a page"] * 12
FOLD = Rule(box=BBox(795, 0, 799, 1200))
ACROSS = Rule(box=BBox(100, 180, 1500, 182))


def book(rules: tuple[Rule, ...] = (FOLD, ACROSS)):
    words = (*make_lines(TEXT, x=120, y=200), *make_lines(TEXT, x=950, y=200))
    return make_page(words, size=Size(1600, 1200), rules=rules)


def test_each_page_has_its_words_and_its_part_of_a_rule():
    page = book()
    (left, left_box), (right, right_box) = parts_of(page)
    assert (*left.words, *right.words) == page.words
    assert max(word.box.x1 for word in left.words) < left_box.x1 == right_box.x0
    assert [rule.box.x1 for rule in left.rules if rule.horizontal] == [left_box.x1]
    assert [rule.box.x0 for rule in right.rules if rule.horizontal] == [right_box.x0]
    assert left.size == right.size == page.size


def test_a_region_over_both_is_one_of_each():
    region = Region(kind=BlockKind.TABLE, box=BBox(100, 180, 1500, 700), confidence=0.9)
    boxes = [within([region], box)[0].box for _, box in parts_of(book())]
    assert [box.x0 for box in boxes] == [100, boxes[0].x1]
    assert boxes[1].x1 == 1500


def test_other_pages_are_one_part():
    page = book(rules=())
    ((part, box),) = parts_of(page)
    assert part is page
    assert (box.x0, box.y0, box.x1, box.y1) == (0, 0, 1600, 1200)
