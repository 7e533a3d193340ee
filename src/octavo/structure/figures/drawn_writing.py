"""Writing that is drawn as shapes, such as formulas of other programs: shown as pictures where nothing can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from octavo.domain.block import Drawing, Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.figures.touching import touching

FEWEST = 4
"""A line of writing has at least so many shapes,"""
LOWEST, HIGHEST = 0.009, 0.045
"""and is so high, as a share of the page's longer side: lower rows of shapes are dotted rules, higher ones pictures."""
SPACE = 0.018
"""Shapes of one line stand at most so far apart (share of the longer side) on both sides of a space,"""
REACH = 0.003
"""and numerators so far above their bars."""
BESIDE = 2.5
"""Words at its height, nearer than so many times it, make a line of text of it, where the shapes stand for a few."""

LEVEL, STANDING = 0.12, 0.45
"""Of the shapes of one line of words at least this share stand so level (as a share of its height)."""


def drawn_writing(paths: Sequence[Drawing], pictures: Sequence[BBox], words: Sequence[Word], side: float) -> list[BBox]:
    """Lines of filled shapes that stand by themselves: no words at their height, and no picture around them."""
    shapes = [each for each in paths if each.filled and each.curved and each.box.height <= HIGHEST * side]
    shapes = [each for each in shapes if not any(each.box.inside_share(picture) > 0.5 for picture in pictures)]
    wide = [BBox(box.x0 - SPACE * side, box.y0, box.x1 + SPACE * side, box.y1) for box in (each.box for each in shapes)]
    groups = ([shapes[place] for place in group] for group in touching(wide, REACH * side))
    return [union_of(each.box for each in group) for group in groups if _is_line(group, words, side)]


def is_one_line(box: BBox, paths: Iterable[Drawing]) -> bool:
    """Whether the shapes in a box stand on one baseline, as those of words do, and those of fractions do not."""
    feet = sorted(each.box.y1 for each in paths if each.filled and box.holds(each.box))
    near = [foot for foot in feet if abs(foot - feet[len(feet) // 2]) <= LEVEL * box.height]
    return len(near) >= STANDING * len(feet)


def _is_line(shapes: Sequence[Drawing], words: Iterable[Word], side: float) -> bool:
    box = union_of(each.box for each in shapes)
    if len(shapes) < FEWEST or len({each.color for each in shapes}) > 1:
        return False
    fits = LOWEST * side <= box.height <= HIGHEST * side and box.width > box.height
    around = BBox(box.x0 - BESIDE * box.height, box.y0, box.x1 + BESIDE * box.height, box.y1)
    return fits and not any(around.intersection(word.box) > 0 for word in words)
