"""High lines that hardly read are looked at by themselves: two that were found as one, print below handwriting."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from octavo.engines.closer_look import closer_look, right_in
from octavo.engines.crew import Crew
from octavo.engines.pixels import cut
from octavo.engines.read_line import ReadLine
from octavo.engines.text_cascade import TextCascade
from octavo.engines.text_detection import TextDetector
from octavo.engines.text_words import ink_of

LINES = ("Tickets are sold here", "Dogs travel for free", "The ferry is late", "Mind the wet steps")


class OneThread:
    def threads(self) -> int:
        return 1


@pytest.fixture(scope="module")
def models():
    crew = Crew(OneThread())
    yield TextDetector(crew), TextCascade()
    crew.close()


@pytest.fixture(scope="module")
def page():
    image = Image.new("RGB", (900, 500), "white")
    for place, text in enumerate(LINES):
        ImageDraw.Draw(image).text((60, 40 + 60 * place), text, fill="black", font=ImageFont.load_default(size=26))
    return np.asarray(image)


def quad(first, last):
    return np.array(
        [[50, 35 + 60 * first], [420, 35 + 60 * first], [420, 80 + 60 * last], [50, 80 + 60 * last]], np.float32
    )


def reader(page, cascade):
    def read(place):
        crop, place = cut(page, place)
        ink = ink_of(crop)
        return ReadLine(quad=place, glyphs=cascade.read(crop), ink=ink, width=crop.shape[1], height=crop.shape[0])

    return read


def texts(lines):
    return sorted(" ".join(word.text for word in line.words) for line in lines)


def test_lines_that_were_found_as_one_are_parted(page, models):
    detector, cascade = models
    read = reader(page, cascade)
    lines = [read(quad(0, 0)), read(quad(1, 2)), read(quad(3, 3))]
    assert right_in(lines[1:2])[0] < 5
    assert texts(closer_look(page, lines, detector.detect, read)) == sorted(LINES)


def test_what_stands_in_other_lines_is_not_said_twice(page, models):
    detector, cascade = models
    read = reader(page, cascade)
    lines = [read(quad(place, place)) for place in range(4)]
    both = read(quad(1, 2))
    assert closer_look(page, [*lines, both], detector.detect, read) == [*lines, both]


def test_lines_that_read_well_stay(page, models):
    detector, cascade = models
    read = reader(page, cascade)
    lines = [read(quad(place, place)) for place in range(4)]
    assert closer_look(page, lines, detector.detect, read) == lines


def test_numbers_that_were_found_as_one_sign_are_parted(models):
    detector, cascade = models
    image = Image.new("RGB", (500, 700), "white")
    font = ImageFont.load_default(size=44)
    for place, number in enumerate(("157", "159", "160", "161")):
        ImageDraw.Draw(image).text((60, 40 + 46 * place), number, fill="black", font=font)
    page = np.asarray(image)
    read = reader(page, cascade)
    first = read(np.array([[52, 44], [150, 44], [150, 86], [52, 86]], np.float32))
    rest = read(np.array([[52, 90], [150, 90], [150, 236], [52, 236]], np.float32))
    assert (first.text, rest.speck) == ("157", True)
    assert texts(closer_look(page, [first, first, rest], detector.detect, read)) == ["157", "157", "159", "160", "161"]
