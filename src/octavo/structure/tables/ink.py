"""Words as arrays, gathered into lines of writing and chunks: what columns and rows are found from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Word
from octavo.domain.geometry import BBox

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

CHUNK_GAP = 0.55
"""A gap wider than this (in ems) between words may part two cells; word spaces are .25 to .35."""

_NUMBER = re.compile(
    r"^[\s(\[<>=~≈±+\-–—−△▲▼*†‡$€£¥₹%‰]*"  # signs and currency before
    r"(?:(?:[A-Z]{2,3}|Rs\.?|US)\s?)?[$€£¥₹]?\s?"
    r"(?:\d[\d\s.,:/'’·–−-]*(?:[eE][+\-−–]?\d+)?|[-–—−.…x×]+|n/?a|N/?A)"  # noqa: RUF001 - what tables print
    r"\s*(?:%|‰|[a-zA-Zµ°]{1,3}\d?|[†‡*§¹²³]+|\([\da-z]{1,3}\))?[\s)\]*†‡%]*$"
)


def is_numeric(text: str) -> bool:
    """Whether a cell's text is a quantity, a year, or the dash that stands for none."""
    return len(text) <= 32 and _NUMBER.match(text) is not None


@dataclass(frozen=True, slots=True)
class Ink:
    """Words with their boxes as arrays of float64, one entry a word; `em` is the page's usual font size."""

    words: tuple[Word, ...]
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    em: float

    @classmethod
    def of(cls, words: Sequence[Word], em: float | None = None) -> Ink:
        """Arrays of `words`; `em` is measured when not given."""
        boxes = np.array([(w.box.x0, w.box.y0, w.box.x1, w.box.y1) for w in words], dtype=np.float64).reshape(-1, 4)
        if em is None:
            em = float(np.median([word.font.size for word in words])) if words else 0.0
        return cls(tuple(words), boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3], em)

    def take(self, places: Places) -> Ink:
        """The words at `places`, measured anew."""
        return Ink.of([self.words[place] for place in places])

    def inside(self, box: BBox) -> Places:
        """Which words have their center in `box`."""
        x, y = (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2
        return np.flatnonzero((x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words of one line with no gap wide enough for a gutter; `places` are those of the ink, left to right."""

    places: tuple[int, ...]
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words at one height, left to right, as chunks."""

    chunks: tuple[Chunk, ...]
    y0: float
    y1: float

    @property
    def center(self) -> float:
        """Middle of its height."""
        return (self.y0 + self.y1) / 2

    @property
    def places(self) -> list[int]:
        """All its words."""
        return [place for chunk in self.chunks for place in chunk.places]


def text_lines(ink: Ink) -> list[TextLine]:
    """Words gathered into lines, top to bottom. A raised or lowered script stays with its line."""
    lines: list[list[int]] = []
    extents: list[tuple[float, float]] = []
    for place in np.argsort(ink.y0 + ink.y1, kind="stable").tolist():
        top, bottom = float(ink.y0[place]), float(ink.y1[place])
        home = _home(extents, top, bottom)
        if home < 0:
            lines.append([place])
            extents.append((top, bottom))
        else:
            lines[home].append(place)
            if bottom - top > extents[home][1] - extents[home][0]:
                extents[home] = (top, bottom)
    made = [
        TextLine(chunks_of(ink, line), top, bottom) for line, (top, bottom) in zip(lines, extents, strict=True) if line
    ]
    return sorted(made, key=lambda line: line.center)


def _home(extents: list[tuple[float, float]], top: float, bottom: float) -> int:
    """The recent line that a word of this height belongs to, or -1."""
    for back in range(len(extents) - 1, max(-1, len(extents) - 4), -1):
        above, below = extents[back]
        shared = min(below, bottom) - max(above, top)
        if shared > 0.5 * min(below - above, bottom - top):
            return back
    return -1


def chunks_of(ink: Ink, places: Sequence[int], gap: float = CHUNK_GAP) -> tuple[Chunk, ...]:
    """Words of one line, cut where they stand more than `gap` ems apart."""
    chunks: list[Chunk] = []
    run: list[int] = []
    right = 0.0
    for place in sorted(places, key=lambda each: ink.x0[each]):
        em = max(ink.words[place].font.size, 1e-6)
        if run and ink.x0[place] - right > gap * em:
            chunks.append(_chunk(ink, run))
            run = []
        right = max(right, float(ink.x1[place])) if run else float(ink.x1[place])
        run.append(place)
    if run:
        chunks.append(_chunk(ink, run))
    return tuple(chunks)


def _chunk(ink: Ink, run: list[int]) -> Chunk:
    return Chunk(tuple(run), float(ink.x0[run[0]]), max(float(ink.x1[place]) for place in run))
