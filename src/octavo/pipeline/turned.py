"""Pages turned: by quarters until they stand upright, and by a few degrees until their lines are level."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from octavo.domain.document import Page
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane
from octavo.structure.skew import leveled_words

_WHITE = (255, 255, 255)
_LARGEST = 32767
"""Longer images cannot be warped by OpenCV."""


def turned(page: Page, degrees: int) -> Page:
    """The page with its pixels turned back upright by quarters; nothing but pixels is kept of a page that was turned.

    Args:
        page: any.
        degrees: by which it lies turned clockwise: 0, 90, 180 or 270.
    """
    if degrees == 0:
        return page
    image = per_plane(page.render(), lambda pixels: np.ascontiguousarray(np.rot90(pixels, degrees // 90)))
    image.flags.writeable = False
    size = Size(image.shape[1], image.shape[0])
    note = f"The page was turned upright by {degrees} degrees counter-clockwise."
    warnings = (*page.warnings, note)
    return Page(index=page.index, size=size, dpi=page.dpi, warnings=warnings, turned=degrees, render=lambda: image)


def leveled(page: Page, degrees: float) -> Page:
    """The page with its words and pixels turned by `degrees` counter-clockwise around its middle."""
    if degrees == 0.0:
        return page
    image = per_plane(page.render(), lambda pixels: _rotated(pixels, degrees))
    image.flags.writeable = False
    words = leveled_words(page.words, degrees, page.size)
    return replace(page, words=words, render=lambda: image, render_part=None)


def _rotated(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    if max(height, width) > _LARGEST:
        white = _WHITE[0] if pixels.ndim == 2 else _WHITE
        return np.asarray(Pillow.fromarray(pixels).rotate(degrees, Pillow.Resampling.BILINEAR, fillcolor=white))
    # Pixels lie around whole numbers for OpenCV, so that the middle is half a pixel before the half of the sides.
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=_WHITE), dtype=np.uint8)
