"""Columns by alignment: gutters that run through many lines, and where writing stands between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from octavo.structure.tables.ink import Chunk, Floats, Ink, TextLine

BINS = 8
"""Gutters are looked for in steps of so many to the em."""
CROSSED = 0.2
"""Share of the lines at a gutter that may run across it: spanning headers, long entries."""
NARROWEST = 0.13
"""A gutter is at least this wide (in ems)."""
STUB = 4.0
"""The column of names is at least this wide (in ems)."""
ALIGNED = 0.5
"""Edges or middles of writing this close (in ems) are aligned."""

CURRENCIES = frozenset(["$", "€", "£", "¥", "₹", "US$", "HK$", "A$", "C$", "S$", "R$", "Rs", "Rs.", "(", "-"]) - {"-"}
CLOSING = frozenset([")", "%", ")%"])


@dataclass(frozen=True, slots=True)
class Gutter:
    """A strip from `x0` to `x1` with hardly any writing; at `center` the fewest words stand in the way."""

    x0: float
    x1: float
    center: float


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
    nameless = _stacked(*_stubs(multi, left, step, count), count)
    free = (support > 0) & (support + nameless >= least) & (crossed <= CROSSED * (support + crossed))
    gutters: list[Gutter] = []
    held, cut = support.tolist(), crossed.tolist()
    for start, end in _stretches(free.tolist()):
        strip = _hollow(held[start:end], cut[start:end], int(NARROWEST * BINS))
        if strip is not None:
            low, high, at = (left + (start + each) * step for each in strip)
            gutters.append(Gutter(low, high, at))
    return _parting(gutters, multi)


def _parting(gutters: list[Gutter], lines: Sequence[TextLine]) -> list[Gutter]:
    """The gutters without those that part nothing: a name and the numbers that it is not quite above."""
    place = 0
    while place < len(gutters):
        left = gutters[place - 1].center if place else float("-inf")
        right = gutters[place + 1].center if place + 1 < len(gutters) else float("inf")
        x = gutters[place].center
        if any(_on_both_sides(line, left, x, right) for line in lines):
            place += 1
        else:
            gutters = gutters[:place] + gutters[place + 1 :]
    return gutters


def _on_both_sides(line: TextLine, left: float, x: float, right: float) -> bool:
    """Whether a line has writing in both columns beside a gutter at `x`."""
    middles = [(chunk.x0 + chunk.x1) / 2 for chunk in line.chunks]
    return any(left < middle < x for middle in middles) and any(x < middle < right for middle in middles)


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


def _stubs(
    lines: Sequence[TextLine], left: float, step: float, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Steps from where to where lines are empty that begin with a number in a later column: rows without a name."""
    starts = [chunks[0].x0 for chunks in (line.chunks for line in lines) if chunks[0].x0 > left + STUB * step * BINS]
    ends = np.clip(((np.array(starts) - left) / step).astype(np.intp), 0, count)
    return np.zeros(len(ends), np.intp), ends


def _stacked(starts: np.ndarray, ends: np.ndarray, count: int) -> Floats:
    """How many of the stretches from `starts` to `ends` cover each step."""
    change = np.bincount(starts, minlength=count + 1) - np.bincount(ends, minlength=count + 1)
    return np.cumsum(change[:count]).astype(np.float64)


def _stretches(flags: Iterable[bool]) -> list[tuple[int, int]]:
    """From where to where flags are set."""
    found: list[tuple[int, int]] = []
    start = None
    place = 0
    for place, flag in enumerate(flags):
        if flag and start is None:
            start = place
        elif not flag and start is not None:
            found.append((start, place))
            start = None
    return found if start is None else [*found, (start, place + 1)]


