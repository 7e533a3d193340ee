"""Lines at the edge of a page that belong to no text, whatever stands on other pages: far out, apart, numbered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import BBox, Size, union_of

EDGE = 0.13
"""Furniture stands in this share of the page's height at its top and bottom."""
MARGIN = 0.075
"""A line in this share, apart from the text, is furniture even when it stands on one page only."""
OUTER = 0.055
"""So far out even lines larger than the text are."""
APART = 1.4
"""Apart means so many ems of free space between the line and the text."""
DEEPEST = 0.09
"""Several lines that stand together at an edge may reach so far in."""
HANG = 1.0
"""Running lines may stand so many ems out of the column of text; text never does."""
HEADING = 1.1
"""Titles so many times as large as the text name it, unless they stand far out."""
ORNAMENT = 0.06
"""Pictures at an edge up to this share of the page's height stand behind or beside running lines."""
SHORT = 80
"""What stands beside a page number has at most so many characters."""
LINE_NUMBER = 4.0
"""The page number in a running line is at least so many ems from its text."""
LONGEST = 180
"""Furniture has at most so many characters."""

LOW, FROM_SIDE = 0.8, 3.0
"""A number at a side of the page is its number when it stands so far down, and so many ems from that side at most."""

_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|seite|p\.|pg\.?|página|pagina)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?[\W_]*$",
    re.IGNORECASE,
)
KINDS = (BlockKind.TEXT, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.ASIDE_TEXT, BlockKind.LIST)
"""What can be a running line."""


def edge_of(block: Block, size: Size) -> BlockKind | None:
    """Which edge a block stands at, if it could be furniture at all."""
    if block.kind not in KINDS or not block.text or len(block.text) > LONGEST or block.text.count("\n") > 2:
        return None
    if block.box.y1 < EDGE * size.height:
        return BlockKind.HEADER
    if block.box.y0 > (1 - EDGE) * size.height:
        return BlockKind.FOOTER
    return None


def stacked_at_edges(size: Size, blocks: Sequence[Block]) -> dict[BlockKind, frozenset[int]]:
    """Ids of the blocks that stand together at the head and at the foot: closer to one another than to the text."""
    return {edge: _stacked(size, blocks, edge) for edge in (BlockKind.HEADER, BlockKind.FOOTER)}


def stands_alone(
    block: Block,
    size: Size,
    blocks: Sequence[Block],
    edge: BlockKind,
    stacked: Mapping[BlockKind, frozenset[int]],
) -> bool:
    """Whether a block at an edge is furniture by itself; a caption is none unless it stands on several pages."""
    if block.kind is BlockKind.CAPTION:
        return False
    is_number = bool(_PAGE_NUMBER.match(block.text)) and block.kind is not BlockKind.TITLE
    return (
        (is_number and _is_outermost(block, blocks, edge))
        or id(block) in stacked[edge]
        or _stands_apart(block, size, blocks, edge)
        or _hangs_out(block, size, blocks, edge)
        or _is_numbered_line(block, blocks, edge)
        or _is_beside_number(block, blocks, edge)
    )


def is_last_number(block: Block, size: Size, blocks: Sequence[Block]) -> bool:
    """Whether a block is a page number below everything, in the middle or at a side, on a page that is not full."""
    em = block.font.size if block.font else 0.0
    if block.kind not in KINDS or not em or not _PAGE_NUMBER.match(block.text) or block.box.y0 < size.height / 2:
        return False
    others = [other.box for other in blocks if other is not block]
    gap = min((block.box.y0 - other.y1 for other in others), default=0.0)
    if gap <= APART * em:
        return False
    if abs(block.box.center_x - size.width / 2) < em:
        return True
    text = union_of(others)
    at_side = block.box.x0 < text.x0 + em or block.box.x1 > text.x1 - FROM_SIDE * em
    return at_side and block.box.y0 > LOW * size.height


