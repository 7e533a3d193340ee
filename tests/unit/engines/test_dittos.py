"""Marks that repeat what stands above them."""

from __future__ import annotations

import numpy as np
from drawn_pages import pixels, sheet
from PIL import ImageFont

from octavo.engines.dittos import with_dittos
from octavo.engines.pixels import cut
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import ink_of

SIZE = 32
FONT = ImageFont.load_default(size=SIZE)
ROWS = ("Information on the air", "Information on the hymn", "A fine day at the inn", "On the choice of tunes")


def card(entries: list[str], read_as: list[str], font: ImageFont.FreeTypeFont = FONT) -> list[ReadLine]:
    """A card with `entries` in a narrow column, taken for `read_as`, each beside a line of text."""
    image, draw, ink = sheet()
    places = []
    for number, (row, entry) in enumerate(zip(ROWS, entries, strict=True)):
        y = 80 + 100 * number
        draw.text((300, y), row, fill=ink, font=FONT)
        draw.text((100, y), entry, fill=ink, font=font)
        places += [((300, y), row, FONT), ((100, y), read_as[number], font)]
    array = pixels(image)
    return [read(array, x, y, text, font) for (x, y), text, font in places]


def read(image: np.ndarray, x: float, y: float, text: str, font: ImageFont.FreeTypeFont) -> ReadLine:
    width = max(font.getlength(text), SIZE)
    corners = [(x - 6, y - 4), (x + width + 6, y - 4), (x + width + 6, y + 1.3 * SIZE), (x - 6, y + 1.3 * SIZE)]
    crop, quad = cut(image, np.array(corners, dtype=np.float32))
    glyphs = tuple(Glyph(text=each, start=0.0, end=1.0, confidence=0.5) for each in text)
    return ReadLine(quad=quad, glyphs=glyphs, ink=ink_of(crop), width=crop.shape[1], height=crop.shape[0])


def texts(lines: list[ReadLine]) -> list[str]:
    return [line.text for line in with_dittos(lines)][1::2]


def test_marks_read_as_numbers_are_marks():
    assert texts(card(['"', '"', '"', '"'], ["11", "18", "H", ""])) == ['"'] * 4


def test_numbers_stay_numbers():
    assert texts(card(["11", "11", "18", "11"], ["11", "11", "18", "11"])) == ["11", "11", "18", "11"]


def test_small_numbers_on_the_line_stay_numbers():
    low = [f"\n{number}" for number in ("11", "11", "11", "11")]
    assert texts(card(low, ["11"] * 4, ImageFont.load_default(size=18))) == ["11"] * 4


def test_one_small_find_is_no_habit_of_a_page():
    assert texts(card(['"', "12", "13", "14"], ["11", "12", "13", "14"])) == ["11", "12", "13", "14"]


def test_lines_of_text_stay_as_they_are():
    lines = card(['"', '"', '"', '"'], ["11", "11", "11", "11"])
    assert [line.text for line in with_dittos(lines)][::2] == list(ROWS)
