"""Notes at the foot of columns: they come after the text of the page, which goes on in the next column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import BBox

SMALL = 0.93
"""Notes are set in type at most so large as a share of the body's,"""
FOOT = 0.35
"""and begin below this share of the height of all that is printed."""

_MARK = re.compile(r"^(?:\\?[*†‡§¶∗]+|\[?\d{1,3}\]?[.)]?)\s?[^\W\d_\s]?")
_KINDS = (BlockKind.TEXT, BlockKind.LIST)


def notes_apart(column: Sequence[Block], em: float, printed: BBox) -> tuple[list[Block], list[Block]]:
    """The blocks of a column without the notes at its foot, and the notes.

    Args:
        column: its blocks, top to bottom.
        em: size of the body text in pixels.
        printed: around all that the page has.
    """
    start = len(column)
    while start and _may_be_note(column[start - 1], em, printed):
        start -= 1
    first = next((place for place in range(start, len(column)) if _MARK.match(column[place].text)), len(column))
    return list(column[:first]), list(column[first:])


def _may_be_note(block: Block, em: float, printed: BBox) -> bool:
    is_small = block.font is not None and block.font.size <= SMALL * em
    return block.kind in _KINDS and is_small and block.box.y0 > printed.y0 + FOOT * printed.height
