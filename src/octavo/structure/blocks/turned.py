"""Writing that runs up or down the page: notes at its edge, and headlines beside the text that they stand over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from octavo.domain.block import Block, BlockKind, Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.blocks.inline import lines_text
from octavo.structure.text.lines import dominant_font, is_upright

HEADLINE = 1.6
"""A headline down the page is set in type larger than the text by this factor."""
BESIDE = 0.5
"""A block stands beside a headline with at least this share of its height."""
NEAR = 3.0
"""The text that belongs to a headline stands within so many of its ems."""


def with_turned(blocks: Sequence[Block], words: Iterable[Word], em: float) -> list[Block]:
    """The blocks of a page in reading order, with those of its turned words; `em` is the size of its text.

    A headline within the text comes before what stands beside it, as in newspapers of East Asia; all else is last.
    """
    placed, rest = list(blocks), []
    text = union_of(block.box for block in blocks) if blocks else None
    for block in _turned_blocks(words):
        beside = _beside(block, placed) if text is not None and _is_headline(block, text, em) else None
        if beside is None:
            rest.append(block)
        else:
            placed.insert(beside, replace(block, kind=BlockKind.TITLE))
    return [*placed, *rest]


def turned_lines(words: Iterable[Word]) -> Iterable[tuple[Word, ...]]:
    """Words that are not upright, by their lines in the source; those that know none stand alone."""
    lines: dict[int, list[Word]] = {}
    for place, word in enumerate(words):
        if not is_upright(word):
            lines.setdefault(word.line if word.line >= 0 else -1 - place, []).append(word)
    return (tuple(line) for line in lines.values())


def _turned_blocks(words: Iterable[Word]) -> Iterable[Block]:
    for line in turned_lines(words):
        yield Block(
            kind=BlockKind.ASIDE_TEXT,
            box=union_of(word.box for word in line),
            text=lines_text([line]),
            font=dominant_font(line),
            words=line,
        )


def _is_headline(block: Block, text: BBox, em: float) -> bool:
    size = block.font.size if block.font else 0.0
    return size > HEADLINE * em and block.box.height > 2 * size and text.holds(block.box)


def _beside(headline: Block, blocks: Sequence[Block]) -> int | None:
    """The place of the first block beside a headline; None when there is no text."""
    reach = headline.box.grown(NEAR * headline.box.width)
    return next(
        (
            place
            for place, block in enumerate(blocks)
            if block.kind is BlockKind.TEXT
            and reach.intersection(block.box) > 0
            and headline.box.y_overlap(block.box) > BESIDE * block.box.height
        ),
        None,
    )
