"""Rules across the page that end what stands above them: between stories, between the parts of a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from octavo.domain.block import Rule
from octavo.domain.geometry import BBox

SHORTEST = 20.0
"""Such rules are at least so many ems wide: those of notes and below headings are shorter."""
DOUBLE = 0.6
"""Rules nearer than this (in ems) to one another are one."""
CLOSE = 6.0
"""Rules of one width nearer than this (in ems) are lines to write on, or a table's."""


def walls_of(rules: Sequence[Rule], pictures: Sequence[BBox], em: float) -> tuple[BBox, ...]:
    """The rules that part a page from side to side, top to bottom.

    Args:
        rules: of the page.
        pictures: boxes of its tables and figures, whose own rules part nothing else.
        em: size of its text.
    """
    inside = [box.grown(em) for box in pictures]
    flat = [rule.box for rule in rules if rule.horizontal and rule.box.width >= SHORTEST * em]
    free = sorted((box for box in flat if not any(each.holds(box) for each in inside)), key=lambda box: box.y0)
    return tuple(box for box in free if not any(_is_row(box, other, em) for other in free))


def _is_row(box: BBox, other: BBox, em: float) -> bool:
    """Whether two rules of one width follow one another closely, as those of rows do."""
    alike = abs(box.x0 - other.x0) < em and abs(box.x1 - other.x1) < em
    return alike and DOUBLE * em < abs(box.center_y - other.center_y) < CLOSE * em
