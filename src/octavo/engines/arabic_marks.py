"""Commas of Arabic lines: Tesseract's Arabic data have no such sign, and read points, colons or hamzas instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from octavo.domain.document import Image
from octavo.engines.text_words import Piece, inked_in

_COMMA = "\u060c"
_INSTEAD = frozenset(".:,\u0621\u0660")
"""Point, colon, Latin comma, hamza, and the digit zero, which is a point."""
_TALL = 1.4
"""A comma is so many times as high as wide at least; points are square, and hamzas rather wide."""
_SMALL = 0.35
"""It is no higher than this share of the line,"""
_LEAST = 3
"""and no lower than so many pixels: of smaller marks nothing can be told."""
_NEAR = 0.12
"""It begins so near to the left end of its word, as a share of the height of the line."""


def with_commas(pieces: Sequence[Piece], crop: Image) -> tuple[Piece, ...]:
    """Words of an Arabic line with commas where the ink at their left end is one.

    Args:
        pieces: words as Tesseract read them on `crop`.
        crop: RGB, one level line.
    """
    if not any(_ends_in_doubt(piece.text) for piece in pieces):
        return tuple(pieces)
    marks = _marks(crop)
    return tuple(
        replace(piece, text=piece.text[:-1] + _COMMA)
        if _ends_in_doubt(piece.text) and _comma_at(piece.start, marks, crop.shape[0])
        else piece
        for piece in pieces
    )


def _ends_in_doubt(text: str) -> bool:
    return text[-1] in _INSTEAD and (len(text) == 1 or text[-2] not in _INSTEAD)


def _marks(crop: Image) -> list[tuple[int, int, int]]:
    """Left edge, width and height of everything small that stands by itself."""
    inked = inked_in(crop).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    return [
        (left, width, height)
        for left, top, width, height, _ in stats[1:].tolist()
        if height <= _SMALL * crop.shape[0] and top > 0 and top + height < crop.shape[0]
    ]


def _comma_at(start: float, marks: Sequence[tuple[int, int, int]], line: int) -> bool:
    """Whether the mark that begins where a word ends is a comma."""
    near = [mark for mark in marks if abs(mark[0] - start) <= max(1.0, _NEAR * line)]
    if len(near) != 1:  # of a colon there are two
        return False
    _, width, height = near[0]
    return height >= _LEAST and height >= _TALL * width
