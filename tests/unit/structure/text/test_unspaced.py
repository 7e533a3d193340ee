"""Scripts without spaces, of which a source gives whole lines as one word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import A_PAGE, make_page, make_word
from octavo.domain.block import Drawing, Font, Rule
from octavo.domain.geometry import BBox
from octavo.structure.figures.find import find_figures
from octavo.structure.page import understand
from octavo.structure.tables import find_tables
from octavo.structure.text.lines import words_in

EM = 20
TALE = (
    "清晨的渡船离开港口时船上有七位旅客和一箱橙子海鸥在码头上空盘旋港务长的帽子被风吹走了没有人愿意去追因为雨就要来了"
)


def line(text: str, x: float, y: float, number: int, size: float = EM):
    word = make_word(text, font=Font(size=size), line=number, baseline=y + 0.85 * size)
    return replace(word, box=BBox(x, y, x + size * len(text), y + size))


def column(x: float, y: float, letters: int, lines: int, start: int = 0):
    text = TALE * 40
    first = [start + place * letters for place in range(lines)]
    return [line(text[at : at + letters], x, y + 34 * n, start + n) for n, at in enumerate(first)]


@pytest.mark.parametrize(
    ("text", "many"),
    [("ferry", 1), ("渡船", 1), ("渡船离开港口", 3), ("长度在1000m及以上的7条", 6), ("œuvre", 1)],
)
def test_words_are_counted_as_readers_do(text, many):
    assert words_in([make_word(text)]) == many


FRAME = (Rule(box=BBox(380, 100, 381, 1120)), Rule(box=BBox(979, 100, 980, 1120)), Rule(box=BBox(380, 1119, 980, 1120)))


def framed():
    """A story beside a frame with two more, whose paragraphs begin with an indent and end early."""
    stories = [column(x, 160, 13, 28, start=500 * n) for n, x in enumerate((60, 400, 700))]
    heading = line("吉林多举措扶持蔬菜生产", 520, 112, 1, 26)
    return [stories[0], [heading, *broken(stories[1])], broken(stories[2])]


def broken(story):
    """A paragraph every five lines."""
    made = []
    for place, each in enumerate(story):
        x0, x1 = each.box.x0 + 2 * EM * (place % 5 == 0), each.box.x1 - 4 * EM * (place % 5 == 4)
        text = each.text[2 * (place % 5 == 0) : len(each.text) - 4 * (place % 5 == 4)]
        made.append(replace(each, text=text, box=replace(each.box, x0=x0, x1=x1)))
    return made


def test_columns_of_text_in_a_frame_are_no_table():
    assert find_tables([word for story in framed() for word in story], FRAME, (), A_PAGE) == ()


def test_columns_of_text_in_a_frame_are_read_one_after_the_other():
    words = [word for story in framed() for word in story]
    blocks = understand(make_page(words, rules=FRAME))
    assert [word.text for block in blocks for word in block.words] == [word.text for word in words]


def test_text_beside_a_chart_stays_text():
    numbers = [line(f"{n}00", 110, 350 + 70 * n, n, 16) for n in range(4)]
    beside = [line("原沟壑区侵蚀沟道共有十一条", 610, 310 + 30 * n, 10 + n) for n in range(6)]
    bars = [Drawing(box=BBox(160 + 60 * n, 350, 200 + 60 * n, 600), filled=True) for n in range(7)]
    bars.append(Drawing(box=BBox(150, 598, 600, 600), filled=True))
    (chart,) = find_figures((), bars, (), [*numbers, *beside], A_PAGE)
    assert sorted(word.text for word in chart.words) == ["000", "100", "200", "300"]
