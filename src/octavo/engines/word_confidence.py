"""How likely a word is right: all of its characters are, and it begins and ends where the line says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from octavo.engines.text_recognition import IDEOGRAPHS, Glyph

_SAID = (0.0, 0.028, 0.205, 0.411, 0.606, 0.754, 0.856, 0.929, 0.968, 0.986, 0.996, 1.0)
_RIGHT = (0.0, 0.023, 0.232, 0.415, 0.643, 0.758, 0.858, 0.926, 0.963, 0.979, 0.985, 0.985)
"""What the networks say of words, and the share of such words that is right: fitted by `scripts/word_confidence.py` on
7,699 words that it drew."""


def word_confidences(glyphs: Sequence[Glyph], words: Sequence[Sequence[Glyph]]) -> list[float]:
    """The probability of each word to be right, 0 to 1.

    Of a run of Chinese or Japanese, which is no word, it is the share of its characters that is likely right.

    Args:
        glyphs: the characters of the line.
        words: the same without spaces, those of one word together.
    """
    return [
        sum(glyph.confidence for glyph in word) / len(word)
        if any(glyph.text >= IDEOGRAPHS for glyph in word)
        else float(np.interp(said, _SAID, _RIGHT))
        for word, said in zip(words, products(glyphs, words), strict=True)
    ]


def products(glyphs: Sequence[Glyph], words: Sequence[Sequence[Glyph]]) -> list[float]:
    """What the networks say of each word: the product of the probabilities of all that makes it, as if independent."""
    edges = [1.0, *_partings(glyphs, words), 1.0]
    return [
        before
        * after
        * math.prod(glyph.confidence for glyph in word)
        * math.prod(1 - glyph.spaced for glyph in word[1:])
        for word, (before, after) in zip(words, pairwise(edges), strict=True)
    ]


def _partings(glyphs: Sequence[Glyph], words: Sequence[Sequence[Glyph]]) -> list[float]:
    """The probability that a word ends where the next one begins, for all words but the last."""
    places = {id(glyph): place for place, glyph in enumerate(glyphs)}
    found = []
    for word in words[1:]:
        before = glyphs[places[id(word[0])] - 1]
        found.append(before.confidence if before.text.isspace() else word[0].spaced)
    return found
