from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import LINES, letter, pixels, text_of
from PIL import Image, ImageDraw, ImageFont

from damages import shining_through

BEHIND = (
    "The harbour office opens at seven in the morning.",
    "Nobody remembers when this custom began.",
    "Visitors find the keys beside the blue door.",
)


def other_side(top: int = 430):
    """What is printed on the back, below the lines of `letter`."""
    image = Image.new("RGB", (1000, 700), "white")
    for place, text in enumerate(BEHIND):
        ImageDraw.Draw(image).text((60, top + 60 * place), text, fill="black", font=ImageFont.load_default(size=32))
    return pixels(image)


@pytest.mark.parametrize("share", [0.2, 0.4])
@pytest.mark.parametrize("top", [430, 340])
def test_what_shines_through_is_left_out_and_told(text_lines, share, top):
    read = text_lines.recognize(shining_through(pixels(letter()), other_side(top), share))
    assert text_of(read.words) == list(LINES)
    assert read.behind >= 2


def test_a_page_with_nothing_behind_it_says_so(text_lines):
    assert text_lines.recognize(pixels(letter())).behind == 0


def test_faint_print_is_kept(text_lines):
    assert text_of(text_lines.recognize(pixels(letter(ink="#c0c0c0"))).words) == list(LINES)


def test_faint_print_of_this_side_is_kept_beside_what_shines_through(text_lines):
    page = letter()
    note = "Printed in grey at the foot of it."
    ImageDraw.Draw(page).text((80, 640), note, fill="#b0b0b0", font=ImageFont.load_default(size=32))
    read = text_lines.recognize(shining_through(pixels(page), other_side(), 0.4))
    assert text_of(read.words) == [*LINES, note]


def test_a_page_in_a_mirror_is_no_other_side(text_lines):
    """Its ink is as dark as ink can be: whatever it is, it is printed here."""
    read = text_lines.recognize(np.ascontiguousarray(pixels(letter())[:, ::-1]))
    assert read.behind == 0
    assert read.words
