from __future__ import annotations

import pytest

from factories import BODY, make_line, make_lines, make_word
from octavo.domain.block import Font
from octavo.structure.text.lines import (
    dominant_font,
    dominant_size,
    is_space_between,
    is_upright,
    join_words,
    lines_of,
    segments_of,
)

EM = BODY.size


def spelled(segments) -> list[str]:
    return [segment.text for segment in segments]


def test_words_of_a_line_are_one_segment():
    (segment,) = segments_of(make_line("one line of words"))
    assert segment.text == "one line of words"
    assert segment.size == EM
    assert segment.font == BODY


def test_a_gutter_parts_one_source_line():
    words = make_line("left column", x=100, line=3) + make_line("right column", x=400, line=3)
    assert spelled(segments_of(words)) == ["left column", "right column"]


def test_a_change_of_font_goes_on_in_the_same_segment():
    bold = make_line("Note:", x=100, font=Font(size=EM, name="Helvetica-Bold", bold=True))
    plain = make_line("read this", x=bold[0].box.x1 + 0.3 * EM)
    assert spelled(segments_of(bold + plain)) == ["Note: read this"]


def test_a_raised_mark_stays_in_its_line():
    text = make_line("as shown", x=100)
    mark = make_line("12", x=text[-1].box.x1 + 1, y=97, font=Font(size=0.6 * EM))
    assert spelled(segments_of(text + mark)) == ["as shown12"]


def test_lines_below_one_another_stay_apart():
    assert spelled(segments_of(make_lines(["first line", "second line"]))) == ["first line", "second line"]


def test_segments_come_from_top_to_bottom_then_left_to_right():
    words = make_line("c", x=100, y=200) + make_line("b", x=500, y=100) + make_line("a", x=100, y=100)
    assert spelled(segments_of(words)) == ["a", "b", "c"]


def test_turned_words_are_in_no_segment():
    assert spelled(segments_of([make_word("up", rotation=270), *make_line("level")])) == ["level"]


@pytest.mark.parametrize(("degrees", "upright"), [(0, True), (5, True), (355, True), (90, False), (180, False)])
def test_upright_means_written_from_left_to_right(degrees, upright):
    assert is_upright(make_word(rotation=degrees)) is upright


def test_segments_at_one_height_are_one_line():
    (line,) = lines_of(segments_of(make_line("label", x=100) + make_line("value", x=400)))
    assert line.text == "label value"
    assert (line.box.x0, line.box.x1) == (100, 450)


def test_a_tall_word_does_not_tie_two_lines_together():
    tall = make_line("W", x=60, y=100, font=Font(size=45))
    words = tall + make_lines(["first line", "second line"], x=140)
    texts = [line.text for line in lines_of(segments_of(words))]
    assert any("first line" in text and "second" not in text for text in texts)


def test_the_source_tells_the_spaces():
    words = (
        make_word("re", x=100, line=1),
        make_word("mark", x=122, line=1, space_before=False),
        make_word("able", x=170, line=1, space_before=True),
    )
    assert join_words(words) == "remark able"


@pytest.mark.parametrize(
    ("right", "gap", "spaced"), [("word", 0.3, True), ("word", 0.05, False), (",", 0.3, False), (",", 0.5, True)]
)
def test_without_a_source_the_gap_tells_the_spaces(right, gap, spaced):
    left = make_word("word", x=100)
    assert is_space_between(left, make_word(right, x=left.box.x1 + gap * EM)) is spaced


def test_words_over_one_another_are_no_parts_of_one():
    left = make_word("quay", x=100)
    assert is_space_between(left, make_word("Transfer", x=110, font=Font(size=40)))


def test_the_dominant_font_covers_most_characters():
    large = Font(size=40)
    words = [make_word("Heading", font=large), make_word("and"), make_word("running text")]
    assert dominant_font(words) == BODY
    assert dominant_size(words) == EM
    assert dominant_size([]) == 0.0


