"""Blocks to Markdown: the marks of each kind, and where each word stands in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from octavo.domain.block import Block, BlockKind, Word
from octavo.domain.result import WordScore
from octavo.rendering.tables import fits_markdown, to_html, to_markdown

_BLOCK_MARK = re.compile(r"(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|[-=]+\s*$|([*_-])(?:\s*\1){2,}\s*$|~{3}|[-:|][-:|\s]+$)")
"""What makes the line that it begins something else than text: headings, lists, rules, fences, tables."""
_NUMBER = re.compile(r"(?!0\d)\d{1,9}[.)]\s+(?=\S)")
"""Looks the same whether it numbers a list or begins a sentence, so it stays;"""
_ZEROS = re.compile(r"(0\d{1,8})(?=[.)](?:\s|$))")
"""but a list would drop its zeros."""
_BULLET = re.compile(r"[-+*]\s+(?=\S)")
_DEFINITION = re.compile(r"^(?:(?:[-+*]|\d{1,9}[.)])\s+)*\[", re.MULTILINE)
"""Where a reader may take `[a]: b` for the address of a link, to be left out, though it goes on over lines."""
_LABEL_END = re.compile(r"(\\.)|\](?=:)")
_CLOSING = re.compile(r"(?<=\s)#+$")
_SEARCH = 240
"""A word is looked for in so many characters after the word before it."""


_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_SPELLINGS = {"<": "(?:<|&lt;)", ">": r"(?:\\?>|&gt;)", "&": "&(?:amp;)?"}
"""What Markdown and HTML make of characters that mean something to them; others may have a backslash in front."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The Markdown of one block, and the words that are to be found in it."""

    content: str
    words: Sequence[Word] = ()


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
        told = piece.content[start:cursor]
        scores.append(WordScore(text=told, confidence=word.confidence, start=offset + start, box=word.box))
    return scores


def _found(content: str, text: str, cursor: int) -> tuple[str, int]:
    """The word as the content spells it, and where; `"", -1` when it is not there."""
    end = cursor + len(text) + _SEARCH
    for form in dict.fromkeys((text, text.rstrip("-\u00ad\u2010"))):
        at = content.find(form, cursor, end) if form else -1
        if at >= 0:
            return form, at
    if not _PUNCTUATION.search(text):
        return "", -1
    spelled = re.compile("".join(_SPELLINGS.get(char) or _spellings(char) for char in text))
    found = spelled.search(content, cursor, end)
    return (found[0], found.start()) if found else ("", -1)


def _spellings(char: str) -> str:
    return r"\\?" + re.escape(char) if _PUNCTUATION.match(char) else re.escape(char)


def joined(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """All pieces as one Markdown text, a blank line between them, and where each one begins."""
    starts: list[int] = []
    length = 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.content) + 2
    return "\n\n".join(piece.content for piece in pieces), starts


def _lines(block: Block) -> list[str]:
    text = block.text
    if "]:" in text and _DEFINITION.search(text):
        text = _LABEL_END.sub(lambda found: found[1] or r"\]", text)
    return text.split("\n")


def _plain(block: Block) -> str:
    """Text in which nothing at the start of a line is taken for a mark."""
    return "\n".join(_unmarked(line) for line in _lines(block))


def _unmarked(line: str) -> str:
    number = _NUMBER.match(line)
    if number:
        return number[0] + _unmarked(line[number.end() :])
    if _BLOCK_MARK.match(line):
        return "\\" + line
    return _ZEROS.sub(r"\1\\", line, count=1) if _ZEROS.match(line) else line


def _items(block: Block) -> str:
    """A list: its bullets stay, what follows them is text."""
    return "\n".join(_item(line) for line in _lines(block))


def _item(line: str) -> str:
    bullet = _BULLET.match(line)
    return bullet[0] + _unmarked(line[bullet.end() :]) if bullet else _unmarked(line)


def _title(block: Block) -> str:
    text = " " + block.text.replace("\n", " ")
    return "#" * min(6, max(1, block.level)) + _CLOSING.sub(r"\\\g<0>", text)


def _equation(block: Block) -> str:
    return f"$$\n{block.text}\n$$"


def _code(block: Block) -> str:
    longest = max((len(run) for run in re.findall(r"`+", block.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{block.text}\n{fence}"


_MARKED = {
    BlockKind.TITLE: _title,
    BlockKind.EQUATION: _equation,
    BlockKind.CODE: _code,
    BlockKind.LIST: _items,
    BlockKind.REFERENCES: _items,
}
