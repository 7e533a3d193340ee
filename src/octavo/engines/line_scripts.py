"""Tells the script of one line of text: a small network of our own (trained by `scripts/line_scripts`)."""

from __future__ import annotations

import numpy as np

from octavo.domain.document import Image
from octavo.engines.pixels import Floats, gray_of, resized
from octavo.engines.sessions import open_session

_HEIGHT = 32
"""Pixels that the network wants a line to be high."""
_LEAST_WIDTH, _MOST_WIDTH = 32, 384
"""Of longer lines the middle is looked at: some twenty letters tell enough."""


class LineScripts:
    """Scripts of lines; safe to call from several threads."""

    def __init__(self) -> None:
        """Opens the weights; the scripts are listed in them."""
        self._session = open_session("line_script.onnx")
        self._input = self._session.get_inputs()[0].name
        self.names: tuple[str, ...] = tuple(self._session.get_modelmeta().custom_metadata_map["scripts"].split(","))

    def tell(self, crop: Image) -> Floats:
        """Probabilities of all `names` for `crop` (RGB, one level line); `none` is no writing, or digits."""
        gray = gray_of(_middle(crop))
        width = max(_LEAST_WIDTH, round(gray.shape[1] * _HEIGHT / gray.shape[0]))
        line = resized(gray, width, _HEIGHT).astype(np.float32) / 255.0
        scores: Floats = self._session.run(None, {self._input: line[None, None]})[0][0]
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), dtype=np.float32)


def _middle(crop: Image) -> Image:
    """The middle of a line that is longer than the network looks at."""
    most = max(1, _MOST_WIDTH * crop.shape[0] // _HEIGHT)
    start = max(0, (crop.shape[1] - most) // 2)
    return crop[:, start : start + most]
