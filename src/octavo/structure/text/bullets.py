"""Bullets that are drawn rather than written, as browsers draw them: small dots and rings before lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from octavo.domain.block import Drawing, Word
from octavo.domain.geometry import BBox
from octavo.structure.text.lines import is_upright

BULLET = "•"
SMALLEST, LARGEST = 0.12, 0.75
"""A bullet measures so many ems,"""
ROUND = 0.25
"""is as high as it is wide but for this share,"""
LEVEL = 0.35
"""stands at the height of its line but for so many ems,"""
FARTHEST = 2.5
"""and at most so many ems before it,"""
FREE = 2.0
"""with nothing before itself for so many ems."""
SAME = 0.15
"""Bullets whose sizes differ by less than this share are of one list, and one alone is none."""
MOST = 300
"""More dots than this are a drawing."""


def with_drawn_bullets(
    words: Sequence[Word], drawings: Iterable[Drawing], pictures: Sequence[BBox], em: float
) -> list[Word]:
    """The words, and a bullet for each drawing that is one.

    Args:
        words: that no table or figure has.
        drawings: of the page.
        pictures: boxes of its tables and figures, whose dots are none.
        em: size of the body text in pixels.
    """
    dots = [each.box for each in drawings if each.curved and _is_dot(each.box, em)]
    dots = [box for box in dots if not any(picture.holds(box) for picture in pictures)]
    upright = [word for word in words if is_upright(word)]
    if not 1 < len(dots) <= MOST or not upright:
        return list(words)
    edges = np.array([(word.box.x0, word.box.x1, word.box.center_y, word.font.size) for word in upright])
    found = [(box, place) for box in dots if (place := _line_after(box, edges)) is not None]
    found.sort(key=lambda each: each[0].height)
    alike = [b.height <= (1 + SAME) * a.height for (a, _), (b, _) in pairwise(found)]
    kept = [
        each for each, before, after in zip(found, [False, *alike], [*alike, False], strict=False) if before or after
    ]
    return [*words, *(_bullet(box, upright[place]) for box, place in kept)]


def _is_dot(box: BBox, em: float) -> bool:
    small, large = sorted((box.width, box.height))
    return SMALLEST * em <= small and large <= LARGEST * em and large - small <= ROUND * large


def _line_after(box: BBox, edges: np.ndarray) -> int | None:
    """The place of the word that begins the line behind a dot; None when the dot stands elsewhere."""
    left, right, middle, size = edges.T
    level = np.abs(middle - box.center_y) < LEVEL * size
    gap = left - box.x1
    after = level & (gap > 0) & (gap < FARTHEST * size)
    before = level & (left < box.x0) & (right > box.x0 - FREE * size)
    if not after.any() or before.any():
        return None
    return int(np.where(after, gap, np.inf).argmin())


def _bullet(box: BBox, word: Word) -> Word:
    return Word(text=BULLET, box=box, font=word.font, baseline=word.baseline)
