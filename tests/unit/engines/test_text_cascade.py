from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from drawn_pages import LINES, pixels, sheet
from PIL import Image, ImageFilter, ImageFont

from octavo.engines.text_cascade import TextCascade, read_with_care
from octavo.engines.text_recognition import TextRecognizer
from octavo.engines.text_words import ink_of


@pytest.fixture(scope="module")
def cascade():
    return TextCascade()


@pytest.fixture(scope="module")
def quick():
    return TextRecognizer("text_recognition_quick.onnx")


@pytest.fixture(scope="module")
def careful():
    return TextRecognizer("text_recognition.onnx")


def line(text: str, *, blur: float = 0.0, font: ImageFont.FreeTypeFont | None = None) -> np.ndarray:
    """One line of text, cut out as the detector does."""
    font = font or ImageFont.load_default(size=32)
    image, draw, ink = sheet(round(font.getlength(text)) + 16, 48)
    draw.text((8, 4), text, fill=ink, font=font)
    return pixels(image.filter(ImageFilter.GaussianBlur(blur)))


@pytest.mark.parametrize("text", LINES)
def test_a_clear_line_is_read_once(cascade, quick, text):
    glyphs = cascade.read(line(text))
    assert glyphs == quick.read(line(text))
    assert "".join(glyph.text for glyph in glyphs) == text


def test_a_blurred_line_is_read_with_care(cascade, quick, careful):
    crop = line(LINES[1], blur=4.0)
    assert cascade.read(crop) == careful.read(crop) != quick.read(crop)


SMUDGED = "Whatever  stands  beside  a  word  is  read  with  it,  however  sure  the  network  was  of  that."


def smudged(word: str) -> np.ndarray:
    """A long line of which one word is blurred."""
    font = ImageFont.load_default(size=32)
    before = SMUDGED[: SMUDGED.index(word)]
    start, end = (round(8 + font.getlength(text)) for text in (before, before + word))
    image = Image.fromarray(line(SMUDGED, font=font))
    box = (start - 3, 0, end + 3, image.height)
    image.paste(image.crop(box).filter(ImageFilter.GaussianBlur(3.2)), box)
    return pixels(image)


def test_of_a_long_line_only_the_word_in_doubt_is_read_with_care(cascade, quick, careful):
    crop = smudged("with")
    glyphs, glanced, seen = cascade.read(crop), quick.read(crop), careful.read(crop)
    text = " ".join(SMUDGED.split())
    assert "".join(glyph.text for glyph in glyphs) == text != "".join(glyph.text for glyph in glanced)
    before, after = text.index("read with"), len(text.partition("however ")[2])
    assert glyphs[:before] == glanced[:before] != seen[:before]
    assert glyphs[-after:] == glanced[-after:] != seen[-after:]


def test_characters_read_with_care_lie_where_they_stand(cascade):
    crop = smudged("with")
    glyphs = cascade.read(crop)
    font, place = ImageFont.load_default(size=32), "".join(glyph.text for glyph in glyphs).index("with")
    before = SMUDGED.partition("with")[0]
    for count, glyph in enumerate(glyphs[place : place + 4]):
        left, right = (8 + font.getlength(before + "with"[:end]) for end in (count, count + 1))
        assert left - 8 < crop.shape[1] * (glyph.start + glyph.end) / 2 < right + 8
    assert all(one.start <= other.start for one, other in pairwise(glyphs))


def test_ink_that_is_known_changes_nothing(cascade):
    crop = smudged("with")
    assert cascade.read(crop, ink_of(crop)) == cascade.read(crop)


def test_what_the_careful_network_does_not_see_stays(quick):
    crop = smudged("with")
    glyphs = quick.read(crop)
    assert read_with_care(glyphs, crop, lambda _: ()) == glyphs


@pytest.mark.parametrize("text", ["765", "Paid on 30032018", "a share of 05 there"])
def test_numbers_that_may_have_lost_a_point_are_read_with_care(cascade, quick, careful, text):
    crop = line(text)
    assert cascade.read(crop) == careful.read(crop) != quick.read(crop)


def test_what_the_quick_network_does_not_see_is_read_with_care(cascade, careful):
    crop = np.full((48, 200, 3), 255, dtype=np.uint8)
    assert cascade.read(crop) == careful.read(crop)


@pytest.fixture(scope="module")
def large_font():
    """A font that has accents and Chinese."""
    return ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), 32)


@pytest.mark.parametrize("text", ["Été à Orléans : 1 250,00 €", "Größe, Maß und Übergang", "Señor, ¿cuánto? £ 12.50"])
def test_accents_and_currencies_are_read(cascade, large_font, text):
    assert "".join(glyph.text for glyph in cascade.read(line(text, font=large_font))) == text


def test_chinese_is_read_with_care(cascade, careful, large_font):
    crop = line("本报告介绍了今年的收入", font=large_font)
    assert cascade.read(crop) == careful.read(crop)


def test_the_scale_of_a_line_does_not_matter(cascade):
    crop = line(LINES[0])
    larger = np.asarray(Image.fromarray(crop).resize((3 * crop.shape[1], 3 * crop.shape[0]), Image.Resampling.BICUBIC))
    assert "".join(glyph.text for glyph in cascade.read(larger)) == LINES[0]
