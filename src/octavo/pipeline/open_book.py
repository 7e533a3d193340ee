"""The two pages of an open book that one image shows: no line, table or column goes across its fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from octavo.domain.block import Region
from octavo.domain.document import Page
from octavo.domain.geometry import BBox
from octavo.structure.mirror import runs_from_right
from octavo.structure.order.spread import fold_of


def parts_of(page: Page) -> list[tuple[Page, BBox]]:
    """The pages that a level page whose words are read consists of, in reading order, and where they lie on it.

    All have its size and its pixels; of its words and rules each has its own.
    """
    size = page.size
    fold = fold_of(page.words, page.rules, size)
    if fold is None:
        return [(page, BBox(0, 0, size.width, size.height))]
    boxes = [BBox(0, 0, fold, size.height), BBox(fold, 0, size.width, size.height)]
    if runs_from_right(page.words):
        boxes.reverse()
    return [(_part(page, box), box) for box in boxes]


def within(regions: Iterable[Region], box: BBox) -> Sequence[Region]:
    """Regions as far as they lie in a box."""
    found = ((region, _clipped(region.box, box)) for region in regions)
    return [replace(region, box=inside) for region, inside in found if inside]


def _part(page: Page, box: BBox) -> Page:
    words = tuple(word for word in page.words if box.x0 <= word.box.center_x < box.x1)
    clipped = ((rule, _clipped(rule.box, box)) for rule in page.rules)
    return replace(page, words=words, rules=tuple(replace(rule, box=inside) for rule, inside in clipped if inside))


def _clipped(box: BBox, page: BBox) -> BBox | None:
    """What of a box lies between the sides of a page; None where nothing does."""
    x0, x1 = max(box.x0, page.x0), min(box.x1, page.x1)
    return BBox(x0, box.y0, x1, box.y1) if x1 > x0 else None
