"""Reading order: a page is cut at its gutters into columns, recursively, as in XY-cut (Nagy and Seth, 1984).

Unlike plain XY-cut a gutter need not be free from top to bottom: whatever crosses it (a title, a wide figure)
parts the page into bands, and columns are read band by band.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Block
from octavo.domain.geometry import BBox, union_of
from octavo.structure.lines import Segment

GUTTER = 0.85
"""A gutter is at least so many ems wide."""
BAND_LINES = 2.2
"""A band of columns is at least so many lines high."""
PROSE_WIDTH = 11.0
"""Segments at least so many ems wide on both sides are columns of prose, not labels and values."""
PROSE_WORDS = 3
"""So are narrower ones that are filled with at least so many words a line."""
ALIGNED = 0.25
"""Two segments stand on one line when their middles differ by less than this (in ems)."""
STEP = 1.1
"""Type that is larger by this factor is another size, as in a card and its heading."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
WRITTEN = 0.6
"""Where a gap only fills the measure, at least this share of the lines that run there has writing;"""
FEWEST_PIECES = 4
"""so many segments are needed to tell."""
DISPLAY = 1.7
"""Lines at least so many ems high are set in display type;"""
CENTERED = 1.5
"""they stand in the middle when it is so many ems away at most."""
DEPTH = 12
"""Columns in columns, at most so deep."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is put in order: a segment of text, or a finished block (a table, a figure) that stays whole."""

    box: BBox
    content: Segment | Block = field(compare=False)

    @property
    def is_text(self) -> bool:
        """Whether it is a segment."""
        return isinstance(self.content, Segment)


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A vertical strip, and the bands in which it parts two columns."""

    x0: float
    x1: float
    bands: tuple[tuple[float, float], ...]
    score: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def in_columns(items: Sequence[Item], em: float, depth: int = 0) -> list[list[Item]]:
    """Items grouped by column, the groups in reading order; `em` is the size of the body text in pixels."""
    if len(items) < 2 or depth >= DEPTH:
        return [list(items)] if items else []
    gutter = _best_gutter(items, em)
    if gutter is None:
        return [sorted(items, key=lambda item: (item.box.y0, item.box.x0))]
    groups: list[list[Item]] = []
    for part in _parts(items, gutter):
        if len(part) == len(items):
            return [sorted(items, key=lambda item: (item.box.y0, item.box.x0))]
        groups.extend(in_columns(part, em, depth + 1))
    return groups


def _parts(items: Sequence[Item], gutter: _Gutter) -> list[list[Item]]:
    """The pieces that a gutter makes, in reading order: above a band, its left, its right, below it."""
    parts: list[list[Item]] = []
    rest = list(items)
    for top, bottom in gutter.bands:
        above = [item for item in rest if item.box.center_y < top]
        inside = [item for item in rest if top <= item.box.center_y <= bottom]
        rest = [item for item in rest if item.box.center_y > bottom]
        left = [item for item in inside if item.box.center_x < gutter.middle]
        right = [item for item in inside if item.box.center_x >= gutter.middle]
        parts += [above, left, right]
    return [part for part in [*parts, rest] if part]


def _best_gutter(items: Sequence[Item], em: float) -> _Gutter | None:
    """The gutter that parts columns over the greatest height."""
    titles = _titles(items, em)
    found = [_judged(items, x0, x1, em, titles) for x0, x1 in _strips(items, em)]
    sound = [gutter for gutter in found if gutter is not None]
    return max(sound, key=lambda gutter: (gutter.score, gutter.x1 - gutter.x0), default=None)


def _strips(items: Sequence[Item], em: float) -> list[tuple[float, float]]:
    """Vertical strips that fewer items cross than stand beside them: local minima of the horizontal profile."""
    whole = union_of(item.box for item in items)
    step = em / 6
    bins = int(whole.width / step) + 1
    if bins < 8:
        return []
    change = np.zeros(bins + 1)
    for item in items:
        first = int((item.box.x0 - whole.x0) / step + 0.999)
        last = int((item.box.x1 - whole.x0) / step)
        if last > first:
            change[first] += item.box.height
            change[last] -= item.box.height
    profile = np.cumsum(change)[:bins]
    strips = []
    for level in sorted({0.0, *np.unique(np.round(profile, 3))[:12].tolist()}):
        low = np.flatnonzero(np.diff(np.concatenate(([0], (profile <= level + 1e-3).astype(int), [0]))))
        for first, last in zip(low[::2], low[1::2], strict=True):
            x0, x1 = whole.x0 + first * step, whole.x0 + last * step
            if first > 0 and last < bins and x1 - x0 >= GUTTER * em:
                strips.append((x0, x1))
    return list(dict.fromkeys(strips))


def _titles(items: Sequence[Item], em: float) -> frozenset[int]:
    """Ids of lines of display type in the middle of all columns, with nothing beside them: they belong to none."""
    large = [item for item in items if item.is_text and item.box.height > DISPLAY * em]
    if not large:
        return frozenset()
    middle = union_of(item.box for item in items).center_x
    centered = [item for item in large if abs(item.box.center_x - middle) < CENTERED * em]
    return frozenset(
        id(title)
        for title in centered
        if not any(item is not title and item.box.y_overlap(title.box) > 0 for item in items)
    )


def _judged(items: Sequence[Item], x0: float, x1: float, em: float, titles: frozenset[int]) -> _Gutter | None:
    """The strip as a gutter with its bands; None when it parts no columns anywhere."""
    middle = (x0 + x1) / 2
    across = [item.box.x0 < middle < item.box.x1 or id(item) in titles for item in items]
    crossing = [item.box for item, crosses in zip(items, across, strict=True) if crosses]
    beside = [item for item, crosses in zip(items, across, strict=True) if not crosses]
    bands: list[tuple[float, float]] = []
    score = 0.0
    heights = [(item.box.center_y, item) for item in beside]
    for top, bottom in _free_bands(crossing, union_of(item.box for item in items)):
        inside = [item for y, item in heights if top + ALIGNED * em < y < bottom - ALIGNED * em]
        if len(inside) < 2:
            continue
        inside = _without_last_line(inside, [box for box in crossing if box.center_y <= top], em)
        inside = _without_heading(inside, [box for box in crossing if box.center_y >= bottom], em)
        left = [item for item in inside if item.box.center_x < middle]
        right = [item for item in inside if item.box.center_x >= middle]
        if left and right and _are_columns(left, right, em):
            bands.append((min(item.box.y0 for item in inside), max(item.box.y1 for item in inside)))
            score += _shared_height(left, right)
    return _Gutter(x0, x1, tuple(bands), score) if bands else None


def _free_bands(crossing: Sequence[BBox], whole: BBox) -> list[tuple[float, float]]:
    """Stretches of height in which nothing crosses."""
    edges = [whole.y0 - 1]
    for box in sorted(crossing, key=lambda each: each.y0):
        edges += [box.center_y, max(box.center_y, edges[-1])]
    edges.append(whole.y1 + 1)
    tops, bottoms = edges[::2], edges[1::2]
    return [(top, bottom) for top, bottom in zip(tops, bottoms, strict=True) if bottom > top]


def _without_last_line(inside: list[Item], above: Sequence[BBox], em: float) -> list[Item]:
    """The band without a short line at its top that ends the paragraph above rather than beginning a column."""
    if not above or not inside:
        return inside
    before = max(above, key=lambda box: box.y1)
    first = min(inside, key=lambda item: item.box.y0)
    follows = first.box.y0 - before.y1 < 0.6 * em and abs(first.box.x0 - before.x0) < 0.6 * em
    like_it = first.is_text and abs(first.box.height - before.height) < 0.15 * before.height
    alone = all(item is first or item.box.y0 >= first.box.y1 - 0.3 * em for item in inside)
    return [item for item in inside if item is not first] if follows and like_it and alone else inside


def _without_heading(inside: list[Item], below: Sequence[BBox], em: float) -> list[Item]:
    """The band without a line at its foot that heads the full-width text below rather than ending a column."""
    if not below or len(inside) < 2:
        return inside
    after = min(below, key=lambda box: box.y0)
    last = max(inside, key=lambda item: item.box.y1)
    above = max(item.box.y1 for item in inside if item is not last)
    near = after.y0 - last.box.y1 < last.box.y0 - above and last.box.y0 >= above - 0.3 * em
    return [item for item in inside if item is not last] if near and last.is_text else inside


def _shared_height(left: Sequence[Item], right: Sequence[Item]) -> float:
    return max(0.0, union_of(item.box for item in left).y_overlap(union_of(item.box for item in right)))


def _are_columns(left: Sequence[Item], right: Sequence[Item], em: float) -> bool:
    """Whether the two sides are read one after the other; rows of labels and values are read across."""
    if _shared_height(left, right) < BAND_LINES * em:
        return False
    texts = [_unbroken([item for item in side if item.is_text], em) for side in (left, right)]
    if not texts[0] or not texts[1]:
        return True
    if _are_cards(texts[0], texts[1], em):
        return True
    widths = [median(item.box.width for item in side) for side in texts]
    if min(widths) >= PROSE_WIDTH * em and min(len(side) for side in texts) > 1:
        return True
    aligned = _aligned_share(texts[0], texts[1], em)
    filled = [_filled_share(side) for side in texts]
    reads_on = aligned < 0.9 or min(_words_a_line(side) for side in texts) >= PROSE_WORDS
    if min(len(side) for side in texts) >= 4 and min(filled) > 0.6 and reads_on:
        return True
    return aligned < 0.5 and max(len(side) for side in texts) > 2


def _unbroken(side: list[Item], em: float) -> list[Item]:
    """The segments of a side, those of one line made one where a gap only fills the measure.

    Justified lines of narrow columns have wide gaps, but each has them elsewhere: where one line has a gap, most others
    have writing. The gaps between columns stand below one another.
    """
    lines = _levels(side, em)
    gaps = np.array([(a.box.x1, b.box.x0) for line in lines for a, b in pairwise(line)])
    if len(side) < FEWEST_PIECES or not len(gaps):
        return side
    written = np.array([(item.box.x0, item.box.x1) for item in side])
    joined: list[Item] = []
    for line in lines:
        run = [line[0]]
        for item in line[1:]:
            middle = (run[-1].box.x1 + item.box.x0) / 2
            if _count_over(middle, written) < WRITTEN * (_count_over(middle, written) + _count_over(middle, gaps)):
                joined.append(_as_one(run))
                run = []
            run.append(item)
        joined.append(_as_one(run))
    return joined


def _count_over(x: float, stretches: NDArray[np.float64]) -> int:
    """How many stretches lie over a place."""
    return int(((stretches[:, 0] < x) & (x < stretches[:, 1])).sum())


def _levels(side: Sequence[Item], em: float) -> list[list[Item]]:
    """Segments by the line that they stand on, left to right."""
    lines: list[list[Item]] = []
    for item in sorted(side, key=lambda each: each.box.center_y):
        if lines and item.box.center_y - lines[-1][-1].box.center_y < ALIGNED * em:
            lines[-1].append(item)
        else:
            lines.append([item])
    return [sorted(line, key=lambda item: item.box.x0) for line in lines]


def _as_one(run: list[Item]) -> Item:
    if len(run) == 1:
        return run[0]
    words = tuple(word for item in run if isinstance(item.content, Segment) for word in item.content.words)
    box = union_of(item.box for item in run)
    return Item(box, Segment(words, box))


def _are_cards(left: Sequence[Item], right: Sequence[Item], em: float) -> bool:
    """Whether both sides begin at one height with type of one size, and go on in type of another: heading and text."""
    tops = [min(item.box.y0 for item in side) for side in (left, right)]
    if abs(tops[0] - tops[1]) > 0.5 * em:
        return False
    sizes = [_first_sizes(side) for side in (left, right)]
    if min(len(each) for each in sizes) < 2:
        return False
    same = all(max(pair) < STEP * min(pair) for pair in zip(*sizes, strict=True))
    return same and all(max(each) >= STEP * min(each) for each in sizes)


def _first_sizes(side: Sequence[Item]) -> list[float]:
    """The size of the first line, and the first other size below it."""
    found: list[float] = []
    lines = [item.content for item in side if isinstance(item.content, Segment)]
    for line in sorted(lines, key=lambda each: each.box.y0):
        size = line.size
        if not found or not 1 / STEP < size / found[0] < STEP:
            found.append(size)
        if len(found) == 2:
            break
    return found


def _aligned_share(left: Sequence[Item], right: Sequence[Item], em: float) -> float:
    """Share of the shorter side's segments that have a segment of the other side on their line."""
    few, many = sorted((left, right), key=len)
    middles = np.sort(np.array([item.box.center_y for item in many]))
    hits = 0
    for item in few:
        at = int(np.searchsorted(middles, item.box.center_y))
        near = [abs(float(middles[i]) - item.box.center_y) for i in (at - 1, at) if 0 <= i < len(middles)]
        hits += min(near) < ALIGNED * em
    return hits / len(few)


def _words_a_line(side: Sequence[Item]) -> float:
    """Words on most lines; in scripts without spaces, two letters are one."""
    return median(sum(1 + len(_UNSPACED.findall(word.text)) // 2 for word in item.content.words) for item in side)


def _filled_share(side: Sequence[Item]) -> float:
    """Share of lines as wide as their column, as in prose; a side may have several columns of one width."""
    widest = max(item.box.width for item in side)
    return sum(item.box.width > 0.8 * widest for item in side) / len(side)
