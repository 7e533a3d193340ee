"""Grids from the alignment of words: gutters that run through many lines part columns, lines part rows.

Serves tables without lines, with lines below header rows only (three-line tables), and the inside of frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.cells import merged_places, writing_in
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Floats, Ink, TextLine, text_lines
from octavo.structure.tables.rows import rows_of
from octavo.structure.tables.ruled import Flags

BINS = 8
"""Gutters are looked for in steps of so many to the em."""
CROSSED = 0.2
"""Share of the lines at a gutter that may run across it: spanning headers, long entries."""
NARROWEST = 0.25
"""A gutter is at least this wide (in ems)."""
FULL = 0.8
"""A rule that covers this share of a table's width parts rows; shorter ones group columns of the header."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """A strip without writing, from top to bottom of a region; `support` lines have words on both sides."""

    x0: float
    x1: float
    support: int
    crossed: int

    @property
    def center(self) -> float:
        """Middle between left and right."""
        return (self.x0 + self.x1) / 2


def gutters_of(lines: Sequence[TextLine], box: BBox, em: float) -> list[Gutter]:
    """Gutters between the columns that `lines` are set in, left to right."""
    multi = [line for line in lines if len(line.chunks) > 1]
    if not multi:
        return []
    step = em / BINS
    count = max(1, int(box.width / step) + 2)
    support, crossed = _profile(multi, box.x0, step, count)
    least = 1 if len(multi) < 3 else max(2, round(0.2 * len(multi)))
    free = (support >= least) & (crossed <= CROSSED * (support + crossed))
    return [
        gutter
        for run in _runs(free)
        for gutter in _hollows(support, crossed, run, box.x0, step)
        if gutter.x1 - gutter.x0 >= NARROWEST * em
    ]


def _profile(lines: Sequence[TextLine], left: float, step: float, count: int) -> tuple[Floats, Floats]:
    """How many lines have a gap, and how many have writing, at each of `count` steps from `left`."""
    support, crossed = np.zeros(count), np.zeros(count)
    for line in lines:
        ends = [
            (max(0, int((chunk.x0 - left) / step)), max(0, int(np.ceil((chunk.x1 - left) / step))))
            for chunk in line.chunks
        ]
        for start, end in ends:
            crossed[start:end] += 1
        for (_, end), (start, _) in pairwise(ends):
            support[end:start] += 1
    return support, crossed


def _runs(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _hollows(support: Floats, crossed: Floats, run: tuple[int, int], left: float, step: float) -> list[Gutter]:
    """The strip within `run` that fewest lines cross."""
    start, end = run
    part = crossed[start:end]
    strips = _runs(part <= part.min())
    best = max(strips, key=lambda strip: (support[start + strip[0] : start + strip[1]].max(), strip[1] - strip[0]))
    low, high = start + best[0], start + best[1]
    return [Gutter(left + low * step, left + high * step, int(support[low:high].max()), int(part.min()))]


def aligned_grid(ink: Ink, box: BBox, rules: Floats | None = None) -> Grid | None:
    """The grid of the words of `ink` by their alignment; None when they stand in fewer than two columns.

    Args:
        ink: the words of the region.
        box: the region.
        rules: horizontal edges inside the region, n x 3 of y, x0, x1.
    """
    lines = text_lines(ink)
    gutters = gutters_of(lines, box, ink.em)
    if not gutters:
        return None
    xs = (box.x0, *(gutter.center for gutter in gutters), box.x1)
    inner = _inner(rules, box, ink.em)
    full = [float(y) for y, x0, x1 in inner if x1 - x0 >= FULL * box.width]
    header_end = next((y for y in full if any(line.center < y for line in lines)), box.y0)
    head = [line for line in lines if line.center < header_end]
    part = [each for each in inner if each[0] < header_end and each[2] - each[1] < FULL * box.width]
    rows = [*_header_rows(ink, head, xs, part), *rows_of(ink, lines[len(head) :], xs, full)]
    ys = (box.y0, *((_bottom(above) + _top(below)) / 2 for above, below in pairwise(rows)), box.y1)
    count = sum(_bottom(row) < header_end for row in rows)
    right, below = _sides(ink, lines, xs, ys, part)
    merged = tuple(merged_places(right, below))
    return Grid(xs=xs, ys=ys, merged=merged, header_rows=count, ruled=min(1.0, len(full) / max(1, len(rows))))


def _inner(rules: Floats | None, box: BBox, em: float) -> list[tuple[float, float, float]]:
    """Rules within the region, not its upper and lower sides, top to bottom."""
    if rules is None:
        return []
    return sorted(
        (y, max(x0, box.x0), min(x1, box.x1))
        for y, x0, x1 in rules.tolist()
        if box.y0 + 0.5 * em < y < box.y1 - 0.5 * em and min(x1, box.x1) - max(x0, box.x0) > em
    )


def _top(row: Sequence[TextLine]) -> float:
    return min(line.center for line in row)


def _bottom(row: Sequence[TextLine]) -> float:
    return max(line.center for line in row)


def _header_rows(
    ink: Ink, lines: Sequence[TextLine], xs: Sequence[float], part: Sequence[tuple[float, float, float]]
) -> list[list[TextLine]]:
    """Rows of the header: parted by the rules in it, and after lines that run across gutters."""
    rows: list[list[TextLine]] = []
    for line in lines:
        if rows and not _new_header_row(ink, rows[-1][-1], line, xs, part):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _new_header_row(
    ink: Ink, above: TextLine, line: TextLine, xs: Sequence[float], part: Sequence[tuple[float, float, float]]
) -> bool:
    if any(above.center < y < line.center for y, _, _ in part):
        return True
    if part:
        return False
    crosses = any(chunk.x0 < x - 0.2 * ink.em and chunk.x1 > x + 0.2 * ink.em for chunk in above.chunks for x in xs[1:-1])
    bold = [ink.words[each.places[0]].font.bold for each in (above, line)]
    return crosses or bold[0] != bold[1]


def _sides(
    ink: Ink,
    lines: Sequence[TextLine],
    xs: Sequence[float],
    ys: Sequence[float],
    part: Sequence[tuple[float, float, float]],
) -> tuple[Flags, Flags]:
    """Where squares are parted: everywhere, save where writing or a rule below it says that a cell goes on."""
    writing = writing_in(xs, ys, ink, lines)
    right = ~writing.crossed
    below = np.ones((len(ys) - 2, len(xs) - 1), dtype=bool)
    columns = (np.array(xs[:-1]) + np.array(xs[1:])) / 2
    grouped: dict[int, Flags] = {}
    for y, x0, x1 in part:
        row = int(np.searchsorted(ys, y)) - 1
        if 0 <= row < len(below):
            under: Flags = (columns > x0) & (columns < x1)
            right[row] &= ~(under[:-1] & under[1:])
            grouped[row] = under | grouped.get(row, np.zeros(len(columns), dtype=bool))
    for row, under in grouped.items():
        below[row] = under
    return right, below
