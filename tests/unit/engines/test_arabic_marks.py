"""Commas at the end of Arabic words are told from points, colons and hamzas by their ink."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.arabic_marks import with_commas
from octavo.engines.text_words import Piece

COMMA, HAMZA = "\u060c", "\u0621"
WORD = "\u0643\u0644\u0645\u0629"


def line(*marks):
    """A line of one word, and left of it ink in boxes of (top, width, height) from column 20 on."""
    crop = np.full((30, 120, 3), 255, np.uint8)
    crop[8:22, 40:110] = 0
    for top, width, height in marks:
        crop[top : top + height, 20 : 20 + width] = 0
    return crop


def read(text, crop):
    (piece,) = with_commas([Piece(text=text, start=20.0, end=110.0, confidence=0.9)], crop)
    return piece.text


@pytest.mark.parametrize("taken_for", [".", ":", ",", HAMZA])
def test_a_tall_mark_is_a_comma(taken_for):
    assert read(WORD + taken_for, line((18, 3, 6))) == WORD + COMMA


def test_a_mark_that_stands_alone_is_a_comma_too():
    assert read(".", line((18, 3, 6))) == COMMA


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        (WORD + ".", [(19, 3, 3)]),
        (WORD + ":", [(12, 3, 3), (19, 3, 3)]),
        (WORD + HAMZA, [(14, 7, 7)]),
        (WORD + "..", [(18, 3, 6)]),
        (WORD, [(18, 3, 6)]),
        (WORD + ".", []),
        (WORD + ".", [(0, 3, 6)]),
    ],
)
def test_everything_else_stays(text, marks):
    assert read(text, line(*marks)) == text


def test_a_line_without_words_stays_empty():
    assert with_commas([], line()) == ()
