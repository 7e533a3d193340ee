from __future__ import annotations

import numpy as np
import pytest

from octavo.domain.grey import per_plane, plane_of, spread, without_colours

RNG = np.random.default_rng(3)
PLANE = RNG.integers(0, 256, (130, 90)).astype(np.uint8)
DENSE = np.repeat(PLANE[:, :, None], 3, axis=2)


def test_an_image_without_colours_is_one_plane_of_memory():
    image = without_colours(DENSE)
    assert np.array_equal(image, DENSE)
    assert not image.flags.writeable
    assert np.array_equal(plane_of(image), PLANE)
    assert np.shares_memory(image[:, :, 0], image[:, :, 2])


def test_pieces_of_it_are_too():
    assert np.array_equal(plane_of(spread(PLANE)[10:50, 20:60]), PLANE[10:50, 20:60])


@pytest.mark.parametrize("row", [0, 61, 100])
def test_one_coloured_pixel_makes_a_coloured_image(row):
    coloured = DENSE.copy()
    coloured[row, 7] = 250, 3, 3
    assert without_colours(coloured) is coloured
    assert plane_of(coloured) is None


def test_work_is_done_once_on_a_grey_image_and_on_all_of_a_coloured_one():
    shapes = []

    def turned(pixels):
        shapes.append(pixels.shape)
        return np.rot90(pixels)

    assert np.array_equal(per_plane(spread(PLANE), turned), per_plane(DENSE, turned))
    assert shapes == [(130, 90), (130, 90, 3)]
