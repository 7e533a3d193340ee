"""What is read column by column, and what across."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from factories import BODY, make_line, make_lines, make_page, make_word, prose
from octavo.domain.block import Font, Word
from octavo.structure.order.columns import in_columns
from octavo.structure.order.sides import Item
from octavo.structure.page import understand
from octavo.structure.text.lines import segments_of

EM = BODY.size


def columns(words: Sequence[Word]) -> list[list[str]]:
    """What stands in each column, top to bottom."""
    items = [Item(segment.box, segment) for segment in segments_of(words)]
    return [[each.content.text for each in column] for column in in_columns(items, EM)]


def read(words: Sequence[Word]) -> str:
    return " ".join(" ".join(word.text for word in block.words) for block in understand(make_page(words)))


def justified(text: str, x: float, y: float, width: float, line: int) -> list[Word]:
    """The words of a line, spaced to fill the width."""
    texts = text.split(" ")
    written = sum(0.5 * EM * len(each) for each in texts)
    words = []
    for each in texts:
        words.append(make_word(each, x, y, line=line))
        x = words[-1].box.x1 + (width - written) / (len(texts) - 1)
    return words


def test_columns_whose_spaces_are_as_wide_as_gutters():
    stories = [prose(14, 25, start=11 * n) for n in range(3)]
    words = [
        word
        for n, lines in enumerate(stories)
        for place, text in enumerate(lines)
        for word in justified(text, 60 + 294 * n, 100 + 25 * place, 270, 100 * n + place)
    ]
    assert read(words) == " ".join(line for story in stories for line in story)


@pytest.mark.parametrize("unit", ["", " EUR"])
def test_amounts_belong_to_what_stands_on_their_line(unit):
    entries = ["Goods without tax", "Rounding", "Total", "Tax of these goods", "Paid in cash", "Change"]
    large = Font(name="Body", size=1.3 * EM)
    words = []
    for place, text in enumerate(entries):
        font = large if place == 2 else BODY
        words += make_line(text, 60, 100 + 25 * place, font=font)
        words += make_line(f"{3.5 + place:.2f}{unit}", 500, 106 + 25 * place, font=font)
    assert read(words) == " ".join(f"{text} {3.5 + place:.2f}{unit}" for place, text in enumerate(entries))


def test_an_indent_beside_a_gutter_is_no_space():
    left, right = prose(9), prose(9, start=20)
    words = list(make_lines(left, x=60))
    for place, text in enumerate(right):
        words += make_line(text, 510 + 30 * (place % 3 == 0), 100 + 25 * place)
    assert columns(words) == [left, right]


def test_questions_with_answers_in_two_columns():
    sheets, words = [], []
    for side, x in enumerate((60, 520)):
        lines = []
        for number in range(3):
            top = 100 + 200 * number
            question = prose(3, 40, start=13 * side + 5 * number)
            answers = [(f"A {number}1", f"C {number}3"), (f"B {number}2", f"D {number}4")]
            words += make_lines(question, x, top)
            for place, (first, second) in enumerate(answers):
                words += [
                    *make_line(first, x, top + 90 + 30 * place),
                    *make_line(second, x + 220, top + 90 + 30 * place),
                ]
            lines += [*question, *(text for pair in answers for text in pair)]
        sheets.append(lines)
    assert columns(words) == sheets


@pytest.mark.parametrize("mark", ["•", "–", "1."])
def test_lists_side_by_side(mark):
    texts = [["seven passengers", "oranges", "a hat", "rain"], ["ferry", "quay", "harbour", "wind"]]
    lists = [[f"{mark} {text}" for text in side] for side in texts]
    words = [word for n, side in enumerate(lists) for word in make_lines(side, x=60 + 400 * n, leading=1.5)]
    across = [text for pair in zip(*lists, strict=True) for text in pair]
    assert columns(words) == (lists if mark == "•" else [across])


@pytest.mark.parametrize("leader", ["........", " ........ ", " . . . . . . "])
def test_contents_in_two_columns(leader):
    names = [["Ferries", "Harbour", "Gulls", "Oranges"], ["Clocks", "Hats", "Wind", "Rain"]]
    lists = [[f"{name}{leader}{4 * n + place}" for place, name in enumerate(side)] for n, side in enumerate(names)]
    words = [word for n, side in enumerate(lists) for word in make_lines(side, x=60 + 400 * n)]
    assert columns(words) == lists


def test_contents_in_two_columns_with_page_numbers_apart():
    names = prose(12, 16)
    words, expected = [], []
    for place, name in enumerate(names):
        x, y = 40 + 480 * (place // 6), 100 + 26 * (place % 6)
        dots = "." * (40 - len(name))
        words += make_line(f"{name} {dots} {3 * place + 2}", x, y)
        expected.append(f"{name} {dots} {3 * place + 2}")
    assert read(words) == " ".join(expected)


def test_a_number_and_its_names_beside_text():
    text = prose(8, 50)
    stack = [("34", 40, 96), ("meetings this spring", 24, 150), ("NY", 24, 184), ("LA and LV", 24, 218)]
    words = [word for name, size, y in stack for word in make_line(name, 60, y, font=Font(size=size))]
    words += make_lines(text, x=340, leading=1.4)
    assert read(words) == " ".join([*(name for name, _, _ in stack), *text])


def test_names_beside_their_explanations_are_read_across():
    words, expected = [], []
    for number, name in enumerate(("Ferry", "Harbour", "Gull", "Quay")):
        lines = prose(3, 60, start=9 * number)
        words += [*make_line(name, 60, 100 + 90 * number), *make_lines(lines, 260, 100 + 90 * number)]
        expected += [name, *lines]
    assert read(words) == " ".join(expected)


def test_headings_of_stories_side_by_side_begin_them():
    """They stand on one line, in type of several sizes, and one of them across a gutter of the stories above."""
    upper = [prose(9, start=3 * n) for n in range(2)]
    names = [("Oranges", 60, 330, 20), ("Wind and rain", 400, 320, 40), ("Hats", 800, 328, 24)]
    lower = [prose(9, 24, start=9), prose(9, 24, start=30), prose(9, 24, start=2)]
    words = [word for n, lines in enumerate(upper) for word in make_lines(lines, x=60 + 460 * n, y=80)]
    words += [word for name, x, y, size in names for word in make_line(name, x, y, font=Font(size=size))]
    words += [word for n, lines in enumerate(lower) for word in make_lines(lines, x=60 + 310 * n, y=375)]
    assert read(words).startswith(" ".join([*upper[0], *upper[1]]))
