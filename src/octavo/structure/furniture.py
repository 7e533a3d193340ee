"""Running headers and footers: what repeats at the edge of pages, page numbers, and lines apart from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import Size

EDGE = 0.13
"""Furniture stands in this share of the page's height at its top and bottom."""
MARGIN = 0.075
"""A line in this share, apart from the text, is furniture even when it stands on one page only."""
OUTER = 0.055
"""So far out even lines larger than the text are."""
APART = 1.4
"""Apart means so many ems of free space between the line and the text."""
LONGEST = 180
"""Furniture has at most so many characters."""

_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|seite|p\.|pg\.?|página|pagina)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?[\W_]*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_KINDS = (BlockKind.TEXT, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.ASIDE_TEXT, BlockKind.LIST)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a block could be furniture.

    Attributes:
        edge: what it would be, a header or a footer.
        key: what stays the same from page to page.
        alone: it is furniture whatever stands on other pages.
    """

    edge: BlockKind
    key: str
    alone: bool

    def counts(self, repeated: frozenset[str]) -> bool:
        """Whether it is furniture, in a document where the keys `repeated` stand on several pages."""
        return self.alone or self.key in repeated


def marks_of(size: Size, blocks: Sequence[Block]) -> list[Mark | None]:
    """For each block of a page how it could be furniture; None where it cannot."""
    return [_mark(block, size, blocks) for block in blocks]


def repeated_keys(pages: Iterable[Iterable[Mark | None]]) -> frozenset[str]:
    """Keys that stand on several pages; left and right pages may differ, so a quarter of the pages is enough."""
    seen: Counter[str] = Counter()
    count = 0
    for marks in pages:
        count += 1
        seen.update({mark.key for mark in marks if mark is not None})
    least = max(2, count // 4)
    return frozenset(key for key, times in seen.items() if times >= least)


def furniture_marked(size: Size, blocks: Sequence[Block], repeated: frozenset[str]) -> tuple[Block, ...]:
    """The blocks of a page, running ones turned into headers (moved to the front) and footers (to the end)."""
    marks = marks_of(size, blocks)
    return _in_order(
        replace(block, kind=mark.edge, level=0) if mark is not None and mark.counts(repeated) else block
        for block, mark in zip(blocks, marks, strict=True)
    )


def _in_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Furniture stands in no column, so it must not come between two."""
    places = {BlockKind.HEADER: 0, BlockKind.FOOTER: 2}
    return tuple(sorted(blocks, key=lambda block: places.get(block.kind, 1)))


def _mark(block: Block, size: Size, blocks: Sequence[Block]) -> Mark | None:
    edge = _edge(block, size)
    if edge is None:
        return None
    is_number = bool(_PAGE_NUMBER.match(block.text)) and block.kind is not BlockKind.TITLE
    is_number = is_number and _is_outermost(block, blocks, edge)
    return Mark(edge, _key(block, edge), is_number or _stands_apart(block, size, blocks, edge))


def _edge(block: Block, size: Size) -> BlockKind | None:
    """Which edge a block stands at, if it could be furniture at all."""
    if block.kind not in _KINDS or not block.text or len(block.text) > LONGEST or block.text.count("\n") > 2:
        return None
    if block.box.y1 < EDGE * size.height:
        return BlockKind.HEADER
    if block.box.y0 > (1 - EDGE) * size.height:
        return BlockKind.FOOTER
    return None


def _key(block: Block, edge: BlockKind) -> str:
    """What stays the same from page to page: the text with its numbers taken out (titles keep theirs)."""
    if block.kind is BlockKind.TITLE:
        return f"{edge}:{block.text.casefold()}"
    return f"{edge}:{_DIGITS.sub('#', block.text.casefold())}"


def _is_outermost(block: Block, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """Whether nothing but its own line lies between the block and the edge of the page."""
    if edge is BlockKind.HEADER:
        return all(other.box.y1 > block.box.y0 for other in blocks)
    return all(other.box.y0 < block.box.y1 for other in blocks)


def _stands_apart(block: Block, size: Size, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """A few small lines in the margin with free space between them and everything else."""
    em = block.font.size if block.font else 0.0
    narrow = block.box.width < 0.45 * size.width
    outer = block.box.y1 < OUTER * size.height or block.box.y0 > (1 - OUTER) * size.height
    largest = (1.7 if outer else 1.2) * _body_size(blocks)
    if not em or block.box.height > (5.0 if narrow else 2.6) * em or em > largest:
        return False
    others = [other for other in blocks if other is not block and not _shares_line(block, other)]
    inner = [other for other in others if _edge(other, size) is not edge or not _is_beyond(block, other, edge)]
    if edge is BlockKind.HEADER:
        gap = min((other.box.y0 - block.box.y1 for other in inner), default=0.0)
        return block.box.y1 < MARGIN * size.height and gap > APART * em
    gap = min((block.box.y0 - other.box.y1 for other in inner), default=0.0)
    return block.box.y0 > (1 - MARGIN) * size.height and gap > APART * em


def _is_beyond(block: Block, other: Block, edge: BlockKind) -> bool:
    """Whether `other` lies between the block and the edge of the page."""
    return other.box.y1 <= block.box.y0 if edge is BlockKind.HEADER else other.box.y0 >= block.box.y1


def _body_size(blocks: Sequence[Block]) -> float:
    """Em height of most of the running text; of everything where there is none."""
    weight: dict[float, int] = {}
    for block in blocks:
        if block.font and block.kind is not BlockKind.TITLE:
            weight[block.font.size] = weight.get(block.font.size, 0) + len(block.text)
    return max(weight, key=lambda size: weight[size]) if weight else float("inf")


def _shares_line(block: Block, other: Block) -> bool:
    return block.box.y_overlap(other.box) > 0.5 * min(block.box.height, other.box.height)
