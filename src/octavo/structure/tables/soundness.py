"""Which found tables are believed: none that cuts lines of text in two, none that is a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from octavo.domain.block import Drawing, Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.tables import FoundTable

CUT = 0.15
"""A table of whose lines more than this share go on outside it, without a gap, is none."""
WORD_SPACE = 0.6
"""Words of one line nearer than this (in ems) belong together."""
MOST_CURVES = 12
"""More curved paths than this inside make it a drawing."""
FEWEST_CURVES = 3
"""From so many curved paths on, a table is shown as a picture too."""


def is_sound(table: FoundTable, words: Sequence[Word], drawings: Sequence[Drawing]) -> bool:
    """Whether a table stands free of the text around it and is no picture, nor a part of one."""
    return not _cuts_lines(table, words) and not _is_drawn(table, drawings) and not _is_part(table, words, drawings)


def drawn_box(table: FoundTable, drawings: Sequence[Drawing]) -> BBox | None:
    """Where a table that is drawn with curves lies: its look says more than its cells, so it is shown as well."""
    box = table.box
    reach = 0.1 * min(box.width, box.height)
    near = [each for each in drawings if each.box.area < 4 * table.box.area]
    curves = 0
    while near:
        touching = [each for each in near if box.grown(reach).intersection(each.box) > 0]
        if not touching:
            break
        box = union_of([box, *(each.box for each in touching)])
        curves += sum(each.curved for each in touching)
        near = [each for each in near if each not in touching]
    return box if curves >= FEWEST_CURVES else None


def _is_part(table: FoundTable, words: Sequence[Word], drawings: Sequence[Drawing]) -> bool:
    """Whether a drawing with curves goes on beyond the table, and has words there."""
    box = drawn_box(table, drawings)
    inside = {id(word) for word in table.words}
    return box is not None and any(box.holds(word.box) and id(word) not in inside for word in words)


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
