"""Columns of running text: what stands in one of them is no row of what stands in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from octavo.structure.tables.ink import Chunk, Flags, Floats, Ink, TextLine, text_lines
from octavo.structure.tables.prose import prose_runs, prose_words

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
    """Words that are read by themselves, their lines, and which of the words are running text."""

    ink: Ink
    lines: Sequence[TextLine]
    prose: Flags


def columns_apart(ink: Ink, lines: Sequence[TextLine], strokes: Floats, depth: int = 0) -> Iterator[Part]:
    """The words of a page by the columns of its text, where it has several; else all of them.

    Args:
        ink: the words.
        lines: of these words.
        strokes: horizontal edges, n x 3 of y, x0, x1; what they run over is no gutter.
        depth: how often the page was parted.
    """
    part = Part(ink, lines, prose_words(ink, lines))
    sides = _sides(part, strokes) if depth < DEPTH else None
    if sides is None:
        yield part
        return
    for each in sides:
        if each.any():
            side = ink.take(each)
            yield from columns_apart(side, text_lines(side), strokes, depth + 1)


def _sides(part: Part, strokes: Floats) -> tuple[Flags, ...] | None:
    """Which words stand left and right of the best gutter, and which above or below what runs across it."""
    ink, lines = part.ink, part.lines
    prose = list(prose_runs(ink, lines, part.prose))
    if len(prose) < 2 * FEWEST_LINES:
        return None
    for x in _gutters(prose, lines, ink.em):
        bands = list(_bands(x, lines, prose, strokes))
        if bands:
            inside = np.zeros(len(ink.words), dtype=bool)
            for top, bottom in bands:
                inside |= (ink.y > top) & (ink.y < bottom)
            return inside & (ink.x < x), inside & (ink.x >= x), ~inside
    return None


def _gutters(prose: Sequence[tuple[TextLine, Chunk]], lines: Sequence[TextLine], em: float) -> list[float]:
    """Where the strips that next to no prose runs across are free of all writing, the widest strip first.

    Numbers of lists that stand in a strip belong to what stands right of them.
    """
    left, right = min(chunk.x0 for _, chunk in prose), max(chunk.x1 for _, chunk in prose)
    step = STEP * em
    count = int((right - left) / step) + 2
    over = _over([chunk for _, chunk in prose], left, step, count)
    strips = [
        _emptiest(over, *strip) for strip in _stretches(over <= FEW * len(prose)) if 0 < strip[0] < strip[1] < count
    ]
    strips = [(first, last) for first, last in strips if (last - first) * step >= GUTTER * em]
    every = _over([chunk for line in lines for chunk in line.chunks if left < chunk.x0 < right], left, step, count)
    ordered = sorted(strips, key=lambda strip: strip[0] - strip[1])
    return [left + sum(_emptiest(every, *strip, leftmost=True)) / 2 * step for strip in ordered]


def _over(chunks: Sequence[Chunk], left: float, step: float, count: int) -> Floats:
    """How many chunks run over each step from `left`."""
    change = np.zeros(count + 1)
    for chunk in chunks:
        change[min(count, int((chunk.x0 - left) / step + 0.999))] += 1
        change[min(count, int((chunk.x1 - left) / step))] -= 1
    return np.cumsum(change)[:count]


def _emptiest(over: Floats, first: int, last: int, *, leftmost: bool = False) -> tuple[int, int]:
    """The widest part of a strip that least runs over, or the first one that is nearly as wide."""
    least = over[first:last].min()
    parts = _stretches(over[first:last] <= least)
    widest = max(end - start for start, end in parts)
    start, end = next(part for part in parts if part[1] - part[0] >= (0.5 if leftmost else 1.0) * widest)
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
