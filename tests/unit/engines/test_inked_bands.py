"""Only what holds ink is looked at, and none of it is lost."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import LINES, Share, letter, pixels, sheet
from PIL import ImageFont

from octavo.engines.crew import Crew
from octavo.engines.inked_bands import STRIDE, inked_bands
from octavo.engines.text_detection import TextDetector


def blank(height: int, width: int, paper: int = 250) -> np.ndarray:
    return np.full((height, width, 3), paper, np.uint8)


def looked_at(image: np.ndarray) -> np.ndarray:
    """Which pixels belong to a band and lie in its columns, rows along the longer side."""
    seen = np.zeros(sorted(image.shape[:2], reverse=True), int)
    for band in inked_bands(image):
        seen[slice(*band.rows), slice(*band.columns)] += 1
    return seen


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_blank_paper_is_not_looked_at(paper: int) -> None:
    assert inked_bands(blank(640, 480, paper)) == []


def test_shade_and_grain_are_no_ink() -> None:
    shade = np.linspace(120, 250, 960)[:, None, None] + np.random.default_rng(1).normal(0, 2, (960, 640, 1))
    assert inked_bands(np.repeat(shade.clip(0, 255).astype(np.uint8), 3, axis=2)) == []


def test_specks_and_the_line_of_a_scanner_are_no_ink() -> None:
    image = blank(960, 640)
    image[:3] = image[:, -3:] = 0
    image[40::97, 30::83] = 90
    assert inked_bands(image) == []


@pytest.mark.parametrize("turned", [False, True])
def test_ink_lies_well_within_one_band(turned: bool) -> None:
    image = blank(1088, 832)
    places = [(70, 200), (101, 740), (530, 60), (560, 400), (1010, 700)]
    for y, x in places:
        image[y : y + 7, x : x + 5] = 30
    seen = looked_at(np.ascontiguousarray(image.transpose(1, 0, 2)) if turned else image)
    assert seen.max() == 1
    for y, x in places:
        assert seen[y - 16 : y + 23, x - 16 : x + 21].all()


def test_margins_and_wide_gaps_are_left_out() -> None:
    image = blank(1600, 832)
    image[96:700:8, 64:800] = image[960:1530:8, 64:800] = 0
    left = looked_at(image).astype(bool)
    assert left[96:700, 64:800].all()
    assert left[960:1530, 64:800].all()
    assert not left[750:900].any()
    assert not left[:64].any()
    assert not left[:, :32].any()


def test_a_page_that_is_nearly_blank_is_seen_as_a_whole() -> None:
    image = blank(1088, 832)
    image[100:130:6, 100:700] = 0
    assert looked_at(image).all()


@pytest.mark.parametrize(("height", "width", "count"), [(1088, 832, 2), (1728, 672, 2), (1856, 1408, 4), (640, 480, 1)])
def test_bands_come_in_pairs(height: int, width: int, count: int) -> None:
    image = blank(height, width)
    image[20 : height - 20 : 20, 20:-20] = 0
    assert len(inked_bands(image)) == count


def test_a_long_text_is_seen_in_bands_that_see_their_neighbors() -> None:
    image = blank(1600, 832)
    image[100:1500:20, 100:700] = 0
    bands = inked_bands(image)
    assert len(bands) == 2
    assert bands[0].rows[1] == bands[1].rows[0]
    assert bands[0].seen[1] > bands[0].rows[1] > bands[1].seen[0]
    for band in bands:
        assert not any(edge % STRIDE for edge in (*band.rows, *band.seen, *band.columns))


def test_ink_that_touches_the_edge_is_looked_at() -> None:
    image = blank(640, 480)
    image[300:310, :12] = 0
    assert looked_at(image)[300:310, :12].all()


@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "black"), ("#888", "#ccc")])
def test_all_lines_of_a_letter_are_found(ink: str, paper: str) -> None:
    crew = Crew(Share(1))
    quads = TextDetector(crew).detect(pixels(letter(ink=ink, paper=paper)))
    crew.close()
    assert len(quads) == len(LINES)


def test_a_lonely_page_number_is_found() -> None:
    image, draw, ink = sheet(1000, 1400)
    draw.text((500, 1340), "7", fill=ink, font=ImageFont.load_default(size=20))
    draw.text((80, 100), LINES[0], fill=ink, font=ImageFont.load_default(size=20))
    crew = Crew(Share(1))
    quads = TextDetector(crew).detect(pixels(image))
    crew.close()
    assert max(float(quad[:, 1].max()) for quad in quads) > 1340
