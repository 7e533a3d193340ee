"""Which stretches of a line are read once more, with care: words that the quick network is in doubt of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from octavo.domain.document import Image
from octavo.engines.text_recognition import IDEOGRAPHS, Glyph
from octavo.engines.text_words import Ink, blank_between, ink_of

DOUBT = 0.0006
"""A stretch is read with care from so many wrong characters to expect of it on, in as much of it as the line is high,
times as many of the whole line: where print is bad, more of what is unsure is wrong."""
_SURE_SPACE = 0.8
"""Spaces with this probability or more are right, however unsure the network is of them."""
_AROUND = 2.0
"""What stands beside a word is read with it, so many heights to each side: a lone `x` may be an `X`, and `l` a `1`."""
_REST = 4.0
"""Up to the line's end, if that is no farther than this."""
_INNER = 1.0
"""Words with so much of what is read around them count as well."""
_WHOLE = 0.8
"""Lines are read whole where stretches would be more than this share of them."""
_ODD = re.compile(
    r"""
      [a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ0-9]         # a capital or a digit after a small letter: wal1, wQR
    | [A-Z]{2}[a-z]                     # a small letter after capitals: SANCHo
    | [A-Za-z][0-9][A-Za-z]             # a digit among letters: Sal8ola
    | [0-9][A-Z]                        # a capital after a digit: 14A for 14 A
    | \b[A-Za-z][.,][0-9]              # a letter for a digit: O.59
    | [0-9][.,][A-Za-z]\b              # or 1.O
    | [a-z][.,;:!?()][A-Za-z]           # no space after a mark: end.The
    | (?<![\d.,:/-])                    # no mark in a number that is no year: 765 for 76.5
      (?!(?:1[5-9]|20)\d\d(?!\d)) \d{3,}+ (?![.,:/-]\d)
    | (?<![\d.,])0\d                    # nor after a zero: 05 for 0.5
    | _
    """,
    re.VERBOSE,
)
"""What networks write when they mix up characters of one shape or lose a space; seldom what was printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Words of a line that lie between two blanks.

    Attributes:
        first, last: their first character, and the first after them.
        start, end: the column in the middle of the blank before them, and of that after them; the line's own ends.
    """

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Columns of a line to read with care, from `start` to before `end`, and the part of them that then counts."""

    start: int
    end: int
    part: Part


def doubtful_stretches(
    glyphs: Sequence[Glyph], crop: Image, ink: Ink | None = None, doubt: float = DOUBT
) -> tuple[Stretch, ...]:
    """The stretches of a line that it pays to read again, left to right; none where all is sure.

    Args:
        glyphs: what the quick network read.
        crop: the line.
        ink: of the crop; is looked for where it is needed.
        doubt: from which a stretch is read again.
    """
    height, width = int(crop.shape[0]), int(crop.shape[1])
    whole = Part(first=0, last=len(glyphs), start=0, end=width)
    if not glyphs or any(glyph.text >= IDEOGRAPHS for glyph in glyphs):  # of which the quick network knows a third
        return (Stretch(start=0, end=width, part=whole),)
    odd = [match.span() for match in _ODD.finditer("".join(glyph.text for glyph in glyphs))]
    wrong = [_wrong(glyph) for glyph in glyphs]
    density = sum(wrong) * height / width
    if not odd and density * sum(wrong) * height <= doubt * min(width, _AROUND * height):  # too little for any stretch
        return ()
    words = _words(glyphs, ink or ink_of(crop))

    def pays(word: Part) -> bool:
        (stretch,) = _around([word], words, height)
        expected = sum(wrong[stretch.part.first : stretch.part.last])
        return density * expected * height > doubt * (stretch.end - stretch.start)

    stretches = _around([word for word in words if _overlaps(word, odd) or pays(word)], words, height)
    read = sum(stretch.end - stretch.start for stretch in stretches)
    return (Stretch(start=0, end=width, part=whole),) if read >= _WHOLE * width else stretches


def _wrong(glyph: Glyph) -> float:
    """Errors to expect of one character, and of a space before it."""
    sure = _SURE_SPACE if glyph.text.isspace() else 1.0
    return max(0.0, sure - glyph.confidence) + glyph.spaced


def _words(glyphs: Sequence[Glyph], ink: Ink) -> list[Part]:
    """The line, parted at spaces that are sure and blank; letters that lean over a space keep their words together."""
    edges = [(-1, 0)]
    for place in range(1, len(glyphs) - 1):
        if _is_sure_space(glyphs, place):
            start, end = blank_between(ink, glyphs[place - 1], glyphs[place + 1])
            if edges[-1][1] < (start + end) // 2 < len(ink.columns) and start < end:
                edges.append((place, (start + end) // 2))
    edges.append((len(glyphs), len(ink.columns)))
    return [
        Part(first=before + 1, last=after, start=start, end=end) for (before, start), (after, end) in pairwise(edges)
    ]


def _is_sure_space(glyphs: Sequence[Glyph], place: int) -> bool:
    before, glyph, after = glyphs[place - 1 : place + 2]
    sure = glyph.text.isspace() and glyph.confidence >= _SURE_SPACE
    return sure and not (before.text.isspace() or after.text.isspace())


def _overlaps(word: Part, odd: Sequence[tuple[int, int]]) -> bool:
    return any(start < word.last and end > word.first for start, end in odd)


def _around(doubted: Sequence[Part], words: Sequence[Part], height: int) -> tuple[Stretch, ...]:
    """What is read for the words in doubt; what meets becomes one."""
    width = words[-1].end
    merged: list[list[int]] = []
    for word in doubted:
        start = word.start - round(_AROUND * height) if word.start > _REST * height else 0
        end = word.end + round(_AROUND * height) if width - word.end > _REST * height else width
        if merged and start <= merged[-1][1]:
            merged[-1][1] = end
        else:
            merged.append([start, end])
    return tuple(Stretch(start=start, end=end, part=_within(start, end, words, height)) for start, end in merged)


def _within(start: int, end: int, words: Sequence[Part], height: int) -> Part:
    """The words that are read with enough around them."""
    first = start + _INNER * height if start else 0
    last = end - _INNER * height if end < words[-1].end else end
    inner = [word for word in words if word.start >= first and word.end <= last]
    return replace(inner[0], last=inner[-1].last, end=inner[-1].end)
