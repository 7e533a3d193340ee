"""Colons with paper on both sides, `TEL : 03-402`: networks that learnt to write them close lose the spaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from octavo.engines.text_recognition import Glyph

_WIDE, _WIDER = 0.44, 3.0
"""A space is at least so wide, as a share of the height of capitals, and so many times what parts the line's letters;
three of 316 fonts leave as much beside a colon without a space."""
_ALSO, _ALSO_WIDER = 0.25, 2.0
"""Behind a colon with a space before it less is enough."""


def colons_apart(glyphs: Sequence[Glyph], paper: Callable[[Glyph, Glyph], int], height: int) -> set[int]:
    """Places of characters that a space stands before, at the colons of a line behind letters.

    Args:
        glyphs: of the line.
        paper: tells how wide the paper between two characters is.
        height: of the line's capitals.
    """
    colons = [place for place in range(1, len(glyphs) - 1) if _names(glyphs[place - 1], glyphs[place])]
    if not colons:
        return set()
    usual = float(np.median([paper(*pair) for pair in _neighbours(glyphs)]))
    apart: set[int] = set()
    for place in colons:
        before, after = paper(glyphs[place - 1], glyphs[place]), paper(glyphs[place], glyphs[place + 1])
        wide = max(_WIDE * height, _WIDER * usual)
        if before >= wide:
            apart.add(place)
            wide = max(_ALSO * height, _ALSO_WIDER * usual)
        if after >= wide:
            apart.add(place + 1)
    return apart


def _names(before: Glyph, glyph: Glyph) -> bool:
    """Whether a colon stands behind a name: times and proportions are numbers."""
    return glyph.text == ":" and not before.text.isspace() and not before.text.isdigit()


def _neighbours(glyphs: Sequence[Glyph]) -> list[tuple[Glyph, Glyph]]:
    """Characters with no space between them, and no colon."""
    pairs = [pair for pair in pairwise(glyphs) if not any(each.text.isspace() or each.text == ":" for each in pair)]
    return pairs or [(glyphs[0], glyphs[1])]
