"""From the characters of one line to words with boxes: spaces split, blank columns of the pixels tell the edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.pixels import gray_of
from octavo.engines.strays import without_strays
from octavo.engines.text_recognition import IDEOGRAPHS, Glyph
from octavo.engines.word_confidence import word_confidences

_INK = 0.35
"""Share of the line's contrast from which a pixel counts as ink."""

_WHITE = 255
"""Where more than half of a crop is that, its median need not be looked for."""
_RULE = 0.8
"""Share of a row from which its ink is a rule: letters leave more white."""
_BASE = 0.4
"""Share of a well filled row that rows above the baseline have, and rows of descenders have not."""
_NEARLY = 0.25
"""A space that the network gave this probability and did not choose is one where the paper is wide as well:"""
_WIDE = 0.25
"""at least so many times the height of the letters,"""
_WIDER = 2.0
"""and so many times what the line has between letters."""
_CLINGING = frozenset(".,")
"""Marks that no space stands before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One word of a line; `start` and `end` are x in pixels of the crop, `confidence` is how likely it is right."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Where a line's crop has ink: per column and per row, the number of inked pixels."""

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    baseline: int = field(init=False)
    """Row under the letters without descenders: where the rows get much emptier, coming from below."""

    @property
    def top(self) -> int:
        """First row with ink; 0 when there is none."""
        return int(np.argmax(self.rows > 0))

    @property
    def bottom(self) -> int:
        """First row below the ink; the height when there is none."""
        return len(self.rows) - int(np.argmax(self.rows[::-1] > 0))

    def __post_init__(self) -> None:
        """Find the baseline, which everything asks for."""
        object.__setattr__(self, "baseline", self._baseline())

    def _baseline(self) -> int:
        if not self.rows.any():
            return len(self.rows)
        full = np.flatnonzero(self.rows >= _BASE * np.percentile(self.rows[self.top : self.bottom], 90))
        return int(full[-1]) + 1


def ink_of(crop: Image) -> Ink:
    """Where the line on `crop` has ink; underlines, rules and what other lines reach in do not count."""
    inked = without_strays(inked_in(crop))
    return Ink(columns=_counted(inked, axis=0), rows=_counted(inked, axis=1))


def inked_in(crop: Image) -> NDArray[np.bool_]:
    """What of `crop` differs from its background, dark on light or light on dark; underlines and rules do not."""
    gray = gray_of(crop)
    background = np.uint8(_WHITE if 2 * np.count_nonzero(gray == _WHITE) > gray.size + 1 else np.median(gray))
    distance = np.maximum(gray, background) - np.minimum(gray, background)
    inked = distance > np.uint8(max(16.0, _INK * float(distance.max())))
    inked[_counted(inked, axis=1) / inked.shape[1] > _RULE] = False
    return inked


def _counted(inked: NDArray[np.bool_], axis: int) -> NDArray[np.intp]:
    """What `inked.sum(axis)` is, in a third of the time."""
    counts = cv2.reduce(np.ascontiguousarray(inked).view(np.uint8), axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return counts.ravel().astype(np.intp)


def split(glyphs: Sequence[Glyph], ink: Ink) -> list[Piece]:
    """The words of a line, left to right. Scripts without spaces stay one piece from space to space."""
    runs = runs_of(glyphs, ink)
    if not runs:
        return []
    width = len(ink.columns)
    edges = [_gap(ink, width * before[-1].end, width * after[0].start) for before, after in pairwise(runs)]
    inked = np.flatnonzero(ink.columns)
    first, last = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, width)
    starts = [first, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), last]
    return [
        Piece(
            text="".join(glyph.text for glyph in run),
            start=float(start),
            end=float(max(end, start + 1)),
            confidence=confidence,
        )
        for run, start, end, confidence in zip(runs, starts, ends, word_confidences(glyphs, runs), strict=True)
    ]


def runs_of(glyphs: Sequence[Glyph], ink: Ink) -> list[list[Glyph]]:
    """The characters of each word of a line, left to right."""
    runs: list[list[Glyph]] = [[]]
    missed = _missed_spaces(glyphs, ink)
    for place, glyph in enumerate(glyphs):
        if place in missed:
            runs.append([])
        if glyph.text.isspace():
            runs.append([])
        else:
            runs[-1].append(glyph)
    return [run for run in runs if run]


def _missed_spaces(glyphs: Sequence[Glyph], ink: Ink) -> set[int]:
    """Places of characters with a space before them that the network saw but did not choose."""
    nearly = [place for place in range(1, len(glyphs)) if _nearly_spaced(glyphs[place - 1], glyphs[place])]
    if not nearly:
        return set()
    letters = [pair for pair in pairwise(glyphs) if not (pair[0].text.isspace() or pair[1].text.isspace())]
    usual = float(np.median([paper_between(ink, *pair) for pair in letters]))
    least = max(_WIDE * (ink.baseline - ink.top), _WIDER * usual)
    return {place for place in nearly if paper_between(ink, glyphs[place - 1], glyphs[place]) >= least}


def _nearly_spaced(before: Glyph, glyph: Glyph) -> bool:
    if glyph.spaced < _NEARLY or glyph.text in _CLINGING or max(before.text, glyph.text) >= IDEOGRAPHS:
        return False
    return not (before.text.isdigit() and glyph.text.isdigit())


def paper_between(ink: Ink, before: Glyph, glyph: Glyph) -> int:
    """Width of the paper between two characters, in columns."""
    start, end = blank_between(ink, before, glyph)
    return end - start


def blank_between(ink: Ink, before: Glyph, glyph: Glyph) -> tuple[int, int]:
    """The widest blank stretch between two characters: its first column, and the first after it."""
    width = len(ink.columns)
    return _gap(ink, width * (before.start + before.end) / 2, width * (glyph.start + glyph.end) / 2)


def _gap(ink: Ink, start: float, end: float) -> tuple[int, int]:
    """The widest blank stretch between two characters, as its first column and the first column after it."""
    first, last = round(start), max(round(end), round(start) + 1)
    blank = np.concatenate(([0], ink.columns[first:last] == 0, [0])).astype(np.int8)
    begins, stops = np.flatnonzero(np.diff(blank) == 1), np.flatnonzero(np.diff(blank) == -1)
    if not len(begins):
        middle = (first + last) // 2
        return middle, middle
    widest = int(np.argmax(stops - begins))
    return first + int(begins[widest]), first + int(stops[widest])
