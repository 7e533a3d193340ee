"""Grids from the alignment of words: gutters that run through many lines part columns, lines part rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.grid import Grid, Place
from octavo.structure.tables.ink import Chunk, Floats, Ink, TextLine, is_numeric, text_lines

BINS = 8
"""Gutters are looked for in steps of so many to the em."""
CROSSED = 0.2
"""Share of the lines at a gutter that may run across it: spanning headers, long entries."""
NARROWEST = 0.3
"""A gutter is at least this wide (in ems)."""


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
    if len(multi) < 2:
        return []
    step = em / BINS
    count = max(1, int(box.width / step) + 1)
    support, crossed = _profile(multi, box.x0, step, count)
    least = max(2, round(0.25 * len(multi)))
    open_ = (support >= least) & (crossed <= CROSSED * (support + crossed))
    return [
        gutter
        for start, end in _runs(open_)
        for gutter in _deepest(support, crossed, (start, end), box.x0, step)
        if gutter.x1 - gutter.x0 >= NARROWEST * em
    ]


def _profile(lines: Sequence[TextLine], left: float, step: float, count: int) -> tuple[Floats, Floats]:
    """How many lines have a gap, and how many have writing, at each of `count` steps from `left`."""
    support, crossed = np.zeros(count), np.zeros(count)
    for line in lines:
        ends = [(int((chunk.x0 - left) / step), int(np.ceil((chunk.x1 - left) / step))) for chunk in line.chunks]
        for start, end in ends:
            crossed[max(0, start) : end] += 1
        for (_, end), (start, _) in zip(ends, ends[1:], strict=False):
            support[max(0, end) : max(0, start)] += 1
    return support, crossed


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _deepest(support: Floats, crossed: Floats, run: tuple[int, int], left: float, step: float) -> list[Gutter]:
    """The strips within `run` that fewest lines cross: hollows parted by writing of enough lines are two gutters."""
    start, end = run
    part = crossed[start:end]
    lowest = part.min()
    strips = _runs(part <= lowest)
    best = max(strips, key=lambda strip: (support[start + strip[0] : start + strip[1]].max(), strip[1] - strip[0]))
    at = slice(start + best[0], start + best[1])
    return [Gutter(left + at.start * step, left + at.stop * step, int(support[at].max()), int(lowest))]


def aligned_grid(ink: Ink, box: BBox, rules: Sequence[float] = (), header_end: float = 0.0) -> Grid | None:
    """The grid of the words inside `box` by their alignment; None when they stand in fewer than two columns.

    Args:
        ink: the words of the region.
        box: the region.
        rules: heights (y) of rules that part rows.
        header_end: y of the rule below the header, 0 when nothing is known.
    """
    lines = text_lines(ink)
    gutters = gutters_of(lines, box, ink.em)
    if not gutters:
        return None
    xs = (box.x0, *(gutter.center for gutter in gutters), box.x1)
    rows = rows_of(ink, lines, gutters, rules, header_end)
    ys = [box.y0]
    for above, below in zip(rows, rows[1:], strict=False):
        ys.append((max(line.center for line in above) + min(line.center for line in below)) / 2)
    ys.append(box.y1)
    header_rows = sum(1 for row in rows if header_end and max(line.center for line in row) < header_end)
    merged = spans_of(rows[: max(1, header_rows)], gutters)
    return Grid(xs=xs, ys=tuple(ys), merged=tuple(merged), header_rows=header_rows)


def rows_of(
    ink: Ink, lines: Sequence[TextLine], gutters: Sequence[Gutter], rules: Sequence[float], header_end: float
) -> list[list[TextLine]]:
    """Lines gathered into rows: a line that only goes on with the text above belongs to its row."""
    rows: list[list[TextLine]] = []
    for line in lines:
        if (
            rows
            and not _ruled_between(rows[-1][-1], line, rules)
            and _goes_on(ink, rows[-1], line, gutters, header_end)
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _ruled_between(above: TextLine, below: TextLine, rules: Sequence[float]) -> bool:
    return any(above.center < rule < below.center for rule in rules)


def _goes_on(ink: Ink, row: Sequence[TextLine], line: TextLine, gutters: Sequence[Gutter], header_end: float) -> bool:
    """Whether `line` is the next line of wrapped cells of `row`."""
    if header_end and line.center < header_end:
        return not any(_crosses(chunk, gutters) for chunk in row[-1].chunks)
    here, above = _filled_columns(line, gutters), _filled_columns(row[-1], gutters)
    if any(is_numeric(chunk_text(ink, chunk)) for chunk in line.chunks):
        return False
    return 0 not in here and here <= above and len(here) < len(above)


def _crosses(chunk: Chunk, gutters: Sequence[Gutter]) -> bool:
    return any(chunk.x0 < gutter.x0 and chunk.x1 > gutter.x1 for gutter in gutters)


def _filled_columns(line: TextLine, gutters: Sequence[Gutter]) -> set[int]:
    return {sum(1 for gutter in gutters if gutter.center < (chunk.x0 + chunk.x1) / 2) for chunk in line.chunks}


def chunk_text(ink: Ink, chunk: Chunk) -> str:
    """Its words, parted by spaces."""
    return " ".join(ink.words[place].text for place in chunk.places)


def spans_of(rows: Sequence[Sequence[TextLine]], gutters: Sequence[Gutter]) -> list[Place]:
    """Header cells that run across gutters."""
    places: list[Place] = []
    for number, row in enumerate(rows):
        taken = -1
        for chunk in sorted((chunk for line in row for chunk in line.chunks), key=lambda each: each.x0):
            first = sum(1 for gutter in gutters if gutter.x1 <= chunk.x0 + 1)
            last = sum(1 for gutter in gutters if gutter.x0 < chunk.x1 - 1)
            if last > first > taken:
                places.append(Place(number, first, 1, last - first + 1))
                taken = last
    return places


def line_pitch(lines: Sequence[TextLine]) -> float:
    """Median distance from line to line, in pixels."""
    steps = [below.center - above.center for above, below in zip(lines, lines[1:], strict=False)]
    return median(steps) if steps else 0.0