def _is_outermost(block: Block, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """Whether nothing but its own line lies between the block and the edge of the page."""
    if edge is BlockKind.HEADER:
        return all(other.box.y1 > block.box.y0 for other in blocks)
    return all(other.box.y0 < block.box.y1 for other in blocks)


def _stands_apart(block: Block, size: Size, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """A few small lines in the margin with free space between them and everything else."""
    em = block.font.size if block.font else 0.0
    if not _is_small(block, size, _body_size(blocks)):
        return False
    others = [other for other in blocks if other is not block and not _shares_line(block, other)]
    inner = [other for other in others if edge_of(other, size) is not edge or not _is_beyond(block, other, edge)]
    depth = _depths(block, size, edge)[1]
    gap = min((_depths(other, size, edge)[0] - depth for other in inner), default=0.0)
    return depth < MARGIN * size.height and gap > APART * em


def _is_small(block: Block, size: Size, body: float) -> bool:
    """Whether a block is set as running lines are: of a few lines, hardly larger than the text."""
    em = block.font.size if block.font else 0.0
    narrow = block.box.width < 0.45 * size.width
    outer = block.box.y1 < OUTER * size.height or block.box.y0 > (1 - OUTER) * size.height
    usual = HEADING if block.kind is BlockKind.TITLE else 1.2
    largest = 1.7 if outer else usual
    return bool(em) and block.box.height <= (5.0 if narrow else 3.0) * em and em <= largest * body


def _depths(block: Block, size: Size, edge: BlockKind) -> tuple[float, float]:
    """How far from an edge of the page a block begins and ends."""
    if edge is BlockKind.HEADER:
        return block.box.y0, block.box.y1
    return size.height - block.box.y1, size.height - block.box.y0


def _stacked(size: Size, blocks: Sequence[Block], edge: BlockKind) -> frozenset[int]:
    """Ids of the blocks that stand together at an edge: closer to one another than to the text."""
    body = _body_size(blocks)
    upright = [block for block in blocks if block.kind is not BlockKind.ASIDE_TEXT]
    apart: list[Block] = []
    held: list[Block] = []
    reach = widest = 0.0
    for block in sorted(upright, key=lambda each: _depths(each, size, edge)):
        start, end = _depths(block, size, edge)
        if held and start - reach > max(widest, APART * (held[-1].font.size if held[-1].font else 0.0)):
            apart = list(held)
        widest = max(widest, start - reach) if held else widest
        if not _is_ornament(block, size):
            if end > DEEPEST * size.height or edge_of(block, size) is not edge or not _is_small(block, size, body):
                break
            held.append(block)
        reach = max(reach, end)
    return frozenset(map(id, apart))


def _is_ornament(block: Block, size: Size) -> bool:
    """Whether a block is a low picture at an edge: a logo, or what a page number stands in."""
    outer = block.box.y1 < EDGE * size.height or block.box.y0 > (1 - EDGE) * size.height
    return block.kind is BlockKind.IMAGE and outer and block.box.height < ORNAMENT * size.height


def _hangs_out(block: Block, size: Size, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """Whether a line in the margin stands further to a side than all that the page holds between its edges."""
    em = block.font.size if block.font else 0.0
    inside = [other.box for other in blocks if edge_of(other, size) is None and other.kind is not BlockKind.ASIDE_TEXT]
    if not inside or em > _body_size(blocks) or _depths(block, size, edge)[1] > MARGIN * size.height:
        return False
    return hangs_out(block.box, union_of(inside), em)


def hangs_out(box: BBox, text: BBox, em: float) -> bool:
    """Whether a line stands further to the left or to the right than the text of its page."""
    return box.x1 > text.x1 + HANG * em or box.x0 < text.x0 - HANG * em


def _is_beside_number(block: Block, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """Whether a block is a short line at the height of the page's number."""
    em = block.font.size if block.font else 0.0
    if block.box.height > 1.6 * em or len(block.text) > SHORT or not _is_outermost(block, blocks, edge):
        return False
    return any(other is not block and _PAGE_NUMBER.match(other.text) and _is_level(block, other) for other in blocks)


def _is_level(block: Block, other: Block) -> bool:
    return abs(block.box.center_y - other.box.center_y) < 0.3 * min(block.box.height, other.box.height)


def _is_numbered_line(block: Block, blocks: Sequence[Block], edge: BlockKind) -> bool:
    """Whether the outermost line is a name and, far from it, the number of the page."""
    em = block.font.size if block.font else 0.0
    if len(block.words) < 2 or block.box.height > 1.6 * em or not _is_outermost(block, blocks, edge):
        return False
    first, second, *_ = block.words
    *_, before, last = block.words
    gaps = [
        right.box.x0 - left.box.x1
        for number, left, right in ((first, first, second), (last, before, last))
        if _PAGE_NUMBER.match(number.text)
    ]
    if max(gaps, default=0.0) <= LINE_NUMBER * em:
        return False
    others = sum(word.text[-1].isdigit() for other in blocks if other is not block for word in other.words[-1:])
    return others < 0.5 * len(blocks)


def _is_beyond(block: Block, other: Block, edge: BlockKind) -> bool:
    """Whether `other` lies between the block and the edge of the page."""
    return other.box.y1 <= block.box.y0 if edge is BlockKind.HEADER else other.box.y0 >= block.box.y1


def _body_size(blocks: Sequence[Block]) -> float:
    """Em height of most of the running text; of everything where there is none."""
    weight: dict[float, int] = {}
    for block in blocks:
        if block.font and block.kind is not BlockKind.TITLE:
            weight[block.font.size] = weight.get(block.font.size, 0) + len(block.text)
    if not weight:
        entries = (word for block in blocks if block.kind is BlockKind.TABLE for word in block.words)
        weight = Counter(word.font.size for word in entries)
    return max(weight, key=lambda size: weight[size]) if weight else float("inf")


def _shares_line(block: Block, other: Block) -> bool:
    return block.box.y_overlap(other.box) > 0.5 * min(block.box.height, other.box.height)
