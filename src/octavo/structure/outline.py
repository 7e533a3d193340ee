"""Headings of a page seen together: what only looks like one where it stands, and what is one there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import Size
from octavo.structure.headings import DISPLAY, Body

FEWEST_ENTRIES = 4
"""A table of contents has at least so many entries."""
FOOT = 0.92
"""Nothing that begins below this share of the page's height heads anything."""
NEAR = 6.0
"""The number of a chapter stands within so many ems of its title."""

_ENTRY = re.compile(r"\D(\d{1,4})$", re.MULTILINE)
_NUMBER = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,6})\.?$")
_LABEL = re.compile(
    r"^(?:chapter|part|section|appendix|unit|lesson|kapitel|teil|anhang|chapitre|partie|annexe|cap[íi]tulo|parte|"
    r"anexo)\s+(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])\s*[.:]?$",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|"
    r"sep(?:t?\.|tember)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?"
)
_DATE = re.compile(
    rf"^(?:(?:\d{{1,2}}\.?\s+)?(?:{_MONTHS})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,?)?\s+\d{{4}}|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})$",
    re.IGNORECASE,
)


def outlined(blocks: Sequence[Block], body: Body, size: Size) -> list[Block]:
    """The blocks, with what only looked like a heading made text, and numbers of chapters made headings."""
    contents = _lists_contents(blocks)
    out = [replace(block, kind=BlockKind.TEXT) if _heads_nothing(block, contents, size) else block for block in blocks]
    for place, (block, after) in enumerate(pairwise(out)):
        if _announces(block, after, body):
            out[place] = replace(block, kind=BlockKind.TITLE)
    return out


def _heads_nothing(block: Block, contents: bool, size: Size) -> bool:
    if block.kind is not BlockKind.TITLE:
        return False
    if _DATE.match(block.text) or block.box.y0 > FOOT * size.height:
        return True
    return contents and bool(_ENTRY.search(block.text))


def _lists_contents(blocks: Sequence[Block]) -> bool:
    """Whether the page is a table of contents: most lines end with a number, and the numbers never fall."""
    lines = [line for block in blocks for line in block.text.split("\n")]
    pages = [int(found[1]) for line in lines if (found := _ENTRY.search(line))]
    rising = sum(before <= after for before, after in pairwise(pages))
    return len(pages) >= max(FEWEST_ENTRIES, 0.5 * len(lines)) and rising >= 0.9 * (len(pages) - 1)


def _announces(block: Block, after: Block, body: Body) -> bool:
    """Whether a block is the number of the chapter whose title follows: `4`, or `CHAPTER IV.`."""
    if block.kind is not BlockKind.TEXT or after.kind is not BlockKind.TITLE or block.font is None:
        return False
    if not -body.size < after.box.y0 - block.box.y1 < NEAR * body.size:
        return False
    return bool(_LABEL.match(block.text) or (block.font.size >= DISPLAY * body.size and _NUMBER.match(block.text)))
