"""Colons with paper on both sides, `TEL : 03-402`: networks that learnt to write them close lose the spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Ink, paper_between

CONFIDENCE = 0.95
"""What is seen by the paper is given so much."""

_WIDE, _WIDER = 0.44, 3.0
"""A space is at least so wide, as a share of the height of capitals, and so many times what parts the line's letters;
three of 316 fonts leave as much beside a colon without a space."""
_ALSO, _ALSO_WIDER = 0.25, 2.0
"""Behind a colon with a space before it less is enough."""


def with_colons_apart(glyphs: Sequence[Glyph], ink: Ink) -> tuple[Glyph, ...]:
    """The characters of a line with spaces at colons behind letters, where its ink leaves paper for them."""
    apart = _places(glyphs, ink) if any(glyph.text == ":" for glyph in glyphs) else set()
    spaced: list[Glyph] = []
    for place, glyph in enumerate(glyphs):
        if place in apart:
            spaced.append(Glyph(text=" ", start=glyphs[place - 1].end, end=glyph.start, confidence=CONFIDENCE))
        spaced.append(replace(glyph, spaced=0.0) if place in apart else glyph)
    return tuple(spaced)


def _places(glyphs: Sequence[Glyph], ink: Ink) -> set[int]:
    """Places of characters that a space stands before and none was read."""
    pairs = [pair for pair in pairwise(glyphs) if not any(each.text.isspace() or each.text == ":" for each in pair)]
    if not pairs:
        return set()
    usual = float(np.median([paper_between(ink, *pair) for pair in pairs]))
    apart: set[int] = set()
    for place in range(1, len(glyphs) - 1):
        if not _names(glyphs[place - 1], glyphs[place]):
            continue
        wide = max(_WIDE * (ink.baseline - ink.top), _WIDER * usual)
        if paper_between(ink, *glyphs[place - 1 : place + 1]) >= wide:
            apart.add(place)
            wide = max(_ALSO * (ink.baseline - ink.top), _ALSO_WIDER * usual)
        after = glyphs[place + 1]
        if not after.text.isspace() and paper_between(ink, glyphs[place], after) >= wide:
            apart.add(place + 1)
    return apart


def _names(before: Glyph, glyph: Glyph) -> bool:
    """Whether a colon stands behind a name: times and proportions are numbers."""
    return glyph.text == ":" and not before.text.isspace() and not before.text.isdigit()
