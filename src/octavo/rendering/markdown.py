"""Blocks to Markdown: the marks of each kind, and where each word stands in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from octavo.domain.block import Block, BlockKind, Word
from octavo.domain.result import WordScore
from octavo.rendering.tables import fits_markdown, to_html, to_markdown

_BLOCK_MARK = re.compile(r"(?m)^(\s{0,3})(#{1,6}(?=\s)|>|[-+*](?=\s)|={2,}\s*$|-{2,}\s*$|~{3,})")
_SEARCH = 240
"""A word is looked for in so many characters after the word before it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The Markdown of one block, and the words that are to be found in it."""

    content: str
    words: tuple[Word, ...] = ()


def text_of(block: Block) -> Piece:
    """A block that is neither table nor image."""
    return Piece(_MARKED[block.kind](block) if block.kind in _MARKED else _plain(block), block.words)


def table_of(block: Block, table_format: str | None) -> Piece:
    """A table: as asked for; where nothing is asked, as Markdown when that can say it, else as HTML."""
    if block.table is None:
        return text_of(block)
    words = tuple(word for cell in block.table.cells for word in cell.words)
    if table_format == "html" or (table_format is None and not fits_markdown(block.table)):
        return Piece(to_html(block.table), words)
    return Piece(to_markdown(block.table), words)


def scores_of(piece: Piece, offset: int = 0) -> list[WordScore]:
    """Where each word stands in the piece, `offset` added; the space before it is part of it.

    A word of which the text has only a part (hyphenated over a line end), or that became a formula, is found by
    that part, or left out: what is told stands in the text to the letter.
    """
    scores: list[WordScore] = []
    cursor = 0
    for word in piece.words:
        text, at = _found(piece.content, word.text, cursor)
        if at < 0:
            continue
        start = at - 1 if at > cursor and piece.content[at - 1] == " " else at
        cursor = at + len(text)
        scores.append(WordScore(text=piece.content[start:cursor], confidence=word.confidence, start=offset + start))
    return scores


def _found(content: str, text: str, cursor: int) -> tuple[str, int]:
    for form in dict.fromkeys((text, text.rstrip("-\u00ad\u2010"), text.replace("<", "&lt;"))):
        at = content.find(form, cursor, cursor + len(form) + _SEARCH) if form else -1
        if at >= 0:
            return form, at
    return "", -1


def joined(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """All pieces as one Markdown text, a blank line between them, and where each one begins."""
    starts: list[int] = []
    length = 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.content) + 2
    return "\n\n".join(piece.content for piece in pieces), starts


def _plain(block: Block) -> str:
    """Text in which nothing at the start of a line is taken for a mark."""
    return _BLOCK_MARK.sub(lambda match: f"{match[1]}\\{match[2]}", block.text)


def _title(block: Block) -> str:
    return "#" * min(6, max(1, block.level)) + " " + block.text.replace("\n", " ")


def _equation(block: Block) -> str:
    return f"$$\n{block.text}\n$$"


def _code(block: Block) -> str:
    longest = max((len(run) for run in re.findall(r"`+", block.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{block.text}\n{fence}"


def _as_is(block: Block) -> str:
    return block.text


_MARKED = {
    BlockKind.TITLE: _title,
    BlockKind.EQUATION: _equation,
    BlockKind.CODE: _code,
    BlockKind.LIST: _as_is,
    BlockKind.REFERENCES: _as_is,
}
