"""Ink that no line covers: writing among it is read or told, and pictures are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from octavo.engines.crew import Crew
from octavo.engines.line_scripts import LineScripts
from octavo.engines.missed_ink import missed_rows
from octavo.engines.pixels import cut
from octavo.engines.read_line import ReadLine
from octavo.engines.second_look import second_look
from octavo.engines.text_cascade import TextCascade
from octavo.engines.text_words import ink_of

LINES = ("The ferry leaves the harbour at seven", "Tickets are sold on the quay", "Dogs travel free of charge")


class OneThread:
    def threads(self) -> int:
        return 1


@pytest.fixture(scope="module")
def look():
    cascade, scripts, crew = TextCascade(), LineScripts(), Crew(OneThread())

    def read(image, quad):
        crop, quad = cut(image, quad)
        ink = ink_of(crop)
        return ReadLine(quad=quad, glyphs=cascade.read(crop), ink=ink, width=crop.shape[1], height=crop.shape[0])

    yield lambda image, lines=(): second_look(image, lines, lambda quad: read(image, quad), scripts, crew)
    crew.close()


def page(lines=LINES, *, paper=255, ink=0):
    image = Image.new("RGB", (900, 400), (paper,) * 3)
    for place, text in enumerate(lines):
        font = ImageFont.load_default(size=28)
        ImageDraw.Draw(image).text((60, 40 + 90 * place), text, fill=(ink,) * 3, font=font)
    return np.asarray(image)


def quad_of(place):
    return np.array([[50, 32], [700, 32], [700, 80], [50, 80]], np.float32) + np.float32([0, 90 * place])


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (20, 240), (230, 160)])
def test_rows_beside_the_lines_are_found(paper, ink):
    (row,) = missed_rows(page(paper=paper, ink=ink), [quad_of(0), quad_of(2)])
    assert abs(row.quad[:, 1].mean() - (40 + 90 + 18)) < 12
    assert row.quad[0, 0] < 62
    assert row.quad[1, 0] > 380
    assert 0.2 < row.share < 0.5


def test_what_lines_cover_is_not_missed():
    assert missed_rows(page(), [quad_of(place) for place in range(3)]) == []


def test_a_line_that_was_passed_over_is_read(look):
    seen = look(page())
    assert sorted("".join(line.text) for line in seen.lines) == sorted(LINES)
    assert seen.unread == 0.0


def test_writing_that_cannot_be_read_is_told_by_its_share(look):
    seen = look(np.ascontiguousarray(page()[:, ::-1]))
    assert seen.lines == []
    assert 0.0 < seen.unread <= 1.0


def picture(kind):
    chance = np.random.default_rng(7)
    if kind == "noise":
        return chance.integers(0, 255, (400, 900, 3)).astype(np.uint8)
    if kind == "clouds":
        small = Image.fromarray(chance.integers(0, 255, (12, 30, 3)).astype(np.uint8))
        return np.asarray(small.resize((900, 400), Image.Resampling.BICUBIC))
    image = Image.new("RGB", (900, 400), "white")
    for x in range(60, 500, 9):
        ImageDraw.Draw(image).rectangle((x, 60, x + int(chance.integers(2, 6)), 110), fill="black")
    if kind == "dirt":
        image = Image.new("RGB", (900, 400), "white")
        for x, y in chance.integers((0, 0), (900, 400), (200, 2)).tolist():
            ImageDraw.Draw(image).ellipse((x, y, x + 3, y + 3), fill="black")
    return np.asarray(image)


@pytest.mark.parametrize("kind", ["noise", "clouds", "bars", "dirt"])
def test_pictures_are_neither_read_nor_told(look, kind):
    seen = look(picture(kind))
    assert (seen.lines, seen.unread) == ([], 0.0)
