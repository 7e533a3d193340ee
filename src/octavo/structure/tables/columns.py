"""Columns by alignment: gutters that run through many lines, and where writing stands between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from octavo.structure.tables.ink import Chunk, Flags, Floats, Ink, TextLine

BINS = 8
"""Gutters are looked for in steps of so many to the em."""
CROSSED = 0.2
"""Share of the lines at a gutter that may run across it: spanning headers, long entries."""
NARROWEST = 0.25
"""A gutter is at least this wide (in ems)."""
ALIGNED = 0.5
"""Edges or middles of writing this close (in ems) are aligned."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """A strip without writing from top to bottom; `support` lines have words on both sides, `crossed` run across."""

    x0: float
    x1: float
    support: int
    crossed: int

    @property
    def center(self) -> float:
        """Middle between left and right."""
        return (self.x0 + self.x1) / 2


def gutters_of(lines: Sequence[TextLine], em: float) -> list[Gutter]:
    """Gutters between the columns that `lines` are set in, left to right.

    Lines with much fewer chunks than usual (titles, spanning headers) have no say.
    """
    multi = [line for line in lines if len(line.chunks) > 1]
    if not multi:
        return []
    usual = sorted(len(line.chunks) for line in multi)[int(0.75 * (len(multi) - 1))]
    core = [line for line in multi if len(line.chunks) >= 0.6 * usual]
    multi = core if len(core) > 2 else multi
    left = min(line.chunks[0].x0 for line in multi)
    step = em / BINS
    count = int((max(line.chunks[-1].x1 for line in multi) - left) / step) + 2
    support, crossed = _profile(multi, left, step, count)
    least = 1 if len(multi) < 3 else max(2, round(0.2 * len(multi)))
    free = (support >= least) & (crossed <= CROSSED * (support + crossed))
    found = (_hollow(support, crossed, run) for run in _stretches(free))
    return [
        Gutter(left + low * step, left + high * step, int(support[low:high].max()), int(crossed[low:high].max()))
        for low, high in found
        if (high - low) * step >= NARROWEST * em
    ]


def _profile(lines: Sequence[TextLine], left: float, step: float, count: int) -> tuple[Floats, Floats]:
    """How many lines have a gap, and how many have writing, at each of `count` steps from `left`."""
    rows = [(chunk.x0, chunk.x1, place) for line in lines for place, chunk in enumerate(line.chunks)]
    table = np.array(rows)
    starts = np.clip(((table[:, 0] - left) / step).astype(int), 0, count)
    ends = np.clip(np.ceil((table[:, 1] - left) / step).astype(int), 0, count)
    later = np.flatnonzero(table[:, 2] > 0)
    crossed = _stacked(starts, ends, count)
    support = _stacked(ends[later - 1], np.maximum(starts[later], ends[later - 1]), count)
    return support, crossed


def _stacked(starts: np.ndarray, ends: np.ndarray, count: int) -> Floats:
    """How many of the stretches from `starts` to `ends` cover each step."""
    change = np.bincount(starts, minlength=count + 1) - np.bincount(ends, minlength=count + 1)
    return np.cumsum(change[:count]).astype(np.float64)


def _stretches(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _hollow(support: Floats, crossed: Floats, run: tuple[int, int]) -> tuple[int, int]:
    """The strip within `run` that fewest lines cross and most have as a gap."""
    start, end = run
    part = crossed[start:end]
    strips = _stretches(part <= part.min())
    best = max(strips, key=lambda strip: (support[start + strip[0] : start + strip[1]].max(), strip[1] - strip[0]))
    return start + best[0], start + best[1]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns between gutters.

    Attributes:
        gutters: from left to right.
        left, right, middle: where writing usually starts, ends and is centered, one for each column; nan for none.
        em: font size that distances are told in.
    """

    gutters: tuple[Gutter, ...]
    left: tuple[float, ...]
    right: tuple[float, ...]
    middle: tuple[float, ...]
    em: float

    @classmethod
    def of(cls, lines: Sequence[TextLine], em: float) -> Columns:
        """Measured on `lines`."""
        gutters = tuple(gutters_of(lines, em))
        held: list[list[Chunk]] = [[] for _ in range(len(gutters) + 1)]
        centers = [gutter.center for gutter in gutters]
        for line in lines:
            for chunk in line.chunks:
                first, last = bisect_right(centers, chunk.x0), bisect_right(centers, chunk.x1)
                if first == last and len(line.chunks) > 1:
                    held[first].append(chunk)
        return cls(
            gutters,
            tuple(median(chunk.x0 for chunk in each) if each else float("nan") for each in held),
            tuple(median(chunk.x1 for chunk in each) if each else float("nan") for each in held),
            tuple(median((chunk.x0 + chunk.x1) / 2 for chunk in each) if each else float("nan") for each in held),
            em,
        )

    @property
    def count(self) -> int:
        """Number of columns."""
        return len(self.gutters) + 1

    def boundaries(self, x0: float, x1: float) -> tuple[float, ...]:
        """Boundaries of all columns of a table from `x0` to `x1`."""
        return (x0, *(gutter.center for gutter in self.gutters), x1)

    def crossed_by(self, chunk: Chunk) -> list[int]:
        """Gutters that a chunk runs across."""
        slack = 0.2 * self.em
        return [
            place
            for place, gutter in enumerate(self.gutters)
            if chunk.x0 < gutter.center - slack and chunk.x1 > gutter.center + slack
        ]

    def column_of(self, chunk: Chunk) -> int:
        """The column that a chunk's middle stands in."""
        middle = (chunk.x0 + chunk.x1) / 2
        return sum(gutter.center < middle for gutter in self.gutters)

    def cut(self, ink: Ink, line: TextLine) -> TextLine:
        """`line` with chunks cut at gutters, where the parts are aligned with the columns they fall into."""
        if not any(self.crossed_by(chunk) for chunk in line.chunks):
            return line
        return TextLine(tuple(part for chunk in line.chunks for part in self._parts(ink, chunk)), line.y0, line.y1)

    def _parts(self, ink: Ink, chunk: Chunk) -> Sequence[Chunk]:
        crossed = self.crossed_by(chunk)
        parts = list(_cut_at(ink, chunk, [self.gutters[place] for place in crossed])) if crossed else []
        if len(parts) == len(crossed) + 1 and all(self._aligned(part) for part in parts):
            return parts
        return (chunk,)

    def _aligned(self, chunk: Chunk) -> bool:
        column = self.column_of(chunk)
        near = ALIGNED * self.em
        return (
            abs(chunk.x0 - self.left[column]) < near
            or abs(chunk.x1 - self.right[column]) < near
            or abs((chunk.x0 + chunk.x1) / 2 - self.middle[column]) < near
        )


def _cut_at(ink: Ink, chunk: Chunk, gutters: Sequence[Gutter]) -> Iterator[Chunk]:
    """Parts of a chunk between the word spaces that fall into gutters."""
    cuts: list[int] = []
    for gutter in gutters:
        spaces = [
            (abs((ink.x1[a] + ink.x0[b]) / 2 - gutter.center), place + 1)
            for place, (a, b) in enumerate(pairwise(chunk.places))
            if ink.x1[a] < gutter.x1 and ink.x0[b] > gutter.x0
        ]
        if spaces:
            cuts.append(min(spaces)[1])
    for start, end in pairwise([0, *sorted(set(cuts)), len(chunk.places)]):
        places = chunk.places[start:end]
        yield Chunk(places, float(ink.x0[places[0]]), max(float(ink.x1[place]) for place in places))
