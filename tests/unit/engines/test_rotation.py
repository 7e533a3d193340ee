from __future__ import annotations

import numpy as np
import pytest

from octavo.domain.grey import plane_of, spread
from octavo.engines.rotation import rotated

PLANE = np.full((300, 200), 255, np.uint8)
PLANE[100:140, 50:170] = 20
DENSE = np.repeat(PLANE[:, :, None], 3, axis=2)


@pytest.mark.parametrize("degrees", [-3.0, 0.7, 10.0])
def test_a_grey_image_is_turned_as_others_are_and_stays_grey(degrees):
    grey = rotated(spread(PLANE), degrees)
    assert np.array_equal(grey, rotated(DENSE, degrees))
    assert plane_of(grey) is not None
    assert tuple(grey[0, 0]) == (255, 255, 255)


@pytest.mark.parametrize("image", [spread(PLANE), DENSE], ids=["grey", "colours"])
def test_it_turns_counter_clockwise(image):
    mark = np.argwhere(rotated(image, 10.0)[:, :, 0] < 128)
    right, left = mark[mark[:, 1] > 150], mark[mark[:, 1] < 70]
    assert right[:, 0].mean() < left[:, 0].mean()


def test_it_turns_around_the_middle():
    whole = rotated(spread(PLANE), 180.0)[:, :, 0]
    assert np.array_equal(whole, PLANE[::-1, ::-1])


@pytest.mark.parametrize("channels", [1, 3])
def test_strips_that_opencv_cannot_warp_are_turned_too(channels):
    strip = np.full((33_000, 40), 255, np.uint8)
    strip[16_000:16_010] = 0
    image = rotated(spread(strip) if channels == 1 else np.repeat(strip[:, :, None], 3, axis=2), 1.0)
    assert image.shape == (33_000, 40, 3)
    assert image.min() < 60
