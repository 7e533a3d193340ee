"""Columns of running text: what stands in one of them is no row of what stands in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from octavo.structure.tables.ink import Chunk, Flags, Floats, Ink, TextLine, text_lines
from octavo.structure.tables.prose import prose_runs

GUTTER = 0.85
"""Columns of text stand at least so many ems apart."""
FEWEST_LINES = 3
"""A column of text has at least so many lines of prose on either side."""
FEW = 0.2
"""A gutter is where at most this share of the lines of prose runs."""
STEP = 0.25
"""Gutters are looked for in steps of so many ems."""
DEPTH = 3
"""Columns are parted so often: up to eight on a page."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words that are read by themselves, and their lines."""

    ink: Ink
    lines: Sequence[TextLine]


def columns_apart(ink: Ink, lines: Sequence[TextLine], strokes: Floats, depth: int = 0) -> Iterator[Part]:
    """The words of a page by the columns of its text, where it has several; else all of them.

    Args:
        ink: the words.
        lines: of these words.
        strokes: horizontal edges, n x 3 of y, x0, x1; what they run over is no gutter.
        depth: how often the page was parted.
    """
    sides = _sides(ink, lines, strokes) if depth < DEPTH else None
    if sides is None:
        yield Part(ink, lines)
        return
    for each in sides:
        if each.any():
            part = ink.take(each)
            yield from columns_apart(part, text_lines(part), strokes, depth + 1)


def _sides(ink: Ink, lines: Sequence[TextLine], strokes: Floats) -> tuple[Flags, ...] | None:
    """Which words stand left and right of the best gutter, and which above or below what runs across it."""
    prose = list(prose_runs(ink, lines))
    if len(prose) < 2 * FEWEST_LINES:
        return None
    for x in _gutters(prose, ink.em):
        bands = list(_bands(x, lines, prose, strokes))
        if bands:
            inside = np.zeros(len(ink.words), dtype=bool)
            for top, bottom in bands:
                inside |= (ink.y > top) & (ink.y < bottom)
            return inside & (ink.x < x), inside & (ink.x >= x), ~inside
    return None


def _gutters(prose: Sequence[tuple[TextLine, Chunk]], em: float) -> list[float]:
    """Middles of the strips that next to no prose runs across, the widest first."""
    left = min(chunk.x0 for _, chunk in prose)
    step = STEP * em
    count = int((max(chunk.x1 for _, chunk in prose) - left) / step) + 2
    change = np.zeros(count + 1)
    for _, chunk in prose:
        change[int((chunk.x0 - left) / step + 0.999)] += 1
        change[int((chunk.x1 - left) / step)] -= 1
    over = np.cumsum(change)[:count]
    strips = [
        _emptiest(over, *strip) for strip in _stretches(over <= FEW * len(prose)) if 0 < strip[0] < strip[1] < count
    ]
    strips = [(first, last) for first, last in strips if (last - first) * step >= GUTTER * em]
    return [left + (first + last) / 2 * step for first, last in sorted(strips, key=lambda strip: strip[0] - strip[1])]


def _emptiest(over: Floats, first: int, last: int) -> tuple[int, int]:
    """The widest part of a strip that least runs over."""
    least = over[first:last].min()
    start, end = max(_stretches(over[first:last] <= least), key=lambda strip: strip[1] - strip[0])
    return first + start, first + end


def _stretches(flags: Flags) -> list[tuple[int, int]]:
    """From where to where flags are set."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(int), [0])))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _bands(
    x: float, lines: Sequence[TextLine], prose: Sequence[tuple[TextLine, Chunk]], strokes: Floats
) -> Iterator[tuple[float, float]]:
    """Stretches of height in which nothing runs across a gutter, and prose stands on both sides of it."""
    ends = [(line.y0, line.y1) for line in lines if any(chunk.x0 < x < chunk.x1 for chunk in line.chunks)]
    ends += [(y, y) for y, x0, x1 in strokes.tolist() if x0 < x < x1]
    ends = sorted([(float("-inf"), float("-inf")), *ends, (float("inf"), float("inf"))])
    for (_, top), (bottom, _) in pairwise(ends):
        within = [chunk for line, chunk in prose if top < line.center < bottom]
        left = sum(chunk.x1 <= x for chunk in within)
        if min(left, len(within) - left) >= FEWEST_LINES:
            yield top, bottom
