from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import letter, pixels, sheet
from PIL import Image

from octavo.engines.orientation import PageOrientation

CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@pytest.fixture(scope="module")
def orientation():
    return PageOrientation()


def page() -> Image.Image:
    image, _, _ = sheet(850, 1100)
    for place in range(3):
        image.paste(letter(size=26).crop((60, 90, 810, 340)), (60, 80 + place * 320))
    return image


def test_an_upright_page_is_not_turned(orientation):
    assert orientation.turn(pixels(page())) == 0


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_clockwise_turn_is_seen(orientation, degrees):
    assert orientation.turn(pixels(page().transpose(CLOCKWISE[degrees]))) == degrees


def test_undoing_the_turn_gives_the_page_back(orientation):
    turned = pixels(page().transpose(CLOCKWISE[90]))
    np.testing.assert_array_equal(np.rot90(turned, orientation.turn(turned) // 90), pixels(page()))


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (300, 200)])
def test_a_blank_image_of_any_shape_counts_as_upright(orientation, shape):
    assert orientation.turn(np.full((*shape, 3), 255, dtype=np.uint8)) == 0
