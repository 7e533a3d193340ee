"""Areas of tables without rules: lines one below the other that are set in the same columns.

Columns of numbers are the surest sign: they hold lines together over gaps and titles, and names stand above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.area import FARTHEST, TableArea, is_caption, is_long, is_wide
from octavo.structure.tables.columns import Columns
from octavo.structure.tables.ink import Chunk, Ink, TextLine, chunk_text, is_numeric

NUMBERS_APART = 4.5
"""Rows of numbers under one another are at most this far apart (in ems)."""
SAME_EDGE = 0.6
"""Numbers whose right edges differ by less than this (in ems) stand in one column; a bracket may hang over."""
MOST_TITLES = 3
"""At most so many lines without entries stand between two rows."""
MOST_HEADER_LINES = 8
"""At most so many lines above the first row are looked at for names of columns."""


def loose_areas(lines: Sequence[TextLine], ink: Ink) -> Iterator[TableArea]:
    """Areas where several lines are set in the same columns, each with the header above it."""
    numbers = aligned_numbers(lines, ink)
    for start, end in _runs(lines, numbers, ink):
        if sum(len(line.chunks) > 1 for line in lines[start:end]) > 2:
            yield _area(lines, start, end, max(numbers[start:end]), ink)


def aligned_numbers(lines: Sequence[TextLine], ink: Ink) -> list[int]:
    """For each line, how many of its numbers stand right below or above others of the same column."""
    found = [
        (place, chunk.x1, (chunk.x0 + chunk.x1) / 2)
        for place, line in enumerate(lines)
        for chunk in line.chunks
        if len(chunk.places) <= 4 and is_numeric(chunk_text(ink, chunk.places))
    ]
    counts = [0] * len(lines)
    if not found:
        return counts
    table = np.array(found)
    apart = np.abs(table[:, None, 0] - table[None, :, 0])
    near = (apart > 0) & (apart <= 6)
    edge = np.abs(table[:, None, 1] - table[None, :, 1]) < SAME_EDGE * ink.em
    middle = np.abs(table[:, None, 2] - table[None, :, 2]) < 0.5 * SAME_EDGE * ink.em
    for place in table[(near & (edge | middle)).any(axis=1), 0].astype(int).tolist():
        counts[place] += 1
    return counts


def _runs(lines: Sequence[TextLine], numbers: Sequence[int], ink: Ink) -> Iterator[tuple[int, int]]:
    """From where to where lines have entries; lines between them are titles or wrapped entries."""
    start = last = -1
    for place, line in enumerate(lines):
        tabular = numbers[place] > 1 or (len(line.chunks) > 1 and not is_wide(line, ink))
        if start >= 0:
            reach = NUMBERS_APART if numbers[place] > 1 and numbers[last] > 1 else FARTHEST
            step = line.center - lines[place - 1].center
            ends = step > reach * ink.em or place - last > MOST_TITLES or (is_wide(line, ink) and not tabular)
            if ends:
                yield start, last + 1
                start = -1
        if tabular:
            start = place if start < 0 else start
            last = place
    if start >= 0:
        yield start, last + 1


def _area(lines: Sequence[TextLine], start: int, end: int, numbers: int, ink: Ink) -> TableArea:
    part = list(lines[start:end])
    columns = Columns.of(part, ink.em)
    part = [*_header(lines[:start], part[0], columns, numbers > 1, ink), *part]
    x0 = min(line.chunks[0].x0 for line in part)
    x1 = max(line.chunks[-1].x1 for line in part)
    margin = 0.2 * ink.em
    top = min(line.y0 for line in part)
    return TableArea(tuple(part), BBox(x0 - margin, top, x1 + margin, max(line.y1 for line in part)))


def _header(
    above: Sequence[TextLine], first: TextLine, columns: Columns, ledger: bool, ink: Ink
) -> list[TextLine]:
    """The lines above a run that name its columns, top to bottom."""
    taken: list[TextLine] = []
    kept = 0
    edge = first
    for line in list(reversed(above))[:MOST_HEADER_LINES]:
        if edge.center - line.center > FARTHEST * ink.em or is_caption(line, ink):
            break
        names = _names(line, columns, ledger, ink)
        if names is None:
            break
        taken.append(line)
        kept = len(taken) if names else kept
        edge = line
    return list(reversed(taken[:kept]))


def _names(line: TextLine, columns: Columns, ledger: bool, ink: Ink) -> bool | None:
    """Whether a line names columns; None when it is no line of the header.

    Over columns of numbers a name may span several of them, and lines that stand in the first column alone may lie
    between names and numbers; other columns need names that all stand apart.
    """
    cut = columns.cut(ink, line)
    if not columns.gutters or any(is_long(chunk.places, chunk.width, ink.em) for chunk in cut.chunks):
        return None
    if cut is line and any(0 in columns.crossed_by(chunk) for chunk in line.chunks):
        return None
    if ledger:
        return any(columns.column_of(chunk) > 0 for chunk in cut.chunks)
    crossed = cut is line and any(map(columns.crossed_by, line.chunks))
    numeric = all(is_numeric(chunk_text(ink, chunk.places)) for chunk in cut.chunks)
    return None if len(cut.chunks) < 2 or crossed or numeric else True
