"""Mends the strokes of a line that copying ate: a small network of our own (trained by `scripts/line_mender`)."""

from __future__ import annotations

import cv2
import numpy as np

from octavo.domain.document import Image
from octavo.domain.grey import spread
from octavo.engines.pixels import Floats, gray_of
from octavo.engines.sessions import open_session

_HEIGHT, _STRIDE = 48, 4
"""Pixels that the network wants a line to be high, and what its width is a multiple of."""
_LEAST_CONTRAST = 24.0
"""Ink differs from the paper by so much (of 255), or there is none."""


class LineMender:
    """What was meant by lines whose strokes are thin, broken or dirty; safe to call from several threads."""

    def __init__(self) -> None:
        """Opens the weights."""
        self._session = open_session("line_mender.onnx")

    def mend(self, crop: Image) -> Image:
        """`crop` (RGB, one level line) mended: dark on white, 48 pixels high, with half of what was seen left in it."""
        ink = _ink(crop)
        width = max(_STRIDE, round(ink.shape[1] * _HEIGHT / ink.shape[0] / _STRIDE) * _STRIDE)
        seen = np.asarray(cv2.resize(ink, (width, _HEIGHT), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
        meant: Floats = self._session.run(None, {"line": seen[None, None]})[0][0, 0]
        return spread((255.0 * (1.0 - (meant + seen) / 2.0)).astype(np.uint8))


def _ink(crop: Image) -> Floats:
    """How much of the strongest ink is where, 0 to 1; the paper is what there is most of, dark or light."""
    gray = gray_of(crop).astype(np.float32)
    paper = float(np.median(gray))
    darkest, lightest = np.percentile(gray, (1, 99)).tolist()
    if lightest - paper > paper - darkest:
        gray, paper, darkest = -gray, -paper, -lightest
    return np.asarray(np.clip((paper - gray) / max(_LEAST_CONTRAST, paper - darkest), 0.0, 1.0), dtype=np.float32)
