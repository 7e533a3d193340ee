"""Spaces beside marks, as in `TEL : 03` and `an "old" one`, that networks learnt not to write: the paper shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from octavo.engines.text_recognition import IDEOGRAPHS, Glyph
from octavo.engines.text_words import Ink, paper_between

CONFIDENCE = 0.95
"""What is seen by the paper is given so much."""

_WIDE, _WIDER = 0.44, 3.0
"""A space is at least so wide, as a share of the height of capitals, and so many times what parts the line's letters;
three of 316 fonts leave as much beside a colon without a space."""
_WIDER_STILL = 4.0
"""beside other marks it is so many times as wide."""
_ALSO, _ALSO_WIDER = 0.25, 2.0
"""Behind a colon with a space before it less is enough."""

_ENDS, _BEGINS = frozenset(',!?)]"”»'), frozenset('(["“«')
"""Marks that a space may stand behind, and before."""


def with_marks_apart(glyphs: Sequence[Glyph], ink: Ink) -> tuple[Glyph, ...]:
    """The characters of a line with spaces beside marks, where its ink leaves paper for them; numbers stay whole."""
    apart = _places(glyphs, ink)
    spaced: list[Glyph] = []
    for place, glyph in enumerate(glyphs):
        if place in apart:
            spaced.append(Glyph(text=" ", start=glyphs[place - 1].end, end=glyph.start, confidence=CONFIDENCE))
        spaced.append(replace(glyph, spaced=0.0) if place in apart else glyph)
    return tuple(spaced)


def _places(glyphs: Sequence[Glyph], ink: Ink) -> set[int]:
    """Places of characters that a space stands before and none was read."""
    beside = [place for place in range(1, len(glyphs)) if _may_part(*glyphs[place - 1 : place + 1])]
    colons = [place for place in range(1, len(glyphs) - 1) if _names(glyphs[place - 1], glyphs[place])]
    pairs = [(before, after) for before, after in pairwise(glyphs) if _is_letter(before) and _is_letter(after)]
    if not pairs or not (beside or colons):
        return set()
    usual = float(np.median([paper_between(ink, *pair) for pair in pairs]))
    height = ink.baseline - ink.top
    least = max(_WIDE * height, _WIDER_STILL * usual)
    apart = {place for place in beside if paper_between(ink, *glyphs[place - 1 : place + 1]) >= least}
    return apart.union(*(_beside_colon(glyphs, place, ink, usual) for place in colons))


def _beside_colon(glyphs: Sequence[Glyph], place: int, ink: Ink, usual: float) -> set[int]:
    """The places of a colon and of what follows it, as far as a space stands before them."""
    apart: set[int] = set()
    height = ink.baseline - ink.top
    wide = max(_WIDE * height, _WIDER * usual)
    if paper_between(ink, *glyphs[place - 1 : place + 1]) >= wide:
        apart.add(place)
        wide = max(_ALSO * height, _ALSO_WIDER * usual)
    after = glyphs[place + 1]
    if not after.text.isspace() and paper_between(ink, glyphs[place], after) >= wide:
        apart.add(place + 1)
    return apart


def _is_letter(glyph: Glyph) -> bool:
    return glyph.text.isalnum() and glyph.text < IDEOGRAPHS


def _may_part(before: Glyph, after: Glyph) -> bool:
    """Whether a space may stand between two characters, one of which is a mark."""
    if _is_letter(before) and after.text in _BEGINS:
        return True
    if before.text == "," and after.text.isdigit():
        return False
    return before.text in _ENDS and (_is_letter(after) or after.text in _BEGINS) and before.text != after.text


def _names(before: Glyph, glyph: Glyph) -> bool:
    """Whether a colon stands behind a name."""
    return glyph.text == ":" and not before.text.isspace() and not before.text.isdigit()
