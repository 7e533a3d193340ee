"""By how much a page is turned, checked by the scripts of its lines: the orientation model knows few scripts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from octavo.domain.document import Image
from octavo.domain.ports import CpuShare
from octavo.domain.scripts import SCRIPTS
from octavo.engines.crew import Crew
from octavo.engines.line_scripts import LineScripts
from octavo.engines.pixels import Floats, cut
from octavo.engines.text_detection import Detection, TextDetector

_STRIP = 0.4
"""Share of the page, in its middle, whose lines are looked at."""
_LONG = 3.0
"""Lines longer than so many times their height tell their script."""
_FEWEST = 4
"""Of fewer lines nothing can be said."""


class UprightPage:
    """Looks again at pages that the orientation model would turn: it takes Arabic for Latin on its head."""

    def __init__(self, turn_of: Callable[[Image], int], share: CpuShare) -> None:
        """Opens its models when a page is turned.

        Args:
            turn_of: the orientation model.
            share: tells how many threads may look for lines at the same time.
        """
        self._turn_of = turn_of
        self._share = share

    def turn(self, image: Image) -> int:
        """Degrees by which the page on `image` (RGB) is turned clockwise: 0, 90, 180 or 270; undo it the other way."""
        degrees = self._turn_of(image)
        if degrees and self._stands_on_its_head(np.rot90(image, degrees // 90)):
            return (degrees + 180) % 360
        return degrees

    def _stands_on_its_head(self, page: Image) -> bool:
        """Whether its lines, turned by half, are in a script that the orientation model does not know."""
        side = round(page.shape[0] * (1 - _STRIP) / 2)
        strip = np.ascontiguousarray(page[side : page.shape[0] - side])
        crops = [cut(strip, quad)[0] for quad in self._detector.detect(strip)]
        crops = [crop for crop in crops if crop.shape[1] >= _LONG * crop.shape[0]]
        if len(crops) < _FEWEST:
            return False
        as_it_is = self._told(crops)
        turned = self._told([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops])
        return self._scripts.names[int(turned.argmax())] in SCRIPTS and bool(turned.max() > as_it_is.max())

    def _told(self, crops: list[Image]) -> Floats:
        """Mean probability of each script; no writing counts nothing."""
        mean = np.mean([self._scripts.tell(crop) for crop in crops], axis=0)
        mean[self._scripts.names.index("none")] = 0.0
        return np.asarray(mean, dtype=np.float32)

    @cached_property
    def _detector(self) -> TextDetector:
        return TextDetector(Crew(self._share), Detection(pixels=round(_STRIP * Detection().pixels)))

    @cached_property
    def _scripts(self) -> LineScripts:
        return LineScripts()
