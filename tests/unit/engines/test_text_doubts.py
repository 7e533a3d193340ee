from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from octavo.engines.text_doubts import doubtful_stretches
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink

HEIGHT = 40
EACH = 20
"""Pixels that a character is wide."""
LONG = "one two three four five six seven eight nine ten eleven twelve"
SURE = 0.999


def line(text: str, unsure: str = "", confidence: float = 0.4) -> tuple[list[Glyph], np.ndarray, Ink]:
    """A line with a word that the network is unsure of: its characters, its pixels, its ink (none below spaces)."""
    width = EACH * len(text)
    first = text.index(unsure) if unsure else 0
    glyphs = [
        Glyph(
            text=letter,
            start=(place + 0.3) / len(text),
            end=(place + 0.7) / len(text),
            confidence=confidence if first <= place < first + bool(unsure) else SURE,
        )
        for place, letter in enumerate(text)
    ]
    columns = np.array([0 if letter.isspace() else 9 for letter in text for _ in range(EACH)])
    return glyphs, np.zeros((HEIGHT, width, 3), np.uint8), Ink(columns=columns, rows=np.full(HEIGHT, 30))


def said(glyphs: list[Glyph], stretch) -> str:
    """The words that are replaced."""
    return "".join(glyph.text for glyph in glyphs[stretch.part.first : stretch.part.last])


def whole(stretches, crop: np.ndarray) -> bool:
    return [(each.start, each.end) for each in stretches] == [(0, crop.shape[1])]


def test_a_sure_line_is_not_read_again():
    assert doubtful_stretches(*line(LONG)) == ()


def test_a_word_in_doubt_is_read_with_what_stands_around_it():
    glyphs, crop, ink = line(LONG, "six")
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert "six" in said(glyphs, stretch)
    place = EACH * LONG.index("six")
    assert 0 < stretch.start <= place - 2 * HEIGHT
    assert place + 3 * EACH + 2 * HEIGHT <= stretch.end < crop.shape[1]
    assert stretch.end - stretch.start < crop.shape[1] / 2


def test_words_count_that_are_read_with_enough_around_them():
    glyphs, crop, ink = line("many longer words before a so again are here, with others beside them", "so")
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert said(glyphs, stretch) == "a so"


def test_ink_is_looked_for_where_it_is_not_known():
    glyphs, crop, ink = line(LONG, "six")
    crop[10:30, ink.columns > 0] = 255
    assert doubtful_stretches(glyphs, crop) == doubtful_stretches(glyphs, crop, ink)


def test_near_an_end_all_is_read_up_to_it():
    glyphs, crop, ink = line(LONG, "eleven")
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert 0 < stretch.start < stretch.end == crop.shape[1]
    assert said(glyphs, stretch).endswith("eleven twelve")


def test_words_far_apart_are_stretches_of_their_own():
    glyphs, crop, ink = line(LONG, "four")
    place = LONG.index("ten")
    glyphs[place] = replace(glyphs[place], confidence=0.4)
    first, second = doubtful_stretches(glyphs, crop, ink)
    assert 0 < first.start < first.end < second.start < second.end


def test_words_close_together_are_one_stretch():
    glyphs, crop, ink = line(LONG, "five")
    place = LONG.index("seven")
    glyphs[place] = replace(glyphs[place], confidence=0.4)
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert said(glyphs, stretch) == "five six seven"


def test_words_without_blank_paper_between_them_stay_together():
    glyphs, crop, ink = line(LONG, "six")
    place = EACH * LONG.index(" six")
    ink.columns[place : place + EACH] = 1
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert said(glyphs, stretch) == "five six"


@pytest.mark.parametrize("confidence", [0.5, 0.79])
def test_a_space_in_doubt_parts_nothing(confidence):
    glyphs, crop, ink = line(LONG, "six")
    place = LONG.index(" six")
    glyphs[place] = replace(glyphs[place], confidence=confidence)
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert said(glyphs, stretch) == "five six"


def test_a_space_that_was_nearly_seen_is_in_doubt():
    glyphs, crop, ink = line(LONG)
    place = LONG.index("six") + 1
    glyphs[place] = replace(glyphs[place], spaced=0.6)
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert "six" in said(glyphs, stretch)


@pytest.mark.parametrize("word", ["wal1", "SANCHo", "14A", "O.59", "1.O", "765", "30032018", "05"])
def test_odd_words_are_in_doubt_however_sure_they_are(word):
    glyphs, crop, ink = line(f"one two three four five {word} seven eight nine ten eleven")
    (stretch,) = doubtful_stretches(glyphs, crop, ink)
    assert word in said(glyphs, stretch)
    assert stretch.end - stretch.start < crop.shape[1]


@pytest.mark.parametrize("word", ["1987", "76.5", "Wall", "W.", "(c)"])
def test_usual_words_are_not(word):
    assert doubtful_stretches(*line(f"one two three four five {word} seven eight nine ten eleven")) == ()


def test_where_all_is_bad_less_doubt_is_enough():
    glyphs, crop, ink = line(LONG, "six", confidence=0.85)
    assert doubtful_stretches(glyphs, crop, ink) == ()
    bad = [replace(glyph, confidence=min(glyph.confidence, 0.985)) for glyph in glyphs]
    assert any("six" in said(bad, stretch) for stretch in doubtful_stretches(bad, crop, ink))


@pytest.mark.parametrize(("text", "again"), [("14A", True), (LONG, False)])
def test_in_short_lines_less_doubt_is_enough_for_they_cost_little(text, again):
    glyphs, crop, ink = line(text)
    glyphs[1] = replace(glyphs[1], spaced=0.06)
    assert whole(doubtful_stretches(glyphs, crop, ink), crop) == again


@pytest.mark.parametrize("text", ["", "本报告介绍了今年的收入"])
def test_lines_without_text_and_with_ideographs_are_read_whole(text):
    glyphs, _, ink = line(text)
    crop = np.zeros((HEIGHT, 400, 3), np.uint8)
    assert whole(doubtful_stretches(glyphs, crop, ink), crop)


def test_short_lines_are_read_whole():
    glyphs, crop, ink = line("3 x 5 (P)", "x")
    assert whole(doubtful_stretches(glyphs, crop, ink), crop)
