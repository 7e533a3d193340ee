from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink, split

LETTER = 12
"""Columns of a letter; its ink takes the first eight, or fewer where paper is wider."""


def line(text: str, *, at: int, spaced: float, paper: int) -> tuple[tuple[Glyph, ...], Ink]:
    """`text` without a space; `paper` columns before the letter `at`, where the network nearly saw one."""
    columns = np.zeros(LETTER * len(text), dtype=np.intp)
    glyphs = []
    for place, character in enumerate(text):
        start = LETTER * place
        columns[start : start + (LETTER - paper if place == at - 1 else LETTER - 2)] = 20
        glyphs.append(
            Glyph(
                text=character,
                start=(start + 3) / len(columns),
                end=(start + 5) / len(columns),
                confidence=1.0,
                spaced=spaced if place == at else 0.0,
            )
        )
    rows = np.zeros(40, dtype=np.intp)
    rows[10:30] = 50
    return tuple(glyphs), Ink(columns=columns, rows=rows)


def words(text: str, *, at: int, spaced: float = 0.4, paper: int = 8) -> list[str]:
    return [piece.text for piece in split(*line(text, at=at, spaced=spaced, paper=paper))]


def test_a_space_that_was_nearly_seen_stands_over_wide_paper():
    assert words("TOTAL:pay", at=6) == ["TOTAL:", "pay"]


@pytest.mark.parametrize(("spaced", "paper"), [(0.1, 8), (0.4, 2), (0.0, 8)])
def test_neither_paper_nor_the_network_alone_makes_a_space(spaced, paper):
    assert words("TOTAL:pay", at=6, spaced=spaced, paper=paper) == ["TOTAL:pay"]


@pytest.mark.parametrize(("text", "at"), [("12500", 2), ("end.", 3), ("1,50", 1), ("长度km", 2), ("至2", 1)])
def test_numbers_and_marks_stay_together(text, at):
    assert words(text, at=at) == [text]


def test_words_of_a_missed_space_have_boxes_of_their_own():
    first, second = split(*line("ifyour", at=2, spaced=0.4, paper=8))
    assert (first.text, second.text) == ("if", "your")
    assert 2 * LETTER - 8 <= first.end < second.start == 2 * LETTER
