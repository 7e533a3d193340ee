from __future__ import annotations

import itertools

import numpy as np
import pytest
from drawn_pages import LINES, Share, letter, pixels, sheet, text_of
from PIL import Image, ImageFont

from octavo.domain.block import BlockKind
from octavo.engines.text_lines import TextLines


def test_lines_are_read_from_top_to_bottom(text_lines):
    read = text_lines.recognize(pixels(letter()))
    assert text_of(read.words) == list(LINES)
    assert read.confidence > 0.9


@pytest.mark.parametrize(("ink", "paper"), [("white", "black"), ("navy", "lightyellow")])
def test_colors_do_not_matter(text_lines, ink, paper):
    assert text_of(text_lines.recognize(pixels(letter(ink=ink, paper=paper))).words) == list(LINES)


def test_words_have_boxes_around_their_ink(text_lines):
    font = ImageFont.load_default(size=32)
    image, draw, ink = sheet()
    draw.text((80, 100), LINES[0], fill=ink, font=font)
    x = 80.0
    for word in text_lines.recognize(pixels(image)).words:
        left, _, right, _ = font.getbbox(word.text)
        assert word.box.x0 == pytest.approx(x + left, abs=6)
        assert word.box.x1 == pytest.approx(x + right, abs=6)
        x += font.getlength(word.text + " ")


def test_baselines_lie_under_the_letters(text_lines):
    font = ImageFont.load_default(size=32)
    image, draw, ink = sheet()
    draw.text((80, 200), "Paying everything quickly", fill=ink, font=font, anchor="ls")
    for word in text_lines.recognize(pixels(image)).words:
        assert word.baseline == pytest.approx(200, abs=3)


def test_first_word_of_a_line_has_no_space_before(text_lines):
    words = text_lines.recognize(pixels(letter())).words
    starts = {word.line: word for word in reversed(words)}
    assert all(word.space_before == (word is not starts[word.line]) for word in words)


def test_the_font_size_is_estimated(text_lines):
    for size in (20, 40, 64):
        image, draw, ink = sheet()
        draw.text((80, 200), "Typography", fill=ink, font=ImageFont.load_default(size=size))
        (word,) = text_lines.recognize(pixels(image)).words
        assert word.font.size == pytest.approx(size, rel=0.12)


def test_letters_of_the_line_above_do_not_make_type_larger(text_lines):
    image, draw, ink = sheet()
    font = ImageFont.load_default(size=32)
    for place, text in enumerate(["Every gypsy juggles, staying", "Mellow rhinos moan in the sun", "Bill pays gladly"]):
        draw.text((80, 200 + 34 * place), text, fill=ink, font=font, anchor="ls")
    sizes = {word.line: word.font.size for word in text_lines.recognize(pixels(image)).words}
    assert list(sizes.values()) == pytest.approx([32.0] * 3, rel=0.12)


@pytest.mark.parametrize(("turn", "rotation"), [(Image.Transpose.ROTATE_270, 90), (Image.Transpose.ROTATE_90, 270)])
def test_turned_lines_are_read(text_lines, turn, rotation):
    read = text_lines.recognize(pixels(letter().transpose(turn)))
    assert sorted(text_of(read.words)) == sorted(LINES)
    assert {word.rotation for word in read.words} == {rotation}


def test_a_narrow_character_stays_upright(text_lines):
    image, draw, ink = sheet()
    draw.text((500, 300), "1", fill=ink, font=ImageFont.load_default(size=48))
    (word,) = text_lines.recognize(pixels(image)).words
    assert (word.text, word.rotation) == ("1", 0)


def test_lines_beside_each_other_go_from_left_to_right(text_lines):
    image, draw, ink = sheet()
    font = ImageFont.load_default(size=30)
    draw.text((600, 196), "right column", fill=ink, font=font)
    draw.text((60, 200), "left column", fill=ink, font=font)
    assert text_of(text_lines.recognize(pixels(image)).words) == ["left column", "right column"]


def test_small_type_on_a_small_image_is_read(text_lines):
    image, draw, ink = sheet(420, 120)
    draw.text((10, 40), LINES[0], fill=ink, font=ImageFont.load_default(size=14))
    assert text_of(text_lines.recognize(pixels(image)).words) == [LINES[0]]


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (2000, 3), (64, 64)])
def test_an_image_without_text_has_no_words(text_lines, shape):
    read = text_lines.recognize(np.full((*shape, 3), 255, dtype=np.uint8))
    assert (read.words, read.confidence) == ((), 1.0)


def test_threads_change_nothing(text_lines):
    image = pixels(letter())
    alone = text_lines.recognize(image)
    together = TextLines(Share(2))
    assert together.recognize(image) == alone
    together.close()


def test_a_line_does_not_depend_on_its_neighbors(text_lines):
    image = pixels(letter())
    among_others = [word for word in text_lines.recognize(image).words if word.line == 0]
    alone = image.copy()
    alone[180:] = 255
    words = text_lines.recognize(alone).words
    assert [word.text for word in words] == [word.text for word in among_others]
    for word, other in zip(words, among_others, strict=True):
        assert word.confidence == pytest.approx(other.confidence, abs=0.01)
        assert word.box.iou(other.box) > 0.9


def test_text_kinds_are_read_and_no_others(text_lines):
    assert {BlockKind.TEXT, BlockKind.TITLE, BlockKind.LIST, BlockKind.CODE} <= text_lines.kinds
    assert not {BlockKind.TABLE, BlockKind.IMAGE, BlockKind.EQUATION} & text_lines.kinds


@pytest.mark.parametrize("upright", [True, False])
def test_nothing_is_lost_on_a_long_strip(text_lines, upright):
    font = ImageFont.load_default(size=28)
    texts = [f"Item number {number} of the list" for number in range(100, 124)]
    image, draw, ink = sheet(400, 3000) if upright else sheet(3000, 400)
    for place, text in enumerate(texts):
        at = (10, 20 + place * 120) if upright else (20 + (place % 6) * 480, 20 + place // 6 * 90)
        draw.text(at, text, fill=ink, font=font)
    found = " ".join(word.text for word in text_lines.recognize(pixels(image)).words)
    assert [text for text in texts if text not in found] == []


def test_specks_are_no_words(text_lines):
    dirt = np.full((600, 600, 3), 255, dtype=np.uint8)
    for y, x in np.random.default_rng(1).integers(10, 590, (60, 2)):
        dirt[y : y + 3, x : x + 3] = 60
    assert text_lines.recognize(dirt).words == ()


@pytest.mark.parametrize("degrees", [-3.0, 3.0])
def test_lines_askew_are_read_and_say_by_how_much(text_lines, degrees):
    image = letter().rotate(-degrees, Image.Resampling.BICUBIC, fillcolor="white")
    words = text_lines.recognize(pixels(image)).words
    assert text_of(words) == list(LINES)
    for word in words:
        assert (word.rotation + 180) % 360 - 180 == pytest.approx(degrees, abs=0.5)


def test_an_endless_line_keeps_its_words(text_lines):
    font = ImageFont.load_default(size=24)
    texts = [f"word{number}" for number in range(100, 140)]
    image, draw, ink = sheet(4500, 60)
    draw.text((10, 12), " ".join(texts), fill=ink, font=font)
    words = text_lines.recognize(pixels(image)).words
    assert [word.text for word in words] == texts
    assert all(before.box.x1 <= after.box.x0 for before, after in itertools.pairwise(words))
