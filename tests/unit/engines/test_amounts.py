"""Amounts whose point was not printed, or not seen."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.amounts import with_points
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink

HEIGHT, LETTER = 20, 10
PRICES = ("7.50", "0.00", "100.00", "1,250.95")


def column(texts: tuple[str, ...], right: float = 600) -> list[ReadLine]:
    """Lines below one another, all of which end at `right`."""
    return [line(text, right, 100 + 40 * place) for place, text in enumerate(texts)]


def line(text: str, right: float, y: float) -> ReadLine:
    width = LETTER * len(text)
    corners = [(right - width, y), (right, y), (right, y + HEIGHT), (right - width, y + HEIGHT)]
    glyphs = tuple(
        Glyph(text=each, start=place / len(text), end=(place + 1) / len(text), confidence=0.9)
        for place, each in enumerate(text)
    )
    ink = Ink(columns=np.ones(width, dtype=np.intp), rows=np.ones(HEIGHT, dtype=np.intp))
    return ReadLine(quad=np.array(corners, dtype=np.float32), glyphs=glyphs, ink=ink, width=width, height=HEIGHT)


def texts(lines: list[ReadLine]) -> list[str]:
    return [each.text for each in with_points(lines)]


@pytest.mark.parametrize(("torn", "whole"), [("21 20", "21.20"), ("0 45", "0.45"), ("327 00", "327.00")])
def test_an_amount_gets_the_point_of_its_column(torn, whole):
    assert texts(column((*PRICES, torn))) == [*PRICES, whole]


def test_a_comma_where_the_column_has_commas():
    assert texts(column(("7,50", "0,00", "12,10", "1.250,95", "21 20")))[-1] == "21,20"


def test_the_point_is_no_sure_thing():
    mended = with_points(column((*PRICES, "21 20")))[-1]
    assert mended.glyphs[2].text == "."
    assert mended.glyphs[2].confidence < 0.9


@pytest.mark.parametrize("text", ["21 2", "12 345", "1 1/2 20", "Qty 20", "20 00 ea"])
def test_other_numbers_stay(text):
    assert texts(column((*PRICES, text)))[-1] == text


def test_numbers_of_another_column_stay():
    assert texts([*column(PRICES), line("21 20", 400, 500)])[-1] == "21 20"


def test_a_few_amounts_tell_nothing():
    assert texts(column(("7.50", "100.00", "21 20")))[-1] == "21 20"


def test_nor_do_amounts_of_two_kinds():
    assert texts(column((*PRICES, "7,50", "21 20")))[-1] == "21 20"
