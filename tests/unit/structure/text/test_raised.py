"""Raised numbers keep apart from the words and numbers that they stand at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import BODY, make_line, make_page, make_word
from octavo.domain.block import Font, Word
from octavo.structure.page import understand
from octavo.structure.text.raised import with_numbers_raised

SMALL = Font(size=12, name="Helvetica")


def raised(base: str, mark: str, *, up: float = 8, gap: float = 0, font: Font = SMALL) -> tuple[Word, Word]:
    """A word and what follows it, `up` pixels higher, `gap` pixels away."""
    first = make_word(base, line=1)
    return first, make_word(mark, first.box.x1 + gap, 98, font=font, line=1, baseline=116 - up, space_before=gap > 5)


def texts(*words: Word) -> list[str]:
    return [word.text for word in with_numbers_raised(words)]


@pytest.mark.parametrize(
    ("mark", "read"), [("4", "⁴"), ("12", "¹²"), ("1,2", "¹,²"), ("2+", "²⁺"), ("−3", "⁻³"), ("1-3", "¹⁻³")]
)
def test_a_small_number_set_high_is_spelled_raised(mark, read):
    assert texts(*raised("10.03", mark)) == ["10.03", read]


@pytest.mark.parametrize("mark", ["st", "er", "(1)", "*", ")", "2nd"])
def test_other_raised_writing_stays_as_it_is(mark):
    assert texts(*raised("10.03", mark)) == ["10.03", mark]


def test_a_small_number_on_the_baseline_or_below_stays_a_digit():
    assert texts(*raised("CO", "2", up=0)) == ["CO", "2"]
    assert texts(*raised("CO", "2", up=-4)) == ["CO", "2"]


def test_a_number_of_the_same_size_or_far_away_is_none():
    assert texts(*raised("10.03", "4", font=BODY)) == ["10.03", "4"]
    assert texts(*raised("Total", "4", gap=30)) == ["Total", "4"]


def test_numerators_and_numbers_that_begin_a_line_stay():
    whole, top = raised("4", "1")
    slash = make_word("/2", top.box.x1, 100, line=1)
    assert texts(whole, top, slash) == ["4", "1", "/2"]
    assert texts(top, make_word("See", top.box.x1 + 3, line=1)) == ["1", "See"]


def test_several_marks_stand_at_one_word():
    word, first = raised("storage", "6,")
    second = replace(first, text="7", box=first.box.shifted(18, 0), space_before=True)
    assert texts(word, first, second) == ["storage", "⁶,", "⁷"]


def test_words_of_pixels_that_know_no_baseline_stay():
    word, mark = raised("10.03", "4")
    assert texts(word, replace(mark, baseline=None)) == ["10.03", "4"]


def test_a_mark_in_a_table_does_not_make_its_number_larger():
    words: list[Word] = []
    for row, (name, sold, kept) in enumerate(
        (("Goods", "Sold", "Kept"), ("Tea", "10.03", "2.04"), ("Cake", "3.56", "9.52"), ("Milk", "0.23", "5.17"))
    ):
        y = 200 + 40 * row
        words += [*make_line(name, 100, y), *make_line(kept, 700, y), *(entry := make_line(sold, 500, y))]
        if row == 1:
            mark = make_word("4", entry[0].box.x1, y - 2, font=SMALL, line=entry[0].line, baseline=y + 8)
            words.append(replace(mark, space_before=False))
    (block,) = understand(make_page(words))
    assert block.table is not None
    assert [cell.text for cell in block.table.cells if cell.row == 1] == ["Tea", "10.03⁴", "2.04"]
