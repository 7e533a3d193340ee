"""Headings of a page seen together: what only looks like one where it stands, and what is one there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from octavo.domain.block import Block, BlockKind, Font
from octavo.structure.blocks.headings import DISPLAY, LEGIBLE, Body, is_capitals, is_numbered, names_value

FEWEST_ENTRIES = 4
"""A table of contents has at least so many entries."""
SMALL = 1.05
"""Type so large as a share of the body's is no larger; a line of it below everything else heads nothing."""
NEAR = 6.0
"""The number of a chapter stands within so many ems of its title."""

PROSE = 100
"""A line that names the paragraph below it has one of at least so many characters there,"""
LONGEST_LINE = 100
"""has at most so many itself,"""
FEWEST_VOTES = 3
"""and is set otherwise in at least so many ways."""
SMALLEST = 0.85
"""Its type is at least so large as a share of the paragraph's."""
FREE = 9.0
"""Ems over the first line of a page."""

_UNFIT = re.compile(
    r"^[\W_a-z]|[.,;:-]$|[^\W\d_]{3}\.\s|^(?:By|Von|Par|Por|Di)(?:\s+(?:[A-Z]\S*|de|van|von|der|y)){1,5}$"
)
"""The beginning or the end of a sentence rather than of a name; or who wrote what follows."""
_ENTRY = re.compile(r"\D(\d{1,4})$", re.MULTILINE)
_NUMBER = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,6})\.?$")
_INITIAL = re.compile(r"^[A-Z]\.(?:\s?[A-Z]\.)*\s+[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?$")
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


def outlined(blocks: Sequence[Block], body: Body) -> list[Block]:
    """The blocks, with what only looked like a heading made text, and numbers of chapters made headings."""
    contents = _lists_contents(blocks)
    lowest = max((block.box.y0 for block in blocks), default=0.0)
    out = [
        replace(block, kind=BlockKind.TEXT) if _heads_nothing(block, contents, lowest, body) else block
        for block in blocks
    ]
    if _is_eyebrow(out[:2], body):
        out[0] = replace(out[0], kind=BlockKind.TEXT)
    for place, (block, after) in enumerate(pairwise([*out, None])):
        if block is not None and _is_person(block, after):
            out[place] = replace(block, kind=BlockKind.TEXT)
    for place, (block, after) in enumerate(pairwise(out)):
        if _announces(block, after, body) or _names(block, after, out, body):
            out[place] = replace(block, kind=BlockKind.TITLE)
    return out


def _heads_nothing(block: Block, contents: bool, lowest: float, body: Body) -> bool:
    """Whether it is a date, an entry of a table of contents, or a line of small type below everything else."""
    if block.kind is not BlockKind.TITLE:
        return False
    if _DATE.match(block.text) or (block.box.y1 > lowest and _size(block) < SMALL * body.size):
        return True
    return contents and bool(_ENTRY.search(block.text))


def _is_eyebrow(first: Sequence[Block], body: Body) -> bool:
    """Whether a page begins with a small line over its title that says to what both belong."""
    if len(first) < 2 or any(block.kind is not BlockKind.TITLE for block in first):
        return False
    line, title = first
    near = -body.size < title.box.y0 - line.box.y1 < 1.5 * body.size and abs(title.box.x0 - line.box.x0) < body.size
    is_chapter = _LABEL.match(line.text) or _NUMBER.match(line.text) or is_numbered(line.text)
    return near and not is_chapter and _size(title) >= DISPLAY * _size(line)


def _is_person(block: Block, after: Block | None) -> bool:
    """Whether what looks numbered by a letter, on a page of pixels, is a name or a signature: it heads nothing."""
    if block.kind is not BlockKind.TITLE or not _INITIAL.match(block.text) or block.font is None or block.font.name:
        return False
    return after is None or (after.kind is BlockKind.TEXT and len(after.text) < PROSE)


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


def _names(block: Block, after: Block, blocks: Sequence[Block], body: Body) -> bool:
    """Whether a short line stands over a paragraph and differs from it in so many ways that it must be its heading."""
    if not _is_line(block) or block.confidence < LEGIBLE or after.kind is not BlockKind.TEXT or len(after.text) < PROSE:
        return False
    below = (after.box.y0 - block.box.y1) / body.size
    if not (-0.5 < below < 2.5 and block.box.x_overlap(after.box) > 0) or _is_unfit(block.text):
        return False
    over = [block.box.y0 - other.box.y1 for other in blocks if _is_over(other, block)]
    above = min(over, default=FREE * body.size) / body.size
    apart = above > 0.6 and above > below + 0.3
    votes = _votes(block, after) + apart
    if over:  # What is on top may be the running head, which is set so.
        votes += is_capitals(block.text) + is_numbered(block.text) + _is_centered(block, after)
    return votes >= FEWEST_VOTES


def _is_unfit(text: str) -> bool:
    return bool(_UNFIT.search(text)) or names_value(text)


def _is_line(block: Block) -> bool:
    is_short = len(block.text) <= LONGEST_LINE and block.font is not None
    return is_short and block.kind in (BlockKind.TEXT, BlockKind.LIST) and block.box.height < 1.9 * _size(block)


def _is_over(other: Block, block: Block) -> bool:
    return other.box.x_overlap(block.box) > 0 and other.box.center_y < block.box.center_y


def _votes(block: Block, after: Block) -> int:
    """In how many ways the line is set otherwise than the paragraph below; weight counts twice."""
    if block.font is None or after.font is None or block.font.size < SMALLEST * after.font.size:
        return 0
    bold = block.font.bold and not after.font.bold
    italic = block.font.italic and not after.font.italic
    other = not bold and not italic and _face(block.font) != _face(after.font)
    larger = block.font.size > 1.06 * after.font.size
    return 2 * bold + italic + other + larger + is_capitals(block.text)


def _is_centered(block: Block, after: Block) -> bool:
    em = _size(block)
    return abs(block.box.center_x - after.box.center_x) < em and block.box.x0 > after.box.x0 + 2 * em


def _face(font: Font) -> str:
    return re.split(r"[-,]", font.name)[0]


def _size(block: Block) -> float:
    return block.font.size if block.font else block.box.height
