"""Reading order: a page is cut at its gutters into columns, recursively, as in XY-cut (Nagy and Seth, 1984).

Unlike plain XY-cut a gutter need not be free from top to bottom: whatever crosses it (a title, a wide figure)
parts the page into bands, and columns are read band by band.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octavo.domain.geometry import BBox, union_of
from octavo.structure.order.cards import rows_of_cards
from octavo.structure.order.sides import ALIGNED, Item, are_columns, are_prose, may_hold_prose, shared_height

ACROSS = 6.0
"""A rule parts the columns on both sides of a gutter when it goes on for at least so many ems."""
GUTTER = 0.85
"""A gutter is at least so many ems wide."""
WIDE = 0.85
"""A rule over at least this share of the width runs from side to side."""
ABOUT = 0.85
"""Gutters are about as high as the highest with at least this share of its height."""
DISPLAY = 1.7
"""Lines at least so many ems high are set in display type;"""
CENTERED = 1.5
"""they stand in the middle when it is so many ems away at most."""
LOWEST = 12
"""Gutters are looked for where hardly anything crosses them, at so many levels;"""
BESIDE = 2
"""between columns of prose also where less does than beside them, at so many levels more to each side."""
FINE, FEWEST_BINS = 6, 8
"""An em is parted into so many places across; a page has so many at least."""
DEPTH = 12
"""Columns in columns, at most so deep."""


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A vertical strip, and the bands in which it parts two columns."""

    x0: float
    x1: float
    bands: tuple[tuple[float, float], ...]
    score: float
    crossed: int

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def in_columns(items: Sequence[Item], em: float, walls: Sequence[BBox] = (), depth: int = 0) -> list[list[Item]]:
    """Items grouped by column, the groups in reading order.

    Args:
        items: of the page, or of a part of it.
        em: size of the body text in pixels.
        walls: rules that no column goes on across.
        depth: how many times the page was parted.
    """
    if len(items) < 2 or depth >= DEPTH:
        return [list(items)] if items else []
    parts = _between(items, walls, em)
    if len(parts) > 1:
        return [group for part in parts for group in in_columns(part, em, walls, depth + 1)]
    gutter = _best_gutter(items, em, walls)
    if gutter is None:
        return [sorted(items, key=lambda item: (item.box.y0, item.box.x0))]
    groups: list[list[Item]] = []
    for part in _parts(items, gutter):
        if len(part) == len(items):
            return [sorted(items, key=lambda item: (item.box.y0, item.box.x0))]
        groups.extend(in_columns(part, em, walls, depth + 1))
    return groups


def _between(items: Sequence[Item], walls: Sequence[BBox], em: float) -> list[list[Item]]:
    """The items between walls that run from side to side, and that nothing stands across."""
    whole = union_of(item.box for item in items)
    sides = [wall for wall in walls if wall.x_overlap(whole) > WIDE * whole.width]
    cuts = [
        wall.center_y
        for wall in sides
        if not any(item.box.y0 < wall.center_y - em < wall.center_y + em < item.box.y1 for item in items)
    ]
    parts: list[list[Item]] = [[] for _ in range(len(cuts) + 1)]
    for item in items:
        parts[sum(cut < item.box.center_y for cut in cuts)].append(item)
    return [part for part in parts if part]


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


def _best_gutter(items: Sequence[Item], em: float, walls: Sequence[BBox]) -> _Gutter | None:
    """The gutter that parts columns over the greatest height; of about as high ones that which the least crosses."""
    profile = _profile(items, em)
    lowest = np.unique(profile)[:LOWEST]
    best = _best(_Sheet(items, em), _strips(items, em, profile, lowest), walls)
    if best or not may_hold_prose(items, em):
        return best
    return _best(_Sheet(items, em, prose=True), _strips(items, em, profile, _floors(profile)), walls)


def _best(sheet: _Sheet, strips: Sequence[tuple[float, float]], walls: Sequence[BBox]) -> _Gutter | None:
    found = [_judged(sheet, strip, sheet.em, walls) for strip in strips]
    sound = [gutter for gutter in found if gutter is not None]
    least = ABOUT * max((gutter.score for gutter in sound), default=0.0)
    high = [gutter for gutter in sound if gutter.score >= least]
    return min(high, key=lambda gutter: (gutter.crossed, -gutter.score, gutter.x0 - gutter.x1), default=None)


def _profile(items: Sequence[Item], em: float) -> NDArray[np.float64]:
    """How much of the height is written on over each sixth of an em of the width."""
    whole = union_of(item.box for item in items)
    bins = int(FINE * whole.width / em) + 1
    change = np.zeros(bins + 1)
    for item in items:
        first = int(FINE * (item.box.x0 - whole.x0) / em + 0.999)
        last = int(FINE * (item.box.x1 - whole.x0) / em)
        if last > first:
            change[first] += item.box.height
            change[last] -= item.box.height
    return np.round(np.cumsum(change)[:bins], 3)


