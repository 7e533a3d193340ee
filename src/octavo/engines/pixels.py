"""From images to what a network takes, and pieces of images cut out and set upright."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.domain.grey import Plane, per_plane, plane_of

# Threads are shared out by `crew.py` alone.
cv2.setNumThreads(1)

Floats: TypeAlias = NDArray[np.float32]

Quad: TypeAlias = NDArray[np.float32]
"""Four corners in page pixels, 4 x 2 (x, y): top left, top right, bottom right, bottom left of an upright rectangle."""

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)

_FAR = 2
"""Images that shrink by so much or more are halved first, which is quick."""
_STRAIGHT = 0.2
"""A quad whose top edge rises by less than this share of its height is cut without turning."""


def box_of(quad: Quad) -> BBox:
    """The upright box around a quad."""
    (x0, y0), (x1, y1) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
    return BBox(x0, y0, x1, y1)


def gray_of(image: Image) -> Plane:
    """Brightness of each pixel (ITU-R BT.601)."""
    plane = plane_of(image)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8) if plane is None else plane


def resized(image: Image, width: int, height: int) -> Image:
    """`image` at `width` x `height`; averages where it shrinks, so that thin strokes survive."""
    if image.shape[1] == width and image.shape[0] == height:
        return image
    return per_plane(image, lambda pixels: _resized(pixels, width, height))


def _resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    while shrinks and pixels.shape[1] >= _FAR * width and pixels.shape[0] >= _FAR * height:
        pixels = _halved(pixels)
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), dtype=np.uint8)


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Means of four pixels each, which takes a tenth of the time of other sizes; the last odd row or column is lost."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def as_input(
    image: Image, mean: tuple[float, float, float], deviation: tuple[float, float, float], *, bgr: bool
) -> Floats:
    """RGB uint8, height x width x 3, to float32, 1 x 3 x height x width: `(value / 255 - mean) / deviation`.

    Mean and deviation are in the order of the channels that the network takes: `bgr` turns them around first.
    """
    planes = np.empty((3, *image.shape[:2]), dtype=np.float32)
    known = plane_of(image) is not None and len({*mean}) == len({*deviation}) == 1
    for place, (average, spread) in enumerate(zip(mean, deviation, strict=True)):
        if place and known:
            planes[place] = planes[0]
            continue
        np.multiply(image[:, :, 2 - place if bgr else place], np.float32(1.0 / (255.0 * spread)), out=planes[place])
        planes[place] -= np.float32(average / spread)
    return planes[None]


def cut(image: Image, quad: Quad) -> tuple[Image, Quad]:
    """The rectangle under `quad`, set level, and the quad that was really cut (whole pixels where it lies level)."""
    width = max(1, round(float(np.linalg.norm(quad[1] - quad[0]))))
    height = max(1, round(float(np.linalg.norm(quad[3] - quad[0]))))
    rise = quad[1] - quad[0]
    if rise[0] > 0 and abs(rise[1]) <= _STRAIGHT * height:
        return _cut_level(image, quad)
    # Only what surrounds the quad goes through OpenCV, which cannot warp images of 32768 pixels and more.
    around, place = _cut_level(image, quad)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform((quad - place[0]).astype(np.float32), corners)
    return per_plane(around, lambda pixels: _warped(pixels, matrix, width, height)), quad


def _warped(pixels: NDArray[np.uint8], matrix: cv2.typing.MatLike, width: int, height: int) -> NDArray[np.uint8]:
    size, edge = (width, height), cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=edge), dtype=np.uint8)


def _cut_level(image: Image, quad: Quad) -> tuple[Image, Quad]:
    height, width = image.shape[:2]
    x0 = int(np.clip(np.floor(quad[:, 0].min()), 0, width - 1))
    y0 = int(np.clip(np.floor(quad[:, 1].min()), 0, height - 1))
    x1 = int(np.clip(np.ceil(quad[:, 0].max()), x0 + 1, width))
    y1 = int(np.clip(np.ceil(quad[:, 1].max()), y0 + 1, height))
    return image[y0:y1, x0:x1], np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)
