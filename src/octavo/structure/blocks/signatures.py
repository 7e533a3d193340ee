"""Signatures: the fields of a form where one signs, and lines that stand for a signature (`/s/ Jane Doe`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import BBox

CONFORMED = re.compile(r"^\\?/s/\s*\S", re.IGNORECASE)
"""How a signature is told in typed copies of signed documents."""


def signatures_marked(blocks: Sequence[Block], fields: Sequence[BBox]) -> tuple[Block, ...]:
    """The blocks, what stands in a signature field turned into a signature; an empty field is one without a name."""
    out = [_marked(block, fields) for block in blocks]
    for field in fields:
        if not any(field.holds(block.box) for block in blocks):
            out.insert(_place_of(field, out), Block(kind=BlockKind.SIGNATURE, box=field))
    return tuple(out)


def _marked(block: Block, fields: Sequence[BBox]) -> Block:
    signed = block.kind in (BlockKind.TEXT, BlockKind.TITLE) and bool(CONFORMED.match(block.text))
    if signed or (block.text and any(field.holds(block.box) for field in fields)):
        return replace(block, kind=BlockKind.SIGNATURE, level=0)
    return block


def _place_of(field: BBox, blocks: Sequence[Block]) -> int:
    """Behind the last block that stands above the field and in its column."""
    above = [
        place
        for place, block in enumerate(blocks)
        if block.box.center_y < field.center_y and block.box.x_overlap(field) > 0
    ]
    return above[-1] + 1 if above else 0
