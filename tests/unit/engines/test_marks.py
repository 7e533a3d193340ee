"""Spaces at marks."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.marks import with_marks_apart
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink, Piece, split

LETTER, HEIGHT = 14, 20
MARKS = ':,"()'


def words(text: str, before: int, after: int) -> list[str]:
    return [piece.text for piece in pieces(text, before, after)]


def pieces(text: str, before: int, after: int) -> list[Piece]:
    """The words of `text` in which so many columns of paper stand before and after its marks, 2 elsewhere."""
    columns: list[int] = []
    glyphs = []
    for place, character in enumerate(text):
        if place:
            gap = before if character in MARKS else after if text[place - 1] in MARKS else 2
            columns += [0] * gap
        start = len(columns)
        columns += [0] * LETTER if character == " " else [9] * LETTER
        glyphs.append((character, start, len(columns)))
    rows = np.zeros(40, dtype=np.intp)
    rows[10 : 10 + HEIGHT] = 50
    found = tuple(
        Glyph(text=character, start=start / len(columns), end=end / len(columns), confidence=1.0)
        for character, start, end in glyphs
    )
    ink = Ink(columns=np.array(columns, dtype=np.intp), rows=rows)
    return split(with_marks_apart(found, ink), ink)


def test_a_colon_with_paper_on_both_sides_stands_alone():
    assert words("TEL:03-4021", before=10, after=9) == ["TEL", ":", "03-4021"]


def test_behind_a_space_before_it_less_is_enough():
    assert words("TEL:03-4021", before=12, after=6) == ["TEL", ":", "03-4021"]


def test_paper_behind_a_colon_is_a_space():
    assert words("POS:02", before=4, after=12) == ["POS:", "02"]


def test_a_space_that_was_read_stays_one():
    assert words("POS: 02", before=10, after=9) == ["POS", ":", "02"]


@pytest.mark.parametrize(("before", "after"), [(2, 2), (4, 6), (5, 5)])
def test_a_little_paper_is_none(before, after):
    assert words("Fax:03-55", before=before, after=after) == ["Fax:03-55"]


@pytest.mark.parametrize("text", ["10:15", "2018:37"])
def test_times_stay_together(text):
    assert words(text, before=12, after=12) == [text]


def test_the_words_beside_such_a_space_are_as_sure_as_they_were_read():
    assert min(word.confidence for word in pieces("TEL:03-4021", before=10, after=9)) > 0.7


@pytest.mark.parametrize(
    ("text", "before", "after", "found"),
    [
        ('persons"and', 2, 12, ['persons"', "and"]),
        ("2017(Sun", 12, 2, ["2017", "(Sun"]),
        ("(Sun)20", 2, 12, ["(Sun)", "20"]),
        ("terre,here", 2, 10, ["terre,", "here"]),
    ],
)
def test_paper_beside_marks_of_sentences_is_a_space(text, before, after, found):
    assert words(text, before=before, after=after) == found


@pytest.mark.parametrize(("text", "after"), [("12,500", 14), ("terre,here", 6), ("end.Here", 14), ("it's", 12)])
def test_numbers_points_and_apostrophes_part_nothing(text, after):
    assert words(text, before=2, after=after) == [text]
