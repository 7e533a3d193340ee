"""Words as arrays, gathered into lines of writing and chunks: what columns and rows are found from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Word
from octavo.domain.geometry import BBox

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.intp]

CHUNK_GAP = 0.55
"""A gap wider than this (in ems) between words may part two cells; word spaces are .25 to .35."""
SAME_LINE = 0.5
"""Words that share this much of the lower one's height stand on one line."""

TALLER = 2.6
"""A word so many times as high as another (a drop cap, a watermark) does not stand on its line."""

_NUMBER = re.compile(
    r"^[\s(\[<>=~≈±+\-–—−△▲▼*†‡$€£¥₹%‰]*"  # signs and currency before
    r"(?:(?:[A-Z]{2,3}|Rs\.?|US)\s?)?[$€£¥₹]?\s?"
    r"(?:\d[\d\s.,:/'’·–−-]*(?:[eE][+\-−–]?\d+)?|[-–—−.…x×†‡]+|n/?a|N/?A)"
    r"\s*(?:%|‰|[a-zA-Zµ°]{1,3}\d?|[†‡*§⁰¹²³⁴-⁹,]+|\([\da-z]{1,3}\))?[\s)\]*†‡%]*$"
)
_YEAR = re.compile(r"^(?:19|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?[*†‡⁰¹²³⁴-⁹]*$")


_MARKER = re.compile(r"^(?:[•▪▫◦●○■□◆➢➤❖✓✔–—*·o§-]|[([]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)\]])$")


def is_marker(text: str) -> bool:
    """Whether a text is what list items start with: a bullet, a number, a letter."""
    return _MARKER.match(text) is not None


def is_numeric(text: str) -> bool:
    """Whether a cell's text is a quantity, a year, or the dash that stands for none."""
    return len(text) <= 32 and _NUMBER.match(text) is not None


def is_quantity(text: str) -> bool:
    """Whether a text is a number that counts or measures: no year, which names a column as often."""
    return is_numeric(text) and _YEAR.match(text) is None


@dataclass(frozen=True, slots=True)
class Ink:
    """Words with their boxes as arrays of float64, one entry a word; `em` is their usual font size."""

    words: tuple[Word, ...]
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    size: Floats
    em: float

    @classmethod
    def of(cls, words: Sequence[Word]) -> Ink:
        """Arrays of `words`."""
        rows = [(w.box.x0, w.box.y0, w.box.x1, w.box.y1, w.font.size) for w in words]
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        x0, y0, x1, y1, size = table.T
        return cls(tuple(words), x0, y0, x1, y1, size, _usual(size))

    @property
    def x(self) -> Floats:
        """Middle of each word from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> Floats:
        """Middle of each word from top to bottom."""
        return (self.y0 + self.y1) / 2

    def take(self, places: Indices | Flags) -> Ink:
        """The words at `places`; their font size is measured anew."""
        chosen = np.flatnonzero(places) if places.dtype == np.bool_ else places
        if places.dtype == np.bool_ and len(chosen) == len(self.words):
            return self
        words, size = tuple(self.words[place] for place in chosen.tolist()), self.size[chosen]
        return Ink(words, self.x0[chosen], self.y0[chosen], self.x1[chosen], self.y1[chosen], size, _usual(size))

    def inside(self, box: BBox) -> Flags:
        """Which words have their center in `box`."""
        x, y = self.x, self.y
        return (x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)

    def box(self) -> BBox:
        """Around all words; there is at least one."""
        return BBox(float(self.x0.min()), float(self.y0.min()), float(self.x1.max()), float(self.y1.max()))


def _usual(sizes: Floats) -> float:
    return max(float(np.sort(sizes)[len(sizes) // 2]), 1.0) if len(sizes) else 1.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words of one line with no gap wide enough for a gutter; `places` are those of the ink, left to right."""

    places: tuple[int, ...]
    x0: float
    x1: float

    @property
    def width(self) -> float:
        """From the left of the first word to the right of the last one."""
        return self.x1 - self.x0


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
        """All its words, left to right."""
        return [place for chunk in self.chunks for place in chunk.places]


def text_lines(ink: Ink) -> list[TextLine]:
    """Words gathered into lines, top to bottom, and lines cut at gaps of more than `CHUNK_GAP` ems.

    A raised or lowered script stays with its line: it shares half of its own height with it.
    """
    tops, bottoms = ink.y0.tolist(), ink.y1.tolist()
    lines: list[list[int]] = []
    extents: list[tuple[float, float]] = []
    for place in np.argsort(ink.y0 + ink.y1, kind="stable").tolist():
        top, bottom = tops[place], bottoms[place]
        home = _home(extents, top, bottom)
        if home < 0:
            lines.append([place])
            extents.append((top, bottom))
        else:
            lines[home].append(place)
            above, below = extents[home]
            if bottom - top > below - above:
                extents[home] = (top, bottom)
    sides = ink.x0.tolist(), ink.x1.tolist(), (CHUNK_GAP * ink.size).tolist()
    made = [TextLine(_chunks(line, *sides), *extent) for line, extent in zip(lines, extents, strict=True)]
    return sorted(made, key=lambda line: line.center)


def _home(extents: list[tuple[float, float]], top: float, bottom: float) -> int:
    """The recent line that a word of this height belongs to, or -1."""
    height = bottom - top
    for home in range(len(extents) - 1, max(-1, len(extents) - 4), -1):
        above, below = extents[home]
        lower = other = below - above
        if height < other:
            lower = height
        shared = (min(bottom, below)) - (max(top, above))
        if shared > SAME_LINE * lower and height + other < (1 + TALLER) * lower:
            return home
    return -1


def _chunks(places: list[int], lefts: list[float], rights: list[float], gaps: list[float]) -> tuple[Chunk, ...]:
    """Words of one line, cut where the next one stands farther away than its entry in `gaps`."""
    places.sort(key=lefts.__getitem__)
    chunks: list[Chunk] = []
    run = [places[0]]
    right = rights[places[0]]
    for place in places[1:]:
        if lefts[place] - right > gaps[place]:
            chunks.append(Chunk(tuple(run), lefts[run[0]], right))
            run, right = [place], rights[place]
        else:
            run.append(place)
            right = max(right, rights[place])
    chunks.append(Chunk(tuple(run), lefts[run[0]], right))
    return tuple(chunks)


def part_of(ink: Ink, lines: Iterable[TextLine]) -> tuple[Ink, list[TextLine]]:
    """The words of some lines, and these lines again over them."""
    chosen = list(lines)
    places = sorted(place for line in chosen for place in line.places)
    number = {place: index for index, place in enumerate(places)}
    again = [
        TextLine(
            tuple(Chunk(tuple(number[place] for place in chunk.places), chunk.x0, chunk.x1) for chunk in line.chunks),
            line.y0,
            line.y1,
        )
        for line in chosen
    ]
    return ink.take(np.array(places, dtype=np.intp)), again


def chunk_text(ink: Ink, places: Iterable[int]) -> str:
    """Words parted by spaces: what they say, not how they are spaced."""
    return " ".join(ink.words[place].text for place in places)