def test_characters_that_are_spaced_out_are_one_word():
    words = [make_word(text, 100 + 40 * n) for n, text in enumerate("股份数量")]
    assert join_words(words) == "股份数量"


@pytest.mark.parametrize("texts", [("坂東", "和宏"), ("a", "b"), ("가", "나"), ("第", "1")])
def test_words_that_are_no_single_characters_of_east_asia_keep_their_space(texts):
    left, right = texts
    assert is_space_between(make_word(left), make_word(right, 170))


def test_characters_far_apart_keep_their_space():
    assert is_space_between(make_word("甲"), make_word("乙", 400))


def test_a_line_below_a_large_name_that_reaches_into_its_box_is_another():
    name = make_line("Drylab", 100, 100, font=Font(size=120, name="Lato"))
    below = make_line("for investors and friends", 280, 195, font=Font(size=30, name="Lato"))
    assert spelled(lines_of(segments_of(name + below))) == ["Drylab", "for investors and friends"]


def test_small_words_on_the_baseline_of_large_ones_stay_on_their_line():
    price = make_line("40", 100, 100, font=Font(size=60, name="Lato"))
    unit = make_line("euros", 180, 130, font=Font(size=22.5, name="Lato"))
    (line,) = lines_of(segments_of(price + unit))
    assert line.text == "40 euros"


def test_a_bracket_that_hangs_out_of_a_column_of_numbers_closes_its_number():
    number, bracket = make_word("(45,811", 100), make_word(")", 176)
    assert join_words([number, bracket]) == "(45,811)"
    assert join_words([make_word("(", 100), make_word(")", 130)]) == "( )"


def test_the_date_beside_the_name_of_a_newspaper_is_a_line_of_its_own():
    name = make_line("The Daily", 100, 100, font=Font(size=100, name="Lato"))
    date = make_line("Saturday, 21 November", 700, 160, font=Font(size=25, name="Lato"))
    assert spelled(lines_of(segments_of(name + date))) == ["The Daily", "Saturday, 21 November"]


def spaced(words: int, ems: float, wide: float, at: int, **fields) -> tuple:
    """Words of four letters on one line with gaps of `ems` between them, the one before word `at` of `wide` ems."""
    made, x = [], 100.0
    for place in range(words):
        made.append(make_word("word", x=x, line=7, **fields))
        x = made[-1].box.x1 + EM * (wide if place + 1 == at else ems)
    return tuple(made)


@pytest.mark.parametrize(("usual", "wide", "parts"), [(1.0, 1.9, 1), (0.6, 1.25, 1), (0.25, 1.25, 2), (1.0, 3.0, 2)])
def test_two_spaces_behind_a_sentence_part_no_line_whose_gaps_are_all_wide(usual, wide, parts):
    assert len(segments_of(spaced(8, usual, wide, at=4))) == parts


def test_words_that_all_stand_far_apart_are_entries():
    assert len(segments_of(spaced(7, 2.0, 2.0, at=3))) == 7


def test_a_signature_through_printed_lines_is_a_line_of_its_own():
    above, below = (
        make_line(text, x=300, y=y, font=Font(size=EM)) for text, y in (("Sincerely,", 100), ("Jo Ann", 200))
    )
    signed = make_word("JA", x=250, y=60, font=Font(size=9 * EM), baseline=216, line=900)
    lines = lines_of(segments_of((*above, signed, *below)))
    assert [line.text for line in lines] == ["Sincerely,", "JA", "Jo Ann"]


@pytest.mark.parametrize(
    ("size", "right", "lines"), [(40, "Since You Left", 2), (40, "TOTAL 12.50", 1), (30, "Since You Left", 1)]
)
def test_a_title_beside_a_small_address_is_a_line_of_its_own(size, right, lines):
    small = make_line("Roseland, NJ 07068", x=100, y=110, font=Font(size=20))
    large = make_line(right, x=600, y=100, font=Font(size=size))
    assert len(lines_of(segments_of(small + large))) == lines
