from __future__ import annotations

import numpy as np
import pytest

from octavo.domain.grey import plane_of, spread
from octavo.engines.pixels import as_input, cut, gray_of, resized

RNG = np.random.default_rng(5)
PLANE = RNG.integers(0, 256, (301, 407)).astype(np.uint8)
GREY, DENSE = spread(PLANE), np.repeat(PLANE[:, :, None], 3, axis=2)


@pytest.mark.parametrize("size", [(407, 301), (500, 400), (300, 200), (203, 150), (100, 70), (50, 300), (3, 2)])
def test_grey_images_change_their_size_as_others_do(size):
    small = resized(GREY, *size)
    assert small.shape == (size[1], size[0], 3)
    assert plane_of(small) is not None
    assert np.array_equal(small, resized(DENSE, *size))


@pytest.mark.parametrize("factor", [2, 3, 5, 9])
def test_what_shrinks_keeps_its_mean(factor):
    small = resized(GREY, 407 // factor, 301 // factor)
    assert abs(float(small.mean()) - float(PLANE.mean())) < 1.0


@pytest.mark.parametrize("slant", [0, 60])
def test_grey_lines_are_cut_as_others_are(slant):
    quad = np.array([[30, 40 + slant], [330, 40], [330, 80], [30, 80 + slant]], dtype=np.float32)
    assert np.array_equal(cut(GREY, quad)[0], cut(DENSE, quad)[0])


def test_brightness_is_the_plane_of_a_grey_image():
    assert np.array_equal(gray_of(GREY), gray_of(DENSE))
    assert np.shares_memory(gray_of(GREY), PLANE)


@pytest.mark.parametrize("bgr", [True, False])
def test_networks_see_the_same(bgr):
    mean, deviation = (0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
    assert np.array_equal(as_input(GREY, mean, deviation, bgr=bgr), as_input(DENSE, mean, deviation, bgr=bgr))
