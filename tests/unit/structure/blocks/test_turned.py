"""Writing that runs up or down the page."""

from __future__ import annotations

from dataclasses import replace

from factories import make_lines, make_page, make_word, prose
from octavo.domain.block import BlockKind, Font
from octavo.domain.geometry import BBox
from octavo.structure.page import understand


def down_the_page(text: str, x: float, y: float, size: float):
    word = make_word(text, font=Font(size=size), rotation=90.0, line=900)
    return replace(word, box=BBox(x, y, x + size, y + size * len(text)), baseline=None)


def read(words) -> list[str]:
    return [block.text for block in understand(make_page(words))]


def test_a_headline_down_the_page_comes_before_the_text_beside_it():
    above, beside, below = texts = prose(3, 76), prose(8, 60, start=9), prose(3, 76, start=20)
    headline = down_the_page("山东率先引入", 740, 210, 40)
    words = [*make_lines(above), *make_lines(beside, y=210), headline, *make_lines(below, y=460)]
    first, title, second, third = understand(make_page(words))
    assert [len(block.words) for block in (first, second, third)] == [len(" ".join(each).split()) for each in texts]
    assert (title.kind, title.text) == (BlockKind.TITLE, "山东率先引入")


def test_a_note_at_the_edge_of_the_page_comes_last():
    lines = prose(8, 60)
    assert read([down_the_page("Printed in Norway", 20, 120, 40), *make_lines(lines)])[-1] == "Printed in Norway"


def test_small_writing_down_the_page_is_no_headline():
    above, beside = prose(3, 76), prose(8, 60, start=9)
    words = [*make_lines(above), *make_lines(beside, y=210), down_the_page("not to scale", 800, 210, 16)]
    assert understand(make_page([*words, *make_lines(prose(3, 76), y=460)]))[-1].kind is BlockKind.ASIDE_TEXT
