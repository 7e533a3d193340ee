"""Part of the benchmark: what reading lines costs, and how many words are wrong, by the doubt from which the careful
network reads a line once more.

Each line is read by both networks once; which of both counts, and what that would have cost, is told for each doubt.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from dense_scans import Scan
from kept_runs import Row
from PIL import Image as Pillow
from word_scores import f1, squeezed

from octavo.domain.document import Image
from octavo.engines.crew import Crew
from octavo.engines.pixels import Quad, cut
from octavo.engines.text_cascade import CAREFUL, QUICK, doubtful
from octavo.engines.text_detection import TextDetector
from octavo.engines.text_lines import top_down
from octavo.engines.text_recognition import TextRecognizer
from octavo.executors.share import Allowance

DOUBTS = (0.0, 0.01, 0.015, 0.02, 0.03, math.inf)
"""Nought has all lines read with care, infinity none."""
_UPRIGHT = 1.5
"""Lines are wider than they are high, but for this."""


@dataclass(frozen=True)
class Line:
    """One line, read by both networks.

    Attributes:
        quick, careful: what each reads.
        cost_quick, cost_careful: seconds of CPU time.
        sent: to the careful network, with these doubts.
        length: width by height.
    """

    quick: str
    careful: str
    cost_quick: float
    cost_careful: float
    sent: frozenset[float]
    length: float

    def text(self, doubt: float) -> str:
        """As it is read with that doubt."""
        return self.careful if doubt in self.sent else self.quick

    def cost(self, doubt: float) -> float:
        """Seconds with that doubt; where all lines are read with care, nobody reads them quickly before."""
        if doubt == 0.0:
            return self.cost_careful
        return self.cost_quick + (self.cost_careful if doubt in self.sent else 0.0)


class Reader:
    """Both networks, and one that finds lines."""

    def __init__(self) -> None:
        self._detector = TextDetector(Crew(Allowance(1)))
        self._quick, self._careful = TextRecognizer(QUICK), TextRecognizer(CAREFUL)

    def lines(self, file: Path) -> list[Line]:
        """The lines of an image, from top to bottom."""
        with Pillow.open(file) as picture:
            image = np.asarray(picture.convert("RGB"))
        quads = top_down(self._detector.detect(image))
        return [self._line(cut(image, quad)[0]) for quad in quads if _lies(quad)]

    def _line(self, crop: Image) -> Line:
        begun = time.process_time()
        quick = self._quick.read(crop)
        halfway = time.process_time()
        careful = self._careful.read(crop)
        ended = time.process_time()
        return Line(
            quick="".join(glyph.text for glyph in quick),
            careful="".join(glyph.text for glyph in careful),
            cost_quick=halfway - begun,
            cost_careful=ended - halfway,
            sent=frozenset(d for d in DOUBTS if d == 0.0 or (d < math.inf and doubtful(quick, crop, d))),
            length=crop.shape[1] / crop.shape[0],
        )


def _lies(quad: Quad) -> bool:
    return bool(np.linalg.norm(quad[3] - quad[0]) < _UPRIGHT * np.linalg.norm(quad[1] - quad[0]))


def measured(scans: Iterable[Scan]) -> Iterator[Row]:
    """A column for each kind of scan, in it three numbers for each doubt."""
    reader = Reader()
    kinds: dict[str, list[tuple[Scan, list[Line]]]] = {}
    for scan in scans:
        kinds.setdefault(scan.kind, []).append((scan, reader.lines(scan.file)))
    for kind, pages in kinds.items():
        for doubt in DOUBTS:
            yield from _rows(kind, doubt, pages)


def _rows(kind: str, doubt: float, pages: Sequence[tuple[Scan, list[Line]]]) -> Iterator[Row]:
    every = [line for _, lines in pages for line in lines]
    length = sum(line.length for line in every)
    told = {
        "CPU seconds a page, lines read": sum(line.cost(doubt) for line in every) / len(pages),
        "read with care, by length": sum(line.length for line in every if doubt in line.sent) / max(1e-9, length),
        "words wrong": 1 - fmean(_right(scan, lines, doubt) for scan, lines in pages),
    }
    for name, value in told.items():
        yield Row(category=f"{kind}: {name}", metric=named(doubt), value=value, documents=len(pages))


def _right(scan: Scan, lines: Sequence[Line], doubt: float) -> float:
    found = squeezed(" ".join(line.text(doubt) for line in lines))
    return f1(squeezed(scan.truth).split(), found.split())


def named(doubt: float) -> str:
    """A doubt in the table."""
    return "never with care" if doubt == math.inf else f"{doubt:g}" if doubt else "0 (all with care)"
