from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import LINES, letter, pixels, text_of
from PIL import ImageDraw

from damages import stamped
from octavo.engines.coloured_strokes import without_coloured_strokes

COLOURS = {"red": (200, 40, 40), "blue": (50, 60, 190), "green": (20, 120, 60)}


def quads():
    """Around the lines of `letter`."""
    boxes = [(78, 100 + 96 * place, 760, 140 + 96 * place) for place in range(len(LINES))]
    return [np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32) for x0, y0, x1, y1 in boxes]


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_print_under_a_stamp_is_read(text_lines, colour):
    page = stamped(pixels(letter()), colour, (0.3, 0.28))
    assert text_of(text_lines.recognize(page).words) == list(LINES)


def test_a_stamp_is_taken_off_and_nothing_else():
    plain = pixels(letter())
    seen = without_coloured_strokes(stamped(plain, COLOURS["red"], (0.3, 0.28)), quads())
    assert np.abs(seen.astype(int) - plain).mean() < 0.4


def test_a_page_without_colour_stays_as_it_is():
    assert without_coloured_strokes(stamped(pixels(letter()), (90, 90, 90), (0.3, 0.28)), quads()) is None


def test_frames_and_rules_in_colour_that_no_print_touches_stay():
    page = letter()
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 70, 900, 360), outline="red", width=4)
    draw.line((40, 165, 900, 165), fill="red", width=4)
    assert without_coloured_strokes(pixels(page), quads()) is None


def test_type_in_colour_stays():
    assert without_coloured_strokes(pixels(letter(ink="#c02020")), quads()) is None
