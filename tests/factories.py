"""Builders of the nouns: a word, a line of them, a page; every value that a test does not name has a default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, cycle

import numpy as np

from octavo.domain.block import Block, BlockKind, Font, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, Size, union_of
from octavo.domain.result import RecognizedPage, TextSource

BODY = Font(size=20, name="Helvetica")
"""Type of 20 pixels: 7 points at 200 dpi."""
ADVANCE = 0.5
"""Every character is so many ems wide."""
A_PAGE = Size(1000, 1400)
_numbers = count()


def make_word(text: str = "word", x: float = 100, y: float = 100, *, font: Font = BODY, **fields: object) -> Word:
    """A word whose top left corner is at (x, y); its baseline lies four fifths of an em below."""
    box = BBox(x, y, x + ADVANCE * font.size * len(text), y + font.size)
    return Word(text=text, box=box, font=font, **{"baseline": y + 0.8 * font.size, **fields})


def make_line(text: str, x: float = 100, y: float = 100, *, font: Font = BODY, **fields: object) -> tuple[Word, ...]:
    """The words of a text on one line of the source, a space of one advance between them."""
    fields = {"line": next(_numbers), **fields}
    words, step = [], ADVANCE * font.size
    for part in text.split(" "):
        words.append(make_word(part, x, y, font=font, **fields))
        x += step * (len(part) + 1)
    return tuple(words)


def make_lines(
    texts: Iterable[str], x: float = 100, y: float = 100, *, font: Font = BODY, leading: float = 1.25
) -> tuple[Word, ...]:
    """Lines below one another, `leading` ems from one to the next."""
    return tuple(
        word
        for place, text in enumerate(texts)
        for word in make_line(text, x, y + place * leading * font.size, font=font)
    )


def make_page(words: Sequence[Word] = (), *, size: Size = A_PAGE, **fields: object) -> Page:
    """A page of a digital document with these words, white."""
    shape = (int(size.height), int(size.width), 3)
    return Page(
        **{
            "index": 0,
            "size": size,
            "dpi": 200,
            "words": tuple(words),
            "has_text_layer": bool(words),
            "render": lambda: np.full(shape, 255, np.uint8),
            **fields,
        }
    )


def make_block(
    kind: BlockKind = BlockKind.TEXT, text: str = "Some text.", x: float = 100, y: float = 400, **fields: object
) -> Block:
    """A block with a word for each word of its text, all on one line."""
    font = fields.get("font", BODY)
    words = make_line(text, x, y, font=font) if text.strip() else ()
    box = union_of(word.box for word in words) if words else BBox(x, y, x + 200, y + 100)
    return Block(kind=kind, **{"box": box, "text": text, "font": font, "words": words, **fields})


def make_read_page(*blocks: Block, index: int = 0, **fields: object) -> RecognizedPage:
    """A page that was read."""
    defaults = {"size": A_PAGE, "dpi": 200, "source": TextSource.TEXT_LAYER}
    return RecognizedPage(index=index, blocks=blocks, **{**defaults, **fields})


TALE = [
    "It",
    "was",
    "a",
    "bright",
    "cold",
    "day",
    "in",
    "April",
    "and",
    "the",
    "clocks",
    "were",
    "striking",
    "thirteen",
    "when",
    "the",
    "ferry",
    "left",
    "the",
    "harbour",
    "with",
    "seven",
    "passengers",
    "and",
    "a",
    "crate",
    "of",
    "oranges",
    "on",
    "board",
    "while",
    "gulls",
    "were",
    "circling",
    "over",
    "the",
    "quay",
    "where",
    "the",
    "harbour",
    "master",
    "had",
    "lost",
    "his",
    "hat",
    "to",
    "the",
    "wind",
    "and",
    "nobody",
    "felt",
    "like",
    "running",
    "after",
    "it",
    "since",
    "rain",
    "was",
    "on",
    "its",
    "way",
]


def prose(lines: int, width: int = 40, start: int = 0) -> list[str]:
    """Lines of running text, each filled with words up to `width` characters; `start` is the first word taken."""
    words = cycle(TALE[start % len(TALE) :] + TALE[: start % len(TALE)])
    word, made = next(words), []
    for _ in range(lines):
        line = word
        while len(line) + 1 + len(word := next(words)) <= width:
            line += " " + word
        made.append(line)
    return made
