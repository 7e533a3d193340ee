"""Reads one line of text at the price that it is worth: quickly, and once more with care where that was unsure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octavo.domain.document import Image
from octavo.engines.text_recognition import IDEOGRAPHS, Glyph, TextRecognizer

QUICK, CAREFUL = "text_recognition_quick.onnx", "text_recognition.onnx"
"""The weights of both networks."""
DOUBT = 0.015
"""Wrong characters to expect in a stretch as long as the line is high, from which a line is read with care: from there
on as many words are right on scans and receipts as if all were read with care."""
_SURE_SPACE = 0.8
"""Spaces with this probability or more are right, however unsure the network is of them."""
_ODD = re.compile(
    r"""
      [a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ0-9]         # a capital or a digit after a small letter: wal1, wQR
    | [A-Z]{2}[a-z]                     # a small letter after capitals: SANCHo
    | [A-Za-z][0-9][A-Za-z]             # a digit among letters: Sal8ola
    | \b[A-Za-z][.,][0-9]              # a letter for a digit: O.59
    | [a-z][.,;:!?()][A-Za-z]           # no space after a mark: end.The
    | (?<![\d.,:/-])                    # no mark in a number that is no year: 765 for 76.5
      (?!(?:1[5-9]|20)\d\d(?!\d)) \d{3,}+ (?![.,:/-]\d)
    | (?<![\d.,])0\d                    # nor after a zero: 05 for 0.5
    | _
    """,
    re.VERBOSE,
)
"""What networks write when they mix up characters of one shape or lose a space; seldom what was printed."""


class TextCascade:
    """Characters of one line: from PP-OCRv6 tiny, or where that one is in doubt from PP-OCRv6 small."""

    def __init__(self) -> None:
        """Opens the weights of both."""
        self._quick = TextRecognizer(QUICK)
        self._careful = TextRecognizer(CAREFUL)

    def read(self, crop: Image) -> tuple[Glyph, ...]:
        """The characters on `crop` (RGB, one level line), left to right; depends on nothing but `crop`."""
        glyphs = self.glance(crop)
        return self._careful.read(crop) if doubtful(glyphs, crop) else glyphs

    def glance(self, crop: Image) -> tuple[Glyph, ...]:
        """The characters on `crop` as the quick network sees them."""
        return self._quick.read(crop)


def doubtful(glyphs: Sequence[Glyph], crop: Image, doubt: float = DOUBT) -> bool:
    """Whether it pays to read again: what probabilities lack to 1, and spaces that were nearly seen, by the length."""
    if not glyphs or any(glyph.text >= IDEOGRAPHS for glyph in glyphs):  # of which the quick network knows a third
        return True
    if _ODD.search("".join(glyph.text for glyph in glyphs)):
        return True
    wrong = sum(_wrong(glyph) for glyph in glyphs)
    return wrong * int(crop.shape[0]) > doubt * int(crop.shape[1])


def _wrong(glyph: Glyph) -> float:
    """Errors to expect of one character, and of a space before it."""
    sure = _SURE_SPACE if glyph.text.isspace() else 1.0
    return max(0.0, sure - glyph.confidence) + glyph.spaced