def _strips(
    items: Sequence[Item], em: float, profile: NDArray[np.float64], levels: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """Vertical strips that items of no more than one of some heights cross."""
    left, bins = min(item.box.x0 for item in items), len(profile)
    if bins < FEWEST_BINS:
        return []
    strips = []
    for level in sorted({0.0, *levels.tolist()}):
        low = np.flatnonzero(np.diff(np.concatenate(([0], (profile <= level + 1e-3).astype(int), [0]))))
        for first, last in zip(low[::2], low[1::2], strict=True):
            x0, x1 = left + first * em / FINE, left + last * em / FINE
            if first > 0 and last < bins and x1 - x0 >= GUTTER * em:
                strips.append((x0, x1))
    return list(dict.fromkeys(strips))


def _floors(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much crosses the places that less crosses than their surroundings, whatever runs over them from side to side.

    With the levels next to them: a line that runs over a gutter, and ends in it, makes its lowest part narrow.
    """
    level = profile[np.flatnonzero(np.diff(profile, prepend=np.nan))]
    floors = 1 + np.flatnonzero((level[:-2] > level[1:-1]) & (level[1:-1] < level[2:]))
    near = floors[:, None] + np.arange(-BESIDE, BESIDE + 1)
    found: NDArray[np.float64] = level[near[(near >= 0) & (near < len(level))]]
    return found


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


class _Sheet:
    """Items, and what of them does not depend on where a gutter is."""

    def __init__(self, items: Sequence[Item], em: float, *, prose: bool = False) -> None:
        """With `prose`, only running text on both sides counts as columns."""
        self.items, self.em, self.prose = items, em, prose
        self.whole = union_of(item.box for item in items)
        self.heights = [item.box.center_y for item in items]
        self.known: dict[tuple[int, ...], tuple[tuple[tuple[float, float], ...], float]] = {}
        """Bands and score of gutters, by what lies across them and on their sides."""
        self._middles = [item.box.center_x for item in items]
        self._from_above = sorted(range(len(items)), key=self.heights.__getitem__)
        self._titles = _titles(items, em)

    def crossing(self, x: float) -> list[bool]:
        """Whether each item, or what it is a title of, runs across a place."""
        return [item.box.x0 < x < item.box.x1 or id(item) in self._titles for item in self.items]

    def sides(self, x: float) -> list[bool]:
        """Whether the middle of each item is left of a place, then whether it is right of it."""
        return [*(middle < x for middle in self._middles), *(middle > x for middle in self._middles)]

    def within(self, bands: Sequence[tuple[float, float]], out: Sequence[bool]) -> Iterator[list[Item]]:
        """The items with their middle in each of some bands, without those that are `out`."""
        places = [place for place in self._from_above if not out[place]]
        heights = [self.heights[place] for place in places]
        for top, bottom in bands:
            chosen = places[bisect_right(heights, top) : bisect_left(heights, bottom)]
            yield [self.items[place] for place in sorted(chosen)]


def _judged(sheet: _Sheet, strip: tuple[float, float], em: float, walls: Sequence[BBox]) -> _Gutter | None:
    """The strip as a gutter with its bands; None when it parts no columns anywhere."""
    x0, x1 = strip
    middle = (x0 + x1) / 2
    parting = [wall for wall in walls if wall.x0 + ACROSS * em < middle < wall.x1 - ACROSS * em]
    across = sheet.crossing(middle)
    alike = (*across, *sheet.sides(middle), *map(id, parting))  # strips of several widths lie at most gutters
    if alike not in sheet.known:
        sheet.known[alike] = _bands(sheet, middle, across, parting, em)
    bands, score = sheet.known[alike]
    return _Gutter(x0, x1, bands, score, sum(across)) if bands else None


def _bands(
    sheet: _Sheet, middle: float, across: Sequence[bool], parting: Sequence[BBox], em: float
) -> tuple[tuple[tuple[float, float], ...], float]:
    """The bands in which columns stand on both sides of a place, and how much height these have in common."""
    crossing = [item.box for item, crosses in zip(sheet.items, across, strict=True) if crosses]
    bands: list[tuple[float, float]] = []
    score = 0.0
    free = _free_bands([*crossing, *parting], sheet.whole)
    held = sheet.within([(top + ALIGNED * em, bottom - ALIGNED * em) for top, bottom in free], across)
    for (top, bottom), every in zip(free, held, strict=True):
        if len(every) < 2:
            continue
        inside = _without_last_line(every, [box for box in crossing if box.center_y <= top], em)
        inside = _without_heading(inside, [box for box in crossing if box.center_y >= bottom], em)
        cards = [] if sheet.prose else rows_of_cards(inside, middle, em)
        parted = are_prose if sheet.prose else are_columns
        for part in cards or [inside]:
            left = [item for item in part if item.box.center_x < middle]
            right = [item for item in part if item.box.center_x >= middle]
            if left and right and (cards or parted(left, right, em)):
                bands.append((min(item.box.y0 for item in part), max(item.box.y1 for item in part)))
                score += shared_height(left, right)
    return tuple(bands), score


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
