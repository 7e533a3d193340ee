"""Captions whose number and text are set apart: `Figure 3` on one line, what it shows below or beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octavo.domain.block import Block, BlockKind

BELOW, BESIDE = 1.2, 4.0
"""The text of a caption stands so many ems below or beside its number at most,"""
LONGEST = 400
"""and has at most so many characters."""
AS_LARGE = 1.1
"""It is hardly larger than its number."""

_NUMBER = re.compile(r"^\S+\s?(?:[A-Z]?\.?\d+(?:[.\-\u2013]\d+)*[a-z]?|[IVX]+|[A-Z])\s?[.:]?$")
"""Nothing but the name and number of a figure or table."""


def captions_joined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, captions that are only a number joined with the text that follows them."""
    out: list[Block] = []
    for block in blocks:
        if out and _is_number(out[-1]) and _belongs(out[-1], block):
            out[-1] = out[-1].followed_by(block, " ")
        else:
            out.append(block)
    return out


def _is_number(block: Block) -> bool:
    return block.kind is BlockKind.CAPTION and bool(_NUMBER.match(block.text))


def _belongs(number: Block, text: Block) -> bool:
    """Whether a block is the text to a caption's number."""
    if text.kind not in (BlockKind.TEXT, BlockKind.TITLE) or len(text.text) > LONGEST:
        return False
    if number.font is None or text.font is None or text.font.size > AS_LARGE * number.font.size:
        return False
    em, one, other = number.font.size, number.box, text.box
    is_below = -0.5 * em < other.y0 - one.y1 < BELOW * em and one.x_overlap(other) > 0
    is_beside = 0 < other.x0 - one.x1 < BESIDE * em and one.y_overlap(other) > 0.5 * one.height
    return is_below or is_beside