def _hollow(support: Sequence[float], crossed: Sequence[float], least: int) -> tuple[int, int, float] | None:
    """The strip, at least `least` steps wide, that fewest lines cross, and the best place in it."""
    for level in sorted(set(crossed)):
        strips = [strip for strip in _stretches(each <= level for each in crossed) if strip[1] - strip[0] >= least]
        if strips:
            low, high = max(strips, key=lambda strip: (max(support[strip[0] : strip[1]]), strip[1] - strip[0]))
            lowest = min(crossed[low:high])
            deepest = _stretches(each <= lowest for each in crossed[low:high])
            first, last = max(deepest, key=lambda strip: strip[1] - strip[0])
            return low, high, low + (first + last) / 2
    return None


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

    def without(self, gutters: Sequence[int]) -> Columns:
        """The columns with those on both sides of some gutters made one."""
        if not gutters:
            return self
        groups: list[list[int]] = [[0]]
        for place in range(len(self.gutters)):
            if place in gutters:
                groups[-1].append(place + 1)
            else:
                groups.append([place + 1])
        left = tuple(self.left[group[0]] for group in groups)
        right = tuple(self.right[group[-1]] for group in groups)
        middle = tuple((a + b) / 2 for a, b in zip(left, right, strict=True))
        kept = tuple(gutter for place, gutter in enumerate(self.gutters) if place not in gutters)
        return Columns(kept, left, right, middle, self.em)

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
        """`line` with chunks cut at gutters, where that fills most columns with parts aligned to them."""
        if not any(self.crossed_by(chunk) for chunk in line.chunks):
            return line
        parts = tuple(part for chunk in line.chunks for part in self._parts(ink, chunk))
        full = self.count - (self.count > 4)
        return TextLine(parts, line.y0, line.y1) if len(parts) >= full else line

    def _parts(self, ink: Ink, chunk: Chunk) -> Sequence[Chunk]:
        crossed = self.crossed_by(chunk)
        cuts = [self._cut(ink, chunk, place) for place in crossed]
        if not cuts or 0 in cuts or len(set(cuts)) < len(cuts):
            return (chunk,)
        parts = [_part(ink, chunk.places[start:end]) for start, end in pairwise([0, *sorted(cuts), len(chunk.places)])]
        first = crossed[0]
        if all(self.aligned(part, first + place) for place, part in enumerate(parts)):
            return parts
        return (chunk,)

    def _cut(self, ink: Ink, chunk: Chunk, gutter: int) -> int:
        """The word of a chunk that starts right of a gutter: after a space in it or at the column's edge; or 0."""
        edge, strip = self.left[gutter + 1], self.gutters[gutter]
        best, found = ALIGNED * self.em, 0
        for place, (before, after) in enumerate(pairwise(chunk.places), 1):
            left, right = float(ink.x1[before]), float(ink.x0[after])
            within = left < strip.x1 and right > strip.x0
            off = 0.0 if within else abs(right - edge)
            if off < best or (within and off <= best):
                best, found = off, place
        return found

    def aligned(self, chunk: Chunk, column: int) -> bool:
        """Whether a chunk starts, ends or is centered where writing of the column usually does."""
        near = ALIGNED * self.em
        return (
            abs(chunk.x0 - self.left[column]) < near
            or abs(chunk.x1 - self.right[column]) < near
            or abs((chunk.x0 + chunk.x1) / 2 - self.middle[column]) < near
        )


def _part(ink: Ink, places: tuple[int, ...]) -> Chunk:
    return Chunk(places, float(ink.x0[places[0]]), max(float(ink.x1[place]) for place in places))


def symbol_boundaries(ink: Ink, xs: Sequence[float]) -> list[int]:
    """Inner boundaries that only part a currency sign from its number, or a closing sign from it.

    `xs` are the boundaries of columns; boundary 0 is the one between the first two columns.
    """
    inner = xs[1:-1]
    homes = np.searchsorted(inner, ink.x, side="right").tolist()
    held: list[list[str]] = [[] for _ in range(len(inner) + 1)]
    for word, home in zip(ink.words, homes, strict=True):
        held[home].append(word.text)
    dropped: set[int] = set()
    for column, texts in enumerate(held):
        before = sum(text in CURRENCIES for text in texts)
        after = sum(text in CLOSING for text in texts)
        if before > 1 and before >= 0.5 * len(texts) and column < len(inner):
            dropped.add(column)
        elif after > 1 and after >= 0.5 * len(texts) and column > 0:
            dropped.add(column - 1)
    return sorted(dropped)
