"""Letters that run from right to left, put in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

_LAM = "\u0644"
"""Two letters in one glyph are lam and what follows it: `لا`, `لى`; none ends with it."""


def as_read(
    texts: Sequence[str], boxes: NDArray[np.float64], leftward: NDArray[np.bool_], first: NDArray[np.intp]
) -> list[str]:
    """The letters again, those of each word in reading order; some programs write them as they stand, left to right.

    Args:
        texts: the letters.
        boxes: n x 4, x0, y0, x1, y1 of each; the letters of a ligature have one box.
        leftward: whether one is written from right to left.
        first: places where words begin, in order.
    """
    told = list(texts)
    counts = np.add.reduceat(leftward.astype(np.intp), first)
    bounds = [*first.tolist(), len(told)]
    for word in np.flatnonzero(counts > 1).tolist():
        start, end = bounds[word], bounds[word + 1]
        if counts[word] == end - start:
            told[start:end] = _word(told[start:end], boxes[start:end].tolist())
    return told


def _word(letters: Sequence[str], boxes: Sequence[list[float]]) -> list[str]:
    glyphs = [
        (box[0] + box[2], [letter for letter, _ in held])
        for box, held in groupby(zip(letters, boxes, strict=True), key=lambda pair: pair[1])
    ]
    if all(before < after for (before, _), (after, _) in pairwise(glyphs)):
        glyphs.reverse()
    return [letter for _, held in glyphs for letter in _ligature(held)]


def _ligature(letters: list[str]) -> list[str]:
    return letters[::-1] if len(letters) == 2 and letters[1] == _LAM else letters
