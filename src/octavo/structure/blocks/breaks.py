"""What goes on over a page break: words cut in two, and tables whose header stands on the page before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from octavo.domain.block import Block, BlockKind, Cell, Table, Word

_FURNITURE = (BlockKind.HEADER, BlockKind.FOOTER)
_CUT_WORD = re.compile(r"([^\W\d_]{2,})[-\u2010]$")
_REST = re.compile(r"^([^\W\d_]+)(\S*)\s*")
SAME_PLACE = 0.03
"""A table goes on below one whose edges differ by at most this share of its width."""


def joined_over_break(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Two pages that follow one another, joined where they belong together.

    A word that is cut in two stands whole on the first page. A table that goes on without its header repeats it,
    as a printed table does: Markdown has no table without a header. All other text stays on its page.
    """
    first, second = list(before), list(after)
    end, begin = _last(first), _first(second)
    if end is None or begin is None:
        return tuple(first), tuple(second)
    if first[end].kind is second[begin].kind is BlockKind.TEXT:
        first[end], second[begin] = _word_made_whole(first[end], second[begin])
    elif first[end].kind is second[begin].kind is BlockKind.TABLE:
        second[begin] = _with_header(first[end], second[begin])
    return tuple(first), tuple(block for block in second if block.text or block.kind is not BlockKind.TEXT)


def _last(blocks: Sequence[Block]) -> int | None:
    places = [place for place, block in enumerate(blocks) if block.kind not in _FURNITURE]
    return places[-1] if places else None


def _first(blocks: Sequence[Block]) -> int | None:
    return next((place for place, block in enumerate(blocks) if block.kind not in _FURNITURE), None)


def _word_made_whole(before: Block, after: Block) -> tuple[Block, Block]:
    """`experi-` and `mental data` become `experimental` and `data`."""
    rest = _REST.match(after.text)
    if not _CUT_WORD.search(before.text) or not rest or not rest[1][0].islower() or not after.words:
        return before, after
    # Nobody finds it on this page but where the rest of it stands.
    moved = [replace(word, box=before.words[-1].box) for word in after.words[:1] if before.words]
    whole = replace(before, text=before.text[:-1] + rest[1] + rest[2], words=(*before.words, *moved))
    return whole, replace(after, text=after.text[rest.end() :], words=after.words[1:])


def _with_header(before: Block, after: Block) -> Block:
    """The second table with the header of the first, if it goes on there and has none of its own."""
    if before.table is None or after.table is None or not _goes_on(before, after):
        return after
    header = [cell for cell in before.table.cells if cell.header]
    rows = 1 + max((cell.row + cell.row_span - 1 for cell in header), default=-1)
    if rows == 0 or rows >= before.table.rows:
        return after
    own = [replace(cell, row=cell.row + rows, header=False) for cell in after.table.cells]
    table = Table(
        rows=after.table.rows + rows,
        columns=after.table.columns,
        cells=tuple([replace(cell, words=()) for cell in header] + own),
    )
    return replace(after, table=table)


def _goes_on(before: Block, after: Block) -> bool:
    """Same columns at the same place; the first table's header is bold, and the second begins with a plain row."""
    one, other = before.table, after.table
    if one is None or other is None or one.columns != other.columns:
        return False
    slack = SAME_PLACE * before.box.width
    if abs(before.box.x0 - after.box.x0) > slack or abs(before.box.x1 - after.box.x1) > slack:
        return False
    return _is_bold(one.cells) and not _is_bold(other.cells)


def _is_bold(cells: Sequence[Cell]) -> bool:
    words: list[Word] = [word for cell in cells if cell.row == 0 for word in cell.words]
    return bool(words) and sum(word.font.bold for word in words) > 0.8 * len(words)
