"""Points of amounts that worn print has lost: `21 20` below `6.50`, in a column of amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from octavo.engines.pixels import box_of
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph

CONFIDENCE = 0.8
"""What a column tells, and not the ink, is given so much."""

_TORN = re.compile(r"\d{1,6} \d\d")
_WHOLE = re.compile(r"-?(?:\d{1,3}(?:[.,]\d{3})*|\d+)([.,])\d\d")
_FEWEST = 4
"""A page with so many amounts is a receipt, a bill or the like;"""
_LEVEL = 0.5
"""one of them at least must end as far to the right, but for this share of its height."""


def with_points(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """`lines`; those that say two numbers, the second of two digits, get the point that others of their column have.

    Only where nothing else stands in the line.
    """
    whole = [(line, match[1]) for line in lines if (match := _WHOLE.fullmatch(line.text))]
    marks = {mark for _, mark in whole}
    if len(whole) < _FEWEST or len(marks) > 1:
        return list(lines)
    return [_mended(line, [other for other, _ in whole], *marks) for line in lines]


def _mended(line: ReadLine, amounts: Sequence[ReadLine], mark: str) -> ReadLine:
    if line.pieces is not None or not _TORN.fullmatch(line.text):
        return line
    if not any(_are_below_one_another(line, other) for other in amounts):
        return line
    return replace(line, glyphs=tuple(_pointed(glyph, mark) for glyph in line.glyphs))


def _pointed(glyph: Glyph, mark: str) -> Glyph:
    return replace(glyph, text=mark, confidence=CONFIDENCE) if glyph.text.isspace() else glyph


def _are_below_one_another(line: ReadLine, other: ReadLine) -> bool:
    """Whether both end at one edge, as the numbers of a column do."""
    one, two = box_of(line.quad), box_of(other.quad)
    return abs(one.x1 - two.x1) <= _LEVEL * min(one.height, two.height)
