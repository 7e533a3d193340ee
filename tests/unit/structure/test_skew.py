from __future__ import annotations

import pytest

from octavo.domain.block import Block, BlockKind, Cell, Font, Table, Word
from octavo.domain.geometry import BBox, Size
from octavo.structure.skew import leveled_words, put_back, skew_of

PAGE = Size(1000, 1400)


def word(x: float, y: float, rotation: float, width: float = 80) -> Word:
    return Word(text="word", box=BBox(x, y, x + width, y + 20), font=Font(size=18), rotation=rotation, baseline=y + 16)


def test_the_longest_lines_tell_the_skew():
    words = [word(0, 0, 3.0, width=600), word(0, 50, 2.8, width=500), word(0, 100, 0.0), word(0, 150, 90.0)]
    assert skew_of(words) == pytest.approx(2.8, abs=0.3)


def test_skew_to_the_left_is_negative():
    assert skew_of([word(0, 0, 357.0), word(0, 40, 357.5)]) == pytest.approx(-3.0, abs=0.6)


@pytest.mark.parametrize("rotations", [[], [0.0, 0.2], [90.0, 90.0], [45.0]])
def test_level_turned_and_slanted_words_are_no_skew(rotations):
    assert skew_of([word(0, 0, rotation) for rotation in rotations]) == 0.0


def test_leveled_words_of_one_line_stand_side_by_side():
    # A line that falls by 3 degrees: 52 pixels over 1000.
    line = [word(100, 300, 3.0), word(800, 300 + 36.7, 3.0)]
    first, second = leveled_words(line, 3.0, PAGE)
    assert first.box.center_y == pytest.approx(second.box.center_y, abs=1)
    assert first.baseline == pytest.approx(second.baseline, abs=1)
    assert (first.rotation, second.rotation) == (0.0, 0.0)


def test_blocks_are_put_back_where_their_words_were():
    words = (word(100, 300, 3.0), word(800, 336.7, 3.0))
    leveled = leveled_words(words, 3.0, PAGE)
    cell = Cell(row=0, column=0, text="word", words=leveled)
    table = Table(rows=1, columns=1, cells=(cell,))
    block = Block(kind=BlockKind.TABLE, box=leveled[0].box.union(leveled[1].box), words=leveled, table=table)
    (back,) = put_back([block], 3.0, PAGE)
    for word_back, cell_word, before in zip(back.words, back.table.cells[0].words, words, strict=True):
        assert word_back.box.center_x == pytest.approx(before.box.center_x, abs=1)
        assert word_back.box.center_y == pytest.approx(before.box.center_y, abs=1)
        assert word_back.rotation == 3.0
        assert cell_word == word_back
        assert back.box.holds(before.box)


def test_a_level_page_stays_as_it_is():
    block = Block(kind=BlockKind.TEXT, box=BBox(0, 0, 10, 10), words=(word(0, 0, 0.0),))
    assert put_back([block], 0.0, PAGE) == (block,)
