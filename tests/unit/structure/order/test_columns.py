from __future__ import annotations

from factories import BODY, make_block, make_line, make_lines, prose
from octavo.domain.block import BlockKind, Font
from octavo.domain.geometry import BBox
from octavo.structure.order.columns import Item, in_columns
from octavo.structure.text.lines import segments_of

LARGE = Font(size=40)


def order(words, blocks=()) -> list[list[str]]:
    """What stands in each column, top to bottom."""
    items = [Item(segment.box, segment) for segment in segments_of(words)]
    items += [Item(block.box, block) for block in blocks]
    return [[each.content.text for each in column] for column in in_columns(items, BODY.size)]


def test_one_column_is_read_from_top_to_bottom():
    lines = prose(6, 70)
    assert order(make_lines(lines)) == [lines]


def test_two_columns_are_read_one_after_the_other():
    left, right = prose(8), prose(8, start=20)
    assert order(make_lines(left, x=60) + make_lines(right, x=520)) == [left, right]


def test_columns_of_unequal_length():
    left, right = prose(12), prose(5, start=20)
    assert order(make_lines(left, x=60) + make_lines(right, x=520)) == [left, right]


def test_three_columns():
    columns = [prose(8, 25, start) for start in (0, 10, 20)]
    words = [word for place, lines in enumerate(columns) for word in make_lines(lines, x=50 + 310 * place)]
    assert order(words) == columns


def test_a_title_over_both_columns_comes_first():
    left, right = prose(8), prose(8, start=20)
    title = make_line("A title that runs over both", x=250, y=60, font=LARGE)
    words = make_lines(left, x=60, y=140) + make_lines(right, x=520, y=140) + title
    assert order(words) == [["A title that runs over both"], left, right]


def test_text_over_the_full_width_parts_the_page_into_bands():
    above = [prose(5), prose(5, start=10)]
    below = [prose(5, start=20), prose(5, start=30)]
    wide = prose(3, 88, start=5)
    words = make_lines(above[0], x=60) + make_lines(above[1], x=520)
    words += make_lines(wide, x=60, y=280)
    words += make_lines(below[0], x=60, y=400) + make_lines(below[1], x=520, y=400)
    assert order(words) == [*above, wide, *below]


def test_columns_are_found_below_many_lines_of_all_lengths():
    wide = [prose(1, 50 + 17 * place % 38, start=place)[0] for place in range(24)]
    widths = (40, 33, 38, 26, 39, 31, 36, 20)
    left, right = ([prose(1, width, start)[0] for start, width in enumerate(widths, first)] for first in (3, 30))
    words = make_lines(wide, x=60) + make_lines(left, x=60, y=720) + make_lines(right, x=500, y=712)
    below = make_line("and one that ends where the columns part it", x=60, y=940)
    assert order(words + below) == [wide, left, right, ["and one that ends where the columns part it"]]


def test_a_picture_across_both_columns_parts_them_too():
    above = [prose(5), prose(5, start=10)]
    below = [prose(5, start=20), prose(5, start=30)]
    words = make_lines(above[0], x=60) + make_lines(above[1], x=520)
    words += make_lines(below[0], x=60, y=600) + make_lines(below[1], x=520, y=600)
    picture = make_block(BlockKind.IMAGE, "", box=BBox(60, 270, 920, 560))
    assert order(words, [picture]) == [*above, [""], *below]


def test_a_picture_in_one_column_stays_in_it():
    left, right = prose(14), prose(4, start=10)
    picture = make_block(BlockKind.IMAGE, "", box=BBox(520, 250, 920, 440))
    assert order(make_lines(left, x=60) + make_lines(right, x=520), [picture]) == [left, [*right, ""]]


def test_labels_and_values_are_read_across():
    labels, values = ["Name", "Date of birth", "Place"], ["Ada Lovelace", "10 December 1815", "London"]
    ((*read,),) = order(make_lines(labels, x=60) + make_lines(values, x=500))
    assert read == [text for pair in zip(labels, values, strict=True) for text in pair]


def test_nothing_to_put_in_order():
    assert order([]) == []


def test_cards_side_by_side_are_read_one_after_the_other():
    cards = [["Tea", "from the hills"], ["Cake", "from the shop"]]
    words = [
        word
        for place, (head, text) in enumerate(cards)
        for word in make_line(head, x=100 + 400 * place, font=Font(size=26))
        + make_line(text, x=100 + 400 * place, y=150)
    ]
    assert order(words) == cards


def test_labels_and_values_in_type_of_one_size_are_read_across():
    rows = [("Tea", "4.00"), ("Cake", "5.50"), ("Soup", "12.00")]
    words = [
        word
        for place, (label, value) in enumerate(rows)
        for word in make_line(label, y=100 + 30 * place) + make_line(value, x=500, y=100 + 30 * place)
    ]
    assert order(words) == [[text for row in rows for text in row]]


def test_short_columns_of_a_script_without_spaces():
    left = ["每天早上渡船都会晚到半", "小时港口里的人早已不再", "感到奇怪他们坐在岸边喝", "茶等待远方来的信和朋友"]
    right = ["孩子们跑过石桥看海鸥在", "风里转圈船长说今天的风", "比昨天大所以大家都要再", "等一会儿才能看见那条船"]
    assert order(make_lines(left, x=60) + make_lines(right, x=320)) == [left, right]
