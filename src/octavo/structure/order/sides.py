"""What stands on the two sides of a strip: columns that are read one after the other, or rows that run across it."""

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
from octavo.structure.tables.ink import is_quantity
from octavo.structure.text.lines import Segment, words_in

BAND_LINES = 2.2
"""A band of columns is at least so many lines high."""
PROSE_WIDTH = 11.0
"""Segments at least so many ems wide on both sides are columns of prose, not labels and values."""
NARROW = 0.85
"""Lines so wide, as a share of the page's writing, have no column beside them."""
PROSE_WORDS = 3
"""So are narrower ones that are filled with at least so many words a line."""
FEWEST_LINES = 3
"""Text runs, and lists go, over at least so many lines."""
MOST_ALIGNED = 0.8
"""Of names of what stands beside them more than this stand on lines of its."""
ALIGNED = 0.25
"""Two segments stand on one line when their middles differ by less than this (in ems)."""
WRITTEN = 0.6
"""Where a gap only fills the measure, at least this share of the lines that run there has writing;"""
FEWEST_PIECES = 4
"""so many segments are needed to tell."""
AMOUNTS, MOST_AMOUNT = 0.6, 2
"""Of a column of amounts at least this share are numbers, with at most so many words, the unit included."""
STEP = 1.1
"""Type that is larger by this factor is another size, as in a card and its heading."""


_BULLET = re.compile("^[•‣◦▪▫■□●○◆◇►▶➢➤✓✔❖∙\uf0b7\uf0a7\uf0d8\uf076]")
_LEADER = re.compile(r"(?:[.·…_]\s?){3,}\s*[\divxlc]+$")


@dataclass(frozen=True, slots=True)
class Item:
    """What is put in order: a segment of text, or a finished block (a table, a figure) that stays whole."""

    box: BBox
    content: Segment | Block = field(compare=False)

    @property
    def is_text(self) -> bool:
        """Whether it is a segment."""
        return isinstance(self.content, Segment)


def shared_height(left: Sequence[Item], right: Sequence[Item]) -> float:
    """How much height both sides have in common."""
    return max(0.0, union_of(item.box for item in left).y_overlap(union_of(item.box for item in right)))


def are_columns(left: Sequence[Item], right: Sequence[Item], em: float) -> bool:
    """Whether the two sides are read one after the other; rows of labels and values are read across."""
    if shared_height(left, right) < BAND_LINES * em:
        return False
    texts = [_unbroken([item for item in side if item.is_text], em) for side in (left, right)]
    if not texts[0] or not texts[1]:
        return True
    return not _are_amounts(texts[1], texts[0], em) and _read_down(texts, em)


def may_hold_prose(items: Sequence[Item], em: float) -> bool:
    """Whether there are lines enough for a column of running text beside something else."""
    most = NARROW * union_of(item.box for item in items).width
    return sum(item.is_text and PROSE_WIDTH * em <= item.box.width < most for item in items) >= FEWEST_LINES


def are_prose(left: Sequence[Item], right: Sequence[Item], em: float) -> bool:
    """Whether running text stands on both sides."""
    return all(_is_prose(_unbroken([item for item in side if item.is_text], em), em) for side in (left, right))


def _read_down(texts: Sequence[Sequence[Item]], em: float) -> bool:
    """Whether text stands on both sides of which each is read by itself."""
    if _are_cards(texts[0], texts[1], em) or _are_lists(texts) or all(_is_prose(side, em) for side in texts):
        return True
    widths = [median(item.box.width for item in side) for side in texts]
    if min(widths) >= PROSE_WIDTH * em and min(len(side) for side in texts) > 1:
        return True
    aligned = _aligned_share(texts[0], texts[1], em)
    filled = [_filled_share(side) for side in texts]
    reads_on = aligned < 0.9 or min(_words_a_line(side) for side in texts) >= PROSE_WORDS
    if min(len(side) for side in texts) >= 4 and min(filled) > 0.6 and reads_on:
        return True
    return (aligned < 0.5 and max(len(side) for side in texts) > 2) or _is_stack_beside_prose(texts, aligned, em)


def _are_amounts(side: Sequence[Item], named: Sequence[Item], em: float) -> bool:
    """Whether a side holds amounts, each on the line of what it counts, as on bills."""
    lines = _lines(side)
    amounts = sum(is_quantity(line.words[0].text) and words_in(line.words) <= MOST_AMOUNT for line in lines)
    return amounts >= AMOUNTS * len(side) and _aligned_share(side, named, 2 * em) >= MOST_ALIGNED


def _is_prose(side: Sequence[Item], em: float) -> bool:
    """Whether most of what stands on a side is lines of running text, whatever short lines come between."""
    wide = [each for each in side if each.box.width >= PROSE_WIDTH * em and _words_a_line([each]) > PROSE_WORDS]
    return len(wide) >= FEWEST_LINES and 2 * _length(wide) > _length(side)


def _length(items: Sequence[Item]) -> float:
    return sum(item.box.width for item in items)


def _are_lists(texts: Sequence[Sequence[Item]]) -> bool:
    """Whether both sides are lists, whose items begin with marks or end with the numbers of pages."""
    for shows in (_BULLET.match, _LEADER.search):
        marked = [sum(bool(shows(line.text)) for line in _lines(side)) for side in texts]
        if all(many >= max(FEWEST_LINES, 0.5 * len(side)) for many, side in zip(marked, texts, strict=True)):
            return True
    return False


def _lines(side: Sequence[Item]) -> list[Segment]:
    return [item.content for item in side if isinstance(item.content, Segment)]


def _is_stack_beside_prose(texts: Sequence[Sequence[Item]], aligned: float, em: float) -> bool:
    """Whether lines close below one another stand beside running text without keeping to its lines."""
    stack, prose = sorted(texts, key=lambda side: _is_prose(side, em))
    if aligned >= MOST_ALIGNED or len(stack) < FEWEST_LINES or not _is_prose(prose, em):
        return False
    ordered = sorted(_lines(stack), key=lambda each: each.box.y0)
    return all(low.box.y0 - high.box.y1 < max(low.size, high.size) for high, low in pairwise(ordered))


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
    for line in sorted(_lines(side), key=lambda each: each.box.y0):
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
    """Words on most lines."""
    return median(words_in(line.words) for line in _lines(side))


def _filled_share(side: Sequence[Item]) -> float:
    """Share of lines as wide as their column, as in prose; a side may have several columns of one width."""
    widths = sorted(item.box.width for item in side)
    usual = widths[3 * len(widths) // 4]
    return sum(width > 0.75 * usual for width in widths) / len(widths)
