"""Running lines in the margins that stand out of the column of text, set apart before columns are looked for.

Left among the text, they would be lines of its paragraphs, and would bend its columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.order.page_edges import EDGE, MARGIN, hangs_out
from octavo.structure.text.lines import Segment

CLOSE = 0.6
"""Lines are no running lines where the text stands so close to them (in ems)."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Segments of a page: those that hang out at its head and its foot, and all others."""

    head: tuple[Segment, ...]
    text: tuple[Segment, ...]
    foot: tuple[Segment, ...]


def set_apart(segments: Sequence[Segment], pictures: Sequence[BBox], size: Size, em: float) -> Margins:
    """The segments of a page by where they belong.

    Args:
        segments: of the page.
        pictures: boxes of its tables and figures.
        size: of the page.
        em: size of its text.
    """
    top, bottom = EDGE * size.height, (1 - EDGE) * size.height
    boxes = [*pictures, *(segment.box for segment in segments)]
    inside = [box for box in boxes if box.y1 > top and box.y0 < bottom]
    outer = [
        each for each in segments if each.box.y1 < MARGIN * size.height or each.box.y0 > (1 - MARGIN) * size.height
    ]
    if not inside or not outer:
        return Margins((), tuple(segments), ())
    text = union_of(inside)
    running = {id(each) for each in outer}
    others = [each.box for each in segments if id(each) not in running]
    hanging = [
        each
        for each in outer
        if hangs_out(each.box, text, each.size) and each.size <= em and not _goes_on(each, others)
    ]
    level = {id(each) for each in outer if any(_is_level(each.box, other.box) for other in hanging)}
    rest = tuple(each for each in segments if id(each) not in level)
    apart = [each for each in segments if id(each) in level]
    return Margins(
        tuple(each for each in apart if each.box.y1 < top), rest, tuple(each for each in apart if each.box.y1 >= top)
    )


def _goes_on(segment: Segment, others: Sequence[BBox]) -> bool:
    """Whether a line of text stands right below or above a segment: it is one of an address or a title, say."""
    near = segment.box.grown(CLOSE * segment.size)
    return any(near.y_overlap(box) > 0 and near.x_overlap(box) > 0 for box in others)


def _is_level(box: BBox, other: BBox) -> bool:
    """Whether two segments stand on one line."""
    return box.y_overlap(other) > 0.5 * min(box.height, other.height)
