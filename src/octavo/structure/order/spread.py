"""Two pages of an open book on one image."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from octavo.domain.block import Rule, Word
from octavo.domain.geometry import BBox, Size

WIDER = 1.1
"""Such an image is wider than high by this factor."""
MIDDLE = 0.08
"""The fold is so near to its middle, as a share of its width,"""
MARGINS = 1.5
"""between margins that have so many ems together, which no word reaches into."""
FEWEST_WORDS = 30
"""Each page has so many words."""
SHADOW = 0.85
"""A rule or a shadow in the fold runs over so much of the image's height;"""
LEVEL = 1.5
"""else the numbers of the pages must tell, whose heights differ by so many ems at most."""

_NUMBER = re.compile(r"[\[(–—-]?\s?(\d{1,4})\s?[\])–—-]?")


def fold_of(words: Sequence[Word], rules: Sequence[Rule], size: Size) -> float | None:
    """Where the fold of an open book runs down the image, from its left; None where there is one page.

    Args:
        words: of the image, level.
        rules: straight lines on it.
        size: of the image.
    """
    if size.width < WIDER * size.height or len(words) < 2 * FEWEST_WORDS:
        return None
    em = median(word.font.size for word in words)
    gap = _widest_gap([word.box for word in words], size)
    if gap is None or gap[1] - gap[0] < MARGINS * em:
        return None
    fold = (gap[0] + gap[1]) / 2
    left = [word for word in words if word.box.center_x < fold]
    right = [word for word in words if word.box.center_x >= fold]
    if min(len(left), len(right)) < FEWEST_WORDS:
        return None
    return fold if _is_drawn(rules, gap, size) or _are_numbered(left, right, em) else None


def _widest_gap(boxes: Sequence[BBox], size: Size) -> tuple[float, float] | None:
    """The widest strip without a word that lies around the middle."""
    low, high = (0.5 - MIDDLE) * size.width, (0.5 + MIDDLE) * size.width
    gaps: list[tuple[float, float]] = []
    reached = 0.0
    for box in sorted(boxes, key=lambda box: box.x0):
        if box.x0 > reached:
            gaps.append((reached, box.x0))
        reached = max(reached, box.x1)
    within = [gap for gap in gaps if low < (gap[0] + gap[1]) / 2 < high]
    return max(within, key=lambda gap: gap[1] - gap[0], default=None)


def _is_drawn(rules: Sequence[Rule], gap: tuple[float, float], size: Size) -> bool:
    """Whether lines between two places, one below the other, run from the top of the image to its foot."""
    boxes = [rule.box for rule in rules if rule.box.height > rule.box.width]
    upright = sorted(
        (box for box in boxes if gap[0] < box.center_x < gap[1]),
        key=lambda box: box.y0,
    )
    covered = reached = 0.0
    for box in upright:
        covered += max(0.0, box.y1 - max(box.y0, reached))
        reached = max(reached, box.y1)
    return covered >= SHADOW * size.height


def _are_numbered(left: Sequence[Word], right: Sequence[Word], em: float) -> bool:
    """Whether an even number stands first, and the next one last, in the outermost lines of two pages."""
    for outermost in (min, max):
        lines = [_line_at(outermost(side, key=lambda word: word.box.center_y), side) for side in (left, right)]
        first, last = lines[0][0], lines[1][-1]
        one, other = _NUMBER.fullmatch(first.text), _NUMBER.fullmatch(last.text)
        if one and other and int(other[1]) == int(one[1]) + 1 and int(one[1]) % 2 == 0:
            return abs(first.box.center_y - last.box.center_y) <= LEVEL * em
    return False


def _line_at(word: Word, side: Sequence[Word]) -> list[Word]:
    """The words of a page that stand beside one, and that one, left to right."""
    level = [each for each in side if each.box.y_overlap(word.box) > 0.5 * min(each.box.height, word.box.height)]
    return sorted(level, key=lambda each: each.box.x0)
