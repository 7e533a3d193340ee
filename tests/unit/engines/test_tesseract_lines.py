"""What Tesseract is given of a line, and what is made of its table; what it reads is tested with pages."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.tesseract import _apart, _prepared
from octavo.engines.text_words import Piece


def piece(text, start, end):
    return Piece(text=text, start=start, end=end, confidence=0.9)


def places(*pieces):
    return [(each.text, each.start, each.end) for each in _apart(pieces)]


def test_a_box_loses_what_it_covers_of_the_word_before_it():
    from_right = [piece("c", 90, 120), piece("b", 60, 80), piece("a", 10, 80)]
    assert places(*from_right) == [("c", 90, 120), ("b", 60, 80), ("a", 10, 60)]
    from_left = [piece("a", 10, 30), piece("b", 10, 80)]
    assert places(*from_left) == [("a", 10, 30), ("b", 30, 80)]


def test_boxes_that_touch_and_boxes_within_others_stay():
    assert places(piece("a", 10, 30), piece("b", 28, 80)) == [("a", 10, 30), ("b", 28, 80)]
    assert places(piece("a", 10, 80), piece("b", 10, 80)) == [("a", 10, 80), ("b", 10, 80)]


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (150, 90), (60, 200), (0, 255)])
def test_lines_are_given_in_black_on_white(paper, ink):
    crop = np.full((40, 200, 3), paper, np.uint8)
    crop[10:30, 40:60] = ink
    given, margin, scale = _prepared(crop)
    assert (margin, scale) == (4, 1.0)
    assert given[0, 0] == 255
    assert given[24, 54] == 0


def test_low_lines_are_enlarged_and_empty_ones_stay_empty():
    given, _, scale = _prepared(np.full((18, 90, 3), 200, np.uint8))
    assert scale == 2.0
    assert given.min() == given.max()
