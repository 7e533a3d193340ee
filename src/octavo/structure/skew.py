"""Pages that lie askew or are bent: leveled to be understood, their blocks put back to where they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from octavo.domain.bend import Bend
from octavo.domain.block import Block, Word
from octavo.domain.geometry import BBox, Size

LEAST = 0.4
"""Degrees below which a page counts as level: over the width of a page that is less than half a line."""
MOST = 15.0
"""Lines askew by more than this are set that way."""


def skew_of(words: Iterable[Word]) -> float:
    """Degrees clockwise that the page is askew by: the median over the lines, weighted by length; 0 when level."""
    slants = sorted(((word.rotation + 180.0) % 360.0 - 180.0, word.box.width) for word in words)
    slants = [(degrees, width) for degrees, width in slants if abs(degrees) <= MOST]
    half, passed = sum(width for _, width in slants) / 2, 0.0
    for degrees, width in slants:
        passed += width
        if passed >= half:
            return degrees if abs(degrees) >= LEAST else 0.0
    return 0.0


def leveled_words(words: Iterable[Word], degrees: float, size: Size) -> tuple[Word, ...]:
    """The words as they stand when the page is turned by `degrees` counter-clockwise around its middle."""
    return tuple(_leveled(word, degrees, size) for word in words)


def put_back(blocks: Iterable[Block], degrees: float, size: Size) -> tuple[Block, ...]:
    """Blocks of a leveled page with their boxes, and those of their words, where they lie on the page as it is."""
    if degrees == 0.0:
        return tuple(blocks)
    return moved(blocks, lambda box: _surrounding(box, degrees, size), lambda words: _words_back(words, degrees, size))


def bent_back(blocks: Iterable[Block], bend: Bend) -> tuple[Block, ...]:
    """Blocks of a page that was made flat with their boxes, and those of their words, where they lie on it as it is."""
    return moved(blocks, bend.box, lambda words: tuple(_bent(word, bend) for word in words))


def moved(
    blocks: Iterable[Block],
    box_of: Callable[[BBox], BBox],
    words_of: Callable[[Sequence[Word]], tuple[Word, ...]],
) -> tuple[Block, ...]:
    """Blocks with their boxes and words, and the words of their tables, somewhere else."""
    return tuple(
        replace(
            block,
            box=box_of(block.box),
            words=words_of(block.words),
            table=block.table
            and replace(
                block.table, cells=tuple(replace(cell, words=words_of(cell.words)) for cell in block.table.cells)
            ),
        )
        for block in blocks
    )


def _leveled(word: Word, degrees: float, size: Size) -> Word:
    # A word askew has a box that surrounds it: as much too high as its line rises over its width.
    height = max(0.3 * word.box.height, word.box.height - abs(math.tan(math.radians(degrees))) * word.box.width)
    box = _around(_turned(word.box, -degrees, size), word.box.width, height)
    below = None if word.baseline is None else box.center_y + (word.baseline - word.box.center_y)
    return replace(word, box=box, rotation=_less(word.rotation, degrees), baseline=below)


def _less(rotation: float, degrees: float) -> float:
    left = (rotation - degrees) % 360.0
    return 0.0 if min(left, 360.0 - left) < LEAST or rotation == 0.0 else left


def _words_back(words: Sequence[Word], degrees: float, size: Size) -> tuple[Word, ...]:
    return tuple(
        replace(
            word, box=_surrounding(word.box, degrees, size), rotation=(word.rotation + degrees) % 360.0, baseline=None
        )
        for word in words
    )


def _bent(word: Word, bend: Bend) -> Word:
    middle, width = (word.box.center_x, word.box.center_y), max(1.0, word.box.width)
    rise = bend.at(word.box.x1, middle[1]) - bend.at(word.box.x0, middle[1])
    slant = math.degrees(math.atan2(rise, width))
    below = None if word.baseline is None else word.baseline + bend.at(*middle)
    return replace(word, box=bend.box(word.box), rotation=(word.rotation + slant) % 360.0, baseline=below)


def _surrounding(box: BBox, degrees: float, size: Size) -> BBox:
    """The upright box around `box` turned with the page."""
    sine, cosine = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    width, height = box.width * cosine + box.height * sine, box.width * sine + box.height * cosine
    return _around(_turned(box, degrees, size), width, height).clipped(size)


def _turned(box: BBox, degrees: float, size: Size) -> tuple[float, float]:
    """Where the middle of `box` comes to lie when the page is turned clockwise around its own middle."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x, y = box.center_x - size.width / 2, box.center_y - size.height / 2
    return size.width / 2 + x * cosine - y * sine, size.height / 2 + x * sine + y * cosine


def _around(middle: tuple[float, float], width: float, height: float) -> BBox:
    x, y = middle
    return BBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
