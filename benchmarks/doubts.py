"""Part of the benchmark: what reading lines costs, and how many words are wrong, by the doubt from which the careful
network reads words once more.

Each line is read by the quick network once, and by the careful one for each doubt: what is in doubt, or all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from octavo.engines.text_cascade import CAREFUL, QUICK, read_with_care
from octavo.engines.text_detection import TextDetector
from octavo.engines.text_lines import top_down
from octavo.engines.text_recognition import Glyph, TextRecognizer
from octavo.engines.text_words import ink_of
from octavo.executors.share import Allowance

DOUBTS = (0.0, 0.0002, 0.0006, 0.001, 0.003, math.inf)
"""Nought has all lines read with care, infinity none."""
_UPRIGHT = 1.5
"""Lines are wider than they are high, but for this."""


@dataclass(frozen=True)
class Reading:
    """One line, as it is read with one doubt.

    Attributes:
        text: what is read.
        cost: seconds of CPU time.
        careful: the length, as width by height, of what is read with care.
    """

    text: str
    cost: float
    careful: float


@dataclass(frozen=True)
class Line:
    """One line: its length, as width by height, and what is read by doubt."""

    length: float
    readings: Mapping[float, Reading]


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
        glyphs = self._quick.read(crop)
        quickly = Reading(text=_text(glyphs), cost=time.process_time() - begun, careful=0.0)
        readings = {doubt: self._again(crop, glyphs, doubt, quickly.cost) for doubt in DOUBTS if 0.0 < doubt < math.inf}
        return Line(length=_length(crop), readings={0.0: self._with_care(crop), **readings, math.inf: quickly})

    def _with_care(self, crop: Image) -> Reading:
        """Where all lines are read with care, nobody reads them quickly before."""
        begun = time.process_time()
        text = _text(self._careful.read(crop))
        return Reading(text=text, cost=time.process_time() - begun, careful=_length(crop))

    def _again(self, crop: Image, glyphs: tuple[Glyph, ...], doubt: float, cost: float) -> Reading:
        lengths: list[float] = []

        def read(piece: Image) -> tuple[Glyph, ...]:
            lengths.append(_length(piece))
            return self._careful.read(piece)

        ink = ink_of(crop)  # every line's is looked for anyway
        begun = time.process_time()
        text = _text(read_with_care(glyphs, crop, read, ink, doubt))
        return Reading(text=text, cost=cost + time.process_time() - begun, careful=sum(lengths))


def _text(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def _length(crop: Image) -> float:
    return crop.shape[1] / crop.shape[0]


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
        "CPU seconds a page, lines read": sum(line.readings[doubt].cost for line in every) / len(pages),
        "read with care, by length": sum(line.readings[doubt].careful for line in every) / max(1e-9, length),
        "words wrong": 1 - fmean(_right(scan, lines, doubt) for scan, lines in pages),
    }
    for name, value in told.items():
        yield Row(category=f"{kind}: {name}", metric=named(doubt), value=value, documents=len(pages))


def _right(scan: Scan, lines: Sequence[Line], doubt: float) -> float:
    """F1 of the words; case does not count, for some truths are in capitals throughout."""
    found = squeezed(" ".join(line.readings[doubt].text for line in lines))
    return f1(squeezed(scan.truth).casefold().split(), found.casefold().split())


def named(doubt: float) -> str:
    """A doubt in the table."""
    return "never with care" if doubt == math.inf else f"{doubt:g}" if doubt else "0 (all with care)"
