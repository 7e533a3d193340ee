"""Where words end: spaces of the file, those that PDFium guesses, and gaps wider than usual between letters.

Titles are set letter by letter in several ways: by character spacing, which PDFium knows; by placing each letter, where
it guesses a space before each; by typing a space after each letter, and several after a word. Their letters stand all
equally far, and their words farther.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

NO_SPACE, GUESSED, REAL = range(3)
"""What stands before a glyph: nothing, a space that PDFium guessed, one of the file itself."""
SPACE = 0.18
"""A gap this many ems wider than the usual one between letters of its line is a space."""
LETTERSPACED = 0.05
"""From this usual gap on (in ems) a line is letterspaced, and PDFium's own guesses at spaces are not believed."""
DRAWN_OUT = 0.5
"""Letters that stand alone, up to so many ems apart and all equally far but for `SPACE`, are words drawn out;"""
FAR_OUT, ALIKE = 1.0, 0.04
"""even so far, where no gap but those between words differs by more than this."""
FEWEST = 3
"""So many gaps tell what is usual; fewer do where they are the same to within `SAME`."""
SAME = 0.01
TYPED = 4
"""So many letters with a space after each are a word;"""
CHOICES = "ABCDEF"
"""unless they are no others than these, as answers to choose from are."""


class Letters(NamedTuple):
    """Glyphs in content order, a value for each.

    Attributes:
        texts: what they say.
        gaps: free space before each along its line, in ems.
        starts: whether one begins a line of writing.
        spaces: what stands before one.
        stretched: whether what stands before one only stretches a word, as in Arabic.
    """

    texts: list[str]
    gaps: Numbers
    starts: Flags
    spaces: Places
    stretched: Flags


def are_apart(letters: Letters) -> Flags:
    """Whether a space stands between each glyph and the one before it; says nothing of those that start a line."""
    line = np.cumsum(letters.starts) - 1
    close = ~letters.starts & (letters.spaces == NO_SPACE)
    each = _in_lines(line, close, letters)[line]
    if (close & (letters.gaps > each + SPACE)).any():
        each = np.where(close, np.maximum(each, _in_words(close, letters)), each)
    guessed = (letters.spaces == GUESSED) & (each < LETTERSPACED)
    apart: Flags = (letters.spaces == REAL) | guessed | (letters.gaps > each + SPACE) & ~letters.stretched
    _join_typed(apart, line, letters)
    return apart


def _in_lines(line: Places, close: Flags, letters: Letters) -> Numbers:
    """The usual gap of each line, those among them where PDFium guesses spaces between letters that are drawn out."""
    usual = _usual_gaps(letters.gaps, line, close, FEWEST)
    wide = _usual_gaps(letters.gaps, line, ~letters.starts & (letters.spaces != REAL), 2)
    for number in np.flatnonzero((wide >= LETTERSPACED) & (wide > usual)).tolist():
        places = np.flatnonzero((line == number) & (letters.spaces != REAL))
        text = "".join(letters.texts[place] for place in places.tolist())
        if _is_lettering(text) and wide[number] <= _farthest(np.sort(letters.gaps[places[1:]]), float(wide[number])):
            usual[number] = wide[number]
    return usual


def _usual_gaps(gaps: Numbers, group: Places, counted: Flags, fewest: int) -> Numbers:
    """The letter spacing of each group of glyphs in ems; 0 where fewer than `fewest` gaps tell it."""
    usual = np.zeros(int(group[-1]) + 1)
    gaps, group = gaps[counted], group[counted]
    ordered = gaps[np.lexsort((gaps, group))]
    counts = np.bincount(group, minlength=len(usual))
    many = counts >= fewest
    usual[many] = np.maximum(0.0, ordered[(np.cumsum(counts) - counts + counts // 3)[many]])
    return usual


def _is_lettering(text: str) -> bool:
    """Whether a line may be words drawn out: letters, and few marks; so few letters are, only where they are capitals.

    Formulas set their signs apart too.
    """
    letters = sum(map(str.isalpha, text))
    if len(text) <= FEWEST:
        return letters == len(text) and text.isupper()
    return letters >= 0.8 * len(text) and not any(unicodedata.category(sign) == "Sm" for sign in text)


def _farthest(own: Numbers, usual: float) -> float:
    """How far letters with these gaps, in order of size, may stand apart."""
    near = own[own < usual + SPACE]
    if len(near) < max(2, 0.6 * len(own)):
        return 0.0
    return FAR_OUT if len(near) >= FEWEST and float(near[-1] - near[0]) <= ALIKE else DRAWN_OUT


def _in_words(close: Flags, letters: Letters) -> Numbers:
    """The usual gap of the run of glyphs, without spaces, that each stands in: one word of a line may be drawn out."""
    run = np.cumsum(~close) - 1
    usual = _usual_gaps(letters.gaps, run, close, FEWEST)
    counts = np.bincount(run[close], minlength=len(usual))
    low, high = _usual_gaps(letters.gaps, run, close, 1), -_lowest(-letters.gaps, run, close, len(usual))
    starts = letters.starts[~close]
    alone = starts & np.append(starts[1:], True)
    few = (counts == 2) & (high - low <= SAME) & (high <= FAR_OUT) | (counts == 1) & alone & (high <= DRAWN_OUT)
    letter = np.array([text.isalpha() for text in letters.texts], bool)
    said = np.bincount(run[~letter], minlength=len(usual)) == 0
    each: Numbers = np.where(said, np.where(few, high, usual), 0.0)[run]
    return each


def _lowest(values: Numbers, group: Places, counted: Flags, groups: int) -> Numbers:
    """The least value of each group."""
    least = np.full(groups, np.inf)
    np.minimum.at(least, group[counted], values[counted])
    return least


def _join_typed(apart: Flags, line: Places, letters: Letters) -> None:
    """Takes the spaces out of words that were typed with one after each letter, and more between words."""
    inner = ~letters.starts
    counts = np.bincount(line[inner], minlength=int(line[-1]) + 1)
    typed = np.bincount(line[inner & (letters.spaces == REAL)], minlength=len(counts))
    for number in np.flatnonzero((typed == counts) & (counts >= TYPED - 1)).tolist():
        places = np.flatnonzero(line == number)
        if _are_typed_out([letters.texts[place] for place in places.tolist()]):
            gaps = letters.gaps[places[1:]]
            apart[places[1:]] = gaps > np.sort(gaps)[len(gaps) // 3] + SPACE


def _are_typed_out(texts: list[str]) -> bool:
    """Whether capitals with spaces between them are words, not choices, names of columns or marks."""
    ordered = all(ord(after) - ord(before) == 1 for before, after in pairwise(texts))
    return (
        "".join(texts).isupper()
        and all(map(str.isalpha, texts))
        and len(set(texts)) > 2
        and not (ordered or set(texts) <= set(CHOICES))
    )
