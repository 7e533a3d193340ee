"""Raised numbers: marks of notes and powers, which are no digits of the word or number before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from octavo.domain.block import Word
from octavo.structure.text.lines import is_upright

SMALLER = 0.85
"""A raised number is set in type at most so large as a share of what it stands at,"""
LEAST_RAISED, MOST_RAISED = 0.15, 0.9
"""its baseline lies so many ems higher,"""
NEAR = 0.3
"""and it follows within so many ems;"""
NEXT = 0.7
"""the next one of several, within so many."""

_NUMBER = re.compile(r"(?=.*\d)[+\-−–]?[\d,]{1,5}(?:[-–]\d{1,2})?[+\-−–,]?")
_BASE = re.compile(r"[\w)\].,;:!?%”’\"'»°*®™]$")
_SLASHES = ("/", "\u2044", "\u2215")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


def with_numbers_raised(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words, small numbers that are set high spelled with raised digits: `10.03` with a note `4` is no 10.034.

    Numerators of fractions (before a slash) stay as they are, and so do marks at the beginning of a line.
    """
    made = list(words)
    base: Word | None = None
    for place, word in enumerate(words):
        if base is not None and _is_raised(word, base, words[place - 1]) and not _is_numerator(words, place):
            made[place] = replace(word, text=word.text.translate(_RAISED))
        else:
            base = word
    return tuple(made)


def _is_raised(word: Word, base: Word, before: Word) -> bool:
    """Whether a word is a number raised at `base`, alone or after other ones, of which `before` is the last."""
    if word.baseline is None or base.baseline is None or word.math or base.math:
        return False
    em = base.font.size
    if word.font.size > SMALLER * em or not LEAST_RAISED * em <= base.baseline - word.baseline <= MOST_RAISED * em:
        return False
    gap = word.box.x0 - before.box.x1
    if not -NEAR * em <= gap <= (NEAR if before is base else NEXT) * em or not is_upright(word):
        return False
    return bool(_NUMBER.fullmatch(word.text) and _BASE.search(base.text))


def _is_numerator(words: Sequence[Word], place: int) -> bool:
    return place + 1 < len(words) and words[place + 1].text.startswith(_SLASHES)
