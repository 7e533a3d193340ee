from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawn_pages import Share, letter, pixels

from damages import thinned
from octavo.engines.crew import Crew
from octavo.engines.line_mender import LineMender
from octavo.engines.mended_lines import with_mended
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink, Piece


@pytest.fixture(scope="module")
def crew():
    made = Crew(Share(1))
    yield made
    made.close()


def line(place: int, confidence: float, text: str = "courtesy") -> ReadLine:
    """Of one word."""
    quad = np.array([[0, 30 * place], [200, 30 * place], [200, 30 * place + 25], [0, 30 * place + 25]], np.float32)
    glyphs = tuple(
        Glyph(text=letter, start=at / len(text), end=(at + 0.8) / len(text), confidence=confidence)
        for at, letter in enumerate(text)
    )
    ink = Ink(columns=np.full(200, 5), rows=np.full(25, 40))
    return ReadLine(quad=quad, glyphs=glyphs, ink=ink, width=200, height=25)


def read_as(confidence: float, asked: list[float]):
    """A reader of mended lines that is so sure of all of them; it notes where they stand."""

    def read(quad):
        asked.append(float(quad[0, 1]))
        return line(round(float(quad[0, 1]) / 30), confidence, "mended's")

    return read


def texts(lines) -> list[str]:
    return [each.text for each in lines]


def test_poor_lines_are_replaced_where_that_reads_better(crew):
    lines = [line(place, 0.999 if place == 2 else 0.9) for place in range(7)]
    asked: list[float] = []
    assert texts(with_mended(lines, read_as(0.995, asked), crew)) == [
        "courtesy" if place == 2 else "mended's" for place in range(7)
    ]
    assert sorted(asked) == [0, 30, 90, 120, 150, 180]


def test_good_lines_cost_nothing(crew):
    asked: list[float] = []
    lines = [*(line(place, 0.999) for place in range(20)), line(20, 0.9), line(21, 0.9)]
    assert with_mended(lines, read_as(1.0, asked), crew) == lines
    assert not asked


@pytest.mark.parametrize("sure", [0.6, 0.9])
def test_lines_that_do_not_get_better_stay_and_only_a_few_are_tried(crew, sure):
    asked: list[float] = []
    lines = [line(place, 0.9) for place in range(40)]
    assert with_mended(lines, read_as(sure, asked), crew) == lines
    assert len(asked) <= 5


def test_what_another_reader_read_stays(crew):
    asked: list[float] = []
    piece = Piece(text="слово", start=0.0, end=200.0, confidence=0.2)
    lines = [
        ReadLine(quad=each.quad, glyphs=(), ink=each.ink, width=200, height=25, pieces=(piece,))
        for each in (line(place, 0.9) for place in range(5))
    ]
    assert with_mended(lines, read_as(1.0, asked), crew) == lines
    assert not asked


@pytest.mark.parametrize("inverted", [False, True], ids=["dark on light", "light on dark"])
def test_mended_strokes_are_nearer_to_what_was_printed(inverted):
    clean = pixels(letter(size=26))[95:135, 70:640]
    thin = thinned(clean, 95)
    mended = LineMender().mend(255 - thin if inverted else thin)
    wanted, seen = (cv2.resize(each, mended.shape[1::-1]).astype(float) for each in (clean, thin))
    assert np.abs(mended - wanted).mean() < 0.85 * np.abs(seen - wanted).mean()


def test_a_line_without_ink_stays_white():
    assert LineMender().mend(np.full((30, 200, 3), 250, np.uint8)).min() > 128
