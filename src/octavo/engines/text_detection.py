"""Finds lines of text: PP-OCRv6 with the post-processing of DB (Liao et al. 2020, arXiv:1911.08947).

After `ppocr/postprocess/db_postprocess.py` of PaddleOCR (Apache-2.0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.crew import Crew
from octavo.engines.inked_bands import STRIDE, Band, inked_bands
from octavo.engines.pixels import IMAGENET_DEVIATION, IMAGENET_MEAN, Floats, Quad, as_input, resized
from octavo.engines.sessions import giving_back, open_session
from octavo.engines.two_looks import united

_PARTS = 3
"""Lines that ran into one are so many at least."""
_PAGE = 2.0
"""Images that are longer than this times their width are strips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How lines are found; the values that PP-OCRv6 was published with.

    Attributes:
        pixels: the network sees about so many, whatever the page has: what A4 has at a long side of 1130. Strips get
            as many for each piece of them that is twice as long as wide.
        more_pixels: at most so many at the second look, which small type gets.
        small: median height of lines, in network pixels, below which the second look is taken.
        enough: the height that it aims at.
        longest: of the side of a strip.
        upscale: small images are enlarged up to this factor.
        mostly: share of merged lines from which the second look is taken, whatever their height.
        unclear: share of merged and of unsure lines from which a third look is taken.
        merged: a line that is higher than this share of the longer side of the image may be several.
        stretch: at that look the image is stretched so many times across its lines, and pressed as much along them.
        ink: probability from which a pixel belongs to a line.
        line: mean probability from which an outline is a line.
        unclip: by how much outlines grow (area over perimeter), for the network draws them shrunk.
        smallest: side in network pixels below which an outline is dirt.
    """

    pixels: int = 900_000
    more_pixels: int = 2_600_000
    small: float = 12.5
    enough: float = 18.0
    longest: int = 16384
    upscale: float = 2.0
    mostly: float = 0.5
    unclear: float = 0.1
    merged: float = 0.06
    stretch: float = 1.35
    ink: float = 0.2
    line: float = 0.45
    unclip: float = 1.4
    smallest: float = 3.0


class TextDetector:
    """Lines of text as rectangles that may be turned."""

    def __init__(self, crew: Crew, settings: Detection | None = None) -> None:
        """Opens the weights; `crew` looks at bands of one image at the same time."""
        self._crew = crew
        self._settings = settings or Detection()
        self._session = open_session("text_detection.onnx")
        self._input = self._session.get_inputs()[0].name

    def detect(self, image: Image, closest: float = math.inf) -> list[Quad]:
        """Quads around the lines on `image` (RGB), in its pixels; the order means nothing.

        `closest` limits how many pixels the network sees for one of the image, along each side.
        """
        settings = self._settings
        scale = min(closest, self.scale(image))
        first = self._look(image, scale)
        typical = scale * float(np.median([thickness(quad) for quad in first.quads] or [settings.small]))
        merged = typical >= settings.small
        if merged and self._merged(first, image) < settings.mostly:
            return first.quads
        wanted = settings.more_pixels if merged else round(settings.pixels * (settings.enough / typical) ** 2)
        closer = min(closest, self._scale(image, min(settings.more_pixels, wanted)))
        if closer <= scale:
            return first.quads
        self._give_back()
        try:
            quads = self._closely(image, closer)
        finally:
            self._give_back()
        # What is huge may be huge type, which a closer look only breaks.
        return first.quads if merged and len(quads) < _PARTS * len(first.quads) else quads

    def scale(self, image: Image) -> float:
        """How many pixels the network sees for one of `image`, along each side, when it looks first."""
        return self._scale(image, self._settings.pixels)

    def _closely(self, image: Image, scale: float) -> list[Quad]:
        """Lines as seen at more pixels than most pages need, and stretched as well where they are unclear."""
        plain = self._look(image, scale, whole=True)
        if plain.unsure + self._merged(plain, image) < self._settings.unclear:
            return plain.quads
        tall = _stretched(plain.quads, self._settings.stretch)
        return united(plain.quads, self._look(image, scale, tall, whole=True).quads)

    def _give_back(self) -> None:
        """Nothing is kept in the pool of memory that only such a look needs."""
        nothing = np.zeros((1, 3, STRIDE, STRIDE), dtype=np.float32)
        self._session.run(None, {self._input: nothing}, giving_back())

    def _merged(self, look: _Look, image: Image) -> float:
        """Share of the lines, by their area, that are so high that several ran into one."""
        limit = self._settings.merged * max(image.shape[:2])
        areas = [(thickness(quad), float(cv2.contourArea(quad))) for quad in look.quads]
        return sum(area for height, area in areas if height > limit) / max(1.0, sum(area for _, area in areas))

    def _look(self, image: Image, scale: float, tall: float = 1.0, *, whole: bool = False) -> _Look:
        """Lines as seen on `image` when it is brought to `scale`, and made `tall` times as high for its width.

        Small type that stands close needs the `whole` page: without its margins, lines are drawn thinner and missed.
        """
        height, width = image.shape[:2]
        seen = resized(image, _whole_strides(width * scale / tall), _whole_strides(height * scale * tall))
        back = np.array([width / seen.shape[1], height / seen.shape[0]], dtype=np.float32)
        found = [quad for quad in self._outlined(self._probability(seen, whole=whole)) if quad is not None]
        areas = [(each.sure, float(cv2.contourArea(each.quad))) for each in found]
        unsure = sum(area for sure, area in areas if not sure) / max(1.0, sum(area for _, area in areas))
        return _Look(quads=[each.quad * back for each in found if each.sure], unsure=unsure)

    def _scale(self, image: Image, pixels: int) -> float:
        short, long = sorted(int(side) for side in image.shape[:2])
        budget = pixels * max(1.0, long / (_PAGE * short))
        return min(math.sqrt(budget / (short * long)), self._settings.longest / long, self._settings.upscale)

    def _probability(self, seen: Image, *, whole: bool) -> Floats:
        """Of each pixel to belong to a line; seen in bands across the longer side, the same whoever looks at them."""
        bands = inked_bands(seen, whole=whole)
        probability = np.zeros(seen.shape[:2], dtype=np.float32)
        upright = seen.shape[0] >= seen.shape[1]
        along = probability if upright else probability.T
        for band, part in zip(bands, self._crew.map(lambda band: self._band(seen, band, upright), bands), strict=True):
            along[slice(*band.rows), slice(*band.columns)] = part
        return probability

    def _band(self, seen: Image, band: Band, upright: bool) -> Floats:
        rows, columns = slice(*band.seen), slice(*band.columns)
        piece = seen[rows, columns] if upright else seen[columns, rows]
        blob = as_input(piece, IMAGENET_MEAN, IMAGENET_DEVIATION, bgr=True)
        probability: Floats = self._session.run(None, {self._input: blob})[0][0, 0]
        return (probability if upright else probability.T)[band.rows[0] - band.seen[0] : band.rows[1] - band.seen[0]]

    def _outlined(self, probability: Floats) -> list[_Outlined | None]:
        ink: NDArray[np.uint8] = (probability > self._settings.ink).astype(np.uint8)
        outlines, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        return [self._quad(probability, np.asarray(outline)) for outline in outlines]

    def _quad(self, probability: Floats, outline: NDArray[np.int32]) -> _Outlined | None:
        center, (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < self._settings.smallest:
            return None
        sure = _mean_inside(probability, cv2.boxPoints((center, (width, height), angle))) >= self._settings.line
        # A rectangle grown on all sides: what clipping with round corners and taking the smallest rectangle gives.
        margin = self._settings.unclip * width * height / (width + height)
        return _Outlined(quad=ordered(cv2.boxPoints((center, (width + margin, height + margin), angle))), sure=sure)


@dataclass(frozen=True, slots=True)
class _Outlined:
    """A rectangle around what may be a line, and whether it is one."""

    quad: Quad
    sure: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """Lines that were seen, and the share of what looks like writing that is no line for sure, by its area."""

    quads: list[Quad]
    unsure: float


def _stretched(quads: Sequence[Quad], stretch: float) -> float:
    """By how much to make an image taller for its lines, or wider where most of them run up or down."""
    along = sum(float(abs(quad[1] - quad[0])[0] - abs(quad[3] - quad[0])[0]) for quad in quads)
    return stretch if along >= 0 else 1.0 / stretch


def thickness(quad: Quad) -> float:
    """The shorter side of a quad."""
    return float(min(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])))


def ordered(corners: cv2.typing.MatLike) -> Quad:
    """The corners of a rectangle from its top left one on, clockwise as seen: the top edge is the flatter one above."""
    points = np.asarray(corners, dtype=np.float32)
    points = points[np.argsort(points[:, 0], kind="stable")]
    left = points[:2][np.argsort(points[:2, 1], kind="stable")]
    right = points[2:][np.argsort(points[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def _whole_strides(length: float) -> int:
    return max(1, round(length / STRIDE)) * STRIDE


def _mean_inside(probability: Floats, corners: cv2.typing.MatLike) -> float:
    points = np.asarray(corners, dtype=np.float32)
    height, width = probability.shape
    x0, y0 = np.clip(np.floor(points.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    x1, y1 = np.clip(np.ceil(points.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), dtype=np.uint8)
    cv2.fillPoly(mask, [(points - (x0, y0)).astype(np.int32)], [1])
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], mask)[0])
