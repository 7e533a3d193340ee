"""Which found tables are believed: none that cuts lines of text in two, none that is a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from octavo.domain.block import Drawing, Word
from octavo.structure.tables import FoundTable

CUT = 0.15
"""A table of whose lines more than this share go on outside it, without a gap, is none."""
WORD_SPACE = 0.6
"""Words of one line nearer than this (in ems) belong together."""
MOST_CURVES = 12
"""More curved paths than this inside make it a drawing."""


def is_sound(table: FoundTable, words: Sequence[Word], drawings: Sequence[Drawing]) -> bool:
    """Whether a table stands free of the text around it and is no picture."""
    return not _cuts_lines(table, words) and not _is_drawn(table, drawings)


def _cuts_lines(table: FoundTable, words: Sequence[Word]) -> bool:
    inside = {id(word) for word in table.words}
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.line >= 0:
            lines.setdefault(word.line, []).append(word)
    touched = [line for line in lines.values() if any(id(word) in inside for word in line)]
    cut = sum(_is_cut(sorted(line, key=lambda word: word.box.x0), inside) for line in touched)
    return cut > CUT * len(touched)


def _is_cut(line: Sequence[Word], inside: set[int]) -> bool:
    """Whether a word inside has a neighbour outside, nearer than a gap between cells would be."""
    return any(
        (id(left) in inside) != (id(right) in inside) and right.box.x0 - left.box.x1 < WORD_SPACE * right.font.size
        for left, right in pairwise(line)
    )


def _is_drawn(table: FoundTable, drawings: Sequence[Drawing]) -> bool:
    """Whether curves fill the table: charts and diagrams have grids too."""
    curves = [each.box for each in drawings if each.curved and table.box.holds(each.box)]
    cells = max(1, len(table.table.cells))
    return len(curves) > max(MOST_CURVES, cells)
