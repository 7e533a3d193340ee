"""Notes at the foot of columns: they come after the text of the page, which goes on in the next column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import Size

SMALL = 0.93
"""Notes are set in type at most so large as a share of the body's,"""
FOOT = 0.35
"""and begin below this share of the page's height."""

_MARK = re.compile(r"^(?:\\?[*†‡§¶∗]+|\[?\d{1,3}\]?[.)]?)\s?[^\W\d_\s]?")
_KINDS = (BlockKind.TEXT, BlockKind.LIST)


def notes_apart(column: Sequence[Block], em: float, size: Size) -> tuple[list[Block], list[Block]]:
    """The blocks of a column without the notes at its foot, and the notes; `em` is the size of the body text."""
    start = len(column)
    while start and _may_be_note(column[start - 1], em, size):
        start -= 1
    first = next((place for place in range(start, len(column)) if _MARK.match(column[place].text)), len(column))
    return list(column[:first]), list(column[first:])


def _may_be_note(block: Block, em: float, size: Size) -> bool:
    is_small = block.font is not None and block.font.size <= SMALL * em
    return block.kind in _KINDS and is_small and block.box.y0 > FOOT * size.height
