from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories import make_page
from octavo.domain.geometry import Size
from octavo.domain.grey import plane_of, spread
from octavo.pipeline.turned import turned

PLANE = np.full((300, 200), 255, np.uint8)
PLANE[100:140, 50:170] = 20
DENSE = np.repeat(PLANE[:, :, None], 3, axis=2)


def page_of(image):
    return replace(make_page(), size=Size(image.shape[1], image.shape[0]), render=lambda: image)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_grey_page_is_turned_as_others_are_and_stays_grey(degrees):
    grey = turned(page_of(spread(PLANE)), degrees)
    assert np.array_equal(grey.render(), np.rot90(DENSE, degrees // 90))
    assert plane_of(grey.render()) is not None
    assert grey.turned == degrees
