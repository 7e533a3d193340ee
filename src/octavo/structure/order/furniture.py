"""Running headers and footers: what repeats at the edge of pages, page numbers, and lines apart from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import Size
from octavo.structure.order.page_edges import edge_of, is_last_number, stacked_at_edges, stands_alone

_DIGITS = re.compile(r"\d+")


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
    stacked = stacked_at_edges(size, blocks)
    return [_mark(block, size, blocks, stacked) for block in blocks]


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


def _mark(
    block: Block, size: Size, blocks: Sequence[Block], stacked: Mapping[BlockKind, frozenset[int]]
) -> Mark | None:
    edge = edge_of(block, size)
    if edge is None:
        is_last = is_last_number(block, size, blocks)
        return Mark(BlockKind.FOOTER, _key(block, BlockKind.FOOTER), True) if is_last else None
    return Mark(edge, _key(block, edge), stands_alone(block, size, blocks, edge, stacked))


def _key(block: Block, edge: BlockKind) -> str:
    """What stays the same from page to page: the text with its numbers taken out (titles keep theirs)."""
    if block.kind is BlockKind.TITLE:
        return f"{edge}:{block.text.casefold()}"
    return f"{edge}:{_DIGITS.sub('#', block.text.casefold())}"
