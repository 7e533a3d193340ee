"""Pixels turned by some degrees around their middle, so that the lines of a page that lies askew are level."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from octavo.domain.document import Image
from octavo.domain.grey import per_plane

_WHITE = (255, 255, 255)
_LARGEST = 32767
"""Longer images cannot be warped by OpenCV."""


def rotated(image: Image, degrees: float) -> Image:
    """`image` (RGB) turned by `degrees` counter-clockwise, as large as it was; corners that come in are white."""
    return per_plane(image, lambda pixels: _rotated(pixels, degrees))


def _rotated(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    if max(height, width) > _LARGEST:
        white = _WHITE[0] if pixels.ndim == 2 else _WHITE
        return np.asarray(Pillow.fromarray(pixels).rotate(degrees, Pillow.Resampling.BILINEAR, fillcolor=white))
    # Pixels lie around whole numbers for OpenCV, so that the middle is half a pixel before the half of the sides.
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=_WHITE), dtype=np.uint8)
