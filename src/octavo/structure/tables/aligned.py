"""Grids of tables that draw no closed lattice: columns between gutters, rows between lines of writing.

Serves tables without rules, with rules below header rows only (three-line tables), and the inside of frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.cells import between, merged_places, writing_in
from octavo.structure.tables.columns import CURRENCIES, Columns, symbol_boundaries
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Chunk, Flags, Floats, Ink, TextLine, chunk_text, is_quantity, part_of
from octavo.structure.tables.rows import pieces_of, row_pitch, rows_of

OFF_CENTER = 0.6
"""The middle of a spanning name is at most this far (in ems) from the middle of its columns."""

NEARER = 1.2
"""A title of rows stands so many times as far from the names of columns as from its rows, or farther."""
UNITS = CURRENCIES | {"%", "(%)"}
"""Signs below names of columns, of what is counted in them."""

Stroke: TypeAlias = tuple[float, float, float]
"""A horizontal rule: y, x0, x1."""


def aligned_grid(
    ink: Ink, lines: Sequence[TextLine], box: BBox, rules: Floats, columns: Columns | None = None
) -> Grid | None:
    """The grid of `lines` by their alignment; None when they stand in fewer than two columns.

    Args:
        ink: the words that `lines` tell of.
        lines: the lines of the region, top to bottom.
        box: the region.
        rules: horizontal edges of the page, n x 3 of y, x0, x1.
        columns: of the region, when they are known.
    """
    columns = columns or Columns.of(lines, ink.em)
    if not columns.gutters or not lines:
        return None
    lines = [columns.cut(ink, line) for line in lines]
    again = Columns.of(lines, ink.em)
    columns = again if again.count == columns.count else columns
    columns = columns.without(symbol_boundaries(ink, columns.boundaries(box.x0, box.x1)))
    xs = columns.boundaries(box.x0, box.x1)
    inner = _inner(rules, box, ink.em)
    full = _across(inner, xs, ink.em)
    below_names = full or _across(inner, xs[1:], ink.em)
    most = 1 if full else 0  # a rule below numbers alone may be that of a sum
    header_end = _above_title(ink, lines, xs, _header_end(ink, lines, xs, below_names, most))
    head = [line for line in lines if line.center < header_end]
    part = [each for each in inner if each[0] < header_end - 0.2 * ink.em]
    rows = [*_header_rows(ink, head, columns, part), *rows_of(ink, lines, xs, full, len(head))]
    ys = (box.y0, *(between(above, below) for above, below in pairwise(rows)), box.y1)
    right, below = _sides(ink, lines, xs, ys, part)
    header_rows = sum(row[-1].center < header_end for row in rows)
    _widen(right, rows, columns, part, header_rows)
    merged = tuple(merged_places(right, below))
    return Grid(xs=xs, ys=ys, merged=merged, header_rows=header_rows, ruled=min(1.0, len(full) / len(rows)))


def header_grid(ink: Ink, lines: Sequence[TextLine], columns: Columns, ends: tuple[float, float]) -> Grid:
    """The grid of header lines over known columns; `ends` are the left and right sides of the table."""
    cut = [columns.cut(ink, line) for line in lines]
    rows = _header_rows(ink, cut, columns, ())
    xs = columns.boundaries(*ends)
    ys = (lines[0].y0, *(between(above, below) for above, below in pairwise(rows)), max(line.y1 for line in lines))
    right = ~writing_in(xs, ys, *part_of(ink, cut)).crossed
    _widen(right, rows, columns, (), len(rows) + 1)
    below = np.ones((len(ys) - 2, len(xs) - 1), dtype=bool)
    return Grid(xs=xs, ys=ys, merged=tuple(merged_places(right, below)), header_rows=len(rows))


def _inner(rules: Floats, box: BBox, em: float) -> list[Stroke]:
    """Rules within the region, not its upper and lower sides, top to bottom."""
    return sorted(
        (y, max(x0, box.x0), min(x1, box.x1))
        for y, x0, x1 in rules.tolist()
        if box.y0 + 0.5 * em < y < box.y1 - 0.5 * em and min(x1, box.x1) - max(x0, box.x0) > em
    )


def _across(strokes: Sequence[Stroke], xs: Sequence[float], em: float) -> list[float]:
    """Heights at which rules, whole or in pieces, run below every column."""
    heights: list[float] = []
    for y, _, _ in strokes:
        if heights and y - heights[-1] < 0.3 * em:
            continue
        pieces = [(x0, x1) for other, x0, x1 in strokes if abs(other - y) < 0.3 * em]
        if all(any(x0 < (left + right) / 2 < x1 for x0, x1 in pieces) for left, right in pairwise(xs)):
            heights.append(y)
    return heights


def _header_end(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float], full: Sequence[float], most: int) -> float:
    """Where the header ends: at the first rule across, else above the first line of numbers; else at the top.

    A rule that ends the header has no more than `most` lines of numbers above it.
    """
    pieces = [pieces_of(ink, line, xs) for line in lines]
    counts = [sum(is_quantity(piece.text) for column, piece in each.items() if column) for each in pieces]
    numbers = [count >= 0.5 * max(1, *counts) for count in counts]
    ruled = next((y for y in full if lines[0].center < y), None)
    if (
        ruled is not None
        and sum(number for number, line in zip(numbers, lines, strict=True) if line.center < ruled) <= most
    ):
        return ruled
    first = numbers.index(True) if any(numbers) else 0
    named = any(column for each in pieces[:first] for column in each)
    if not 0 < first <= 8 or any(counts[:first]) or not named:
        return lines[0].y0 - 1
    return (lines[first - 1].center + lines[first].center) / 2


def _above_title(ink: Ink, lines: Sequence[TextLine], xs: Sequence[float], end: float) -> float:
    """The end of the header without the titles of the first rows: lines in the first column alone.

    They stand as far off as rows do, or nearer to the rows than to the names, or end with a colon.
    """
    head = sum(line.center < end for line in lines)
    pieces = [pieces_of(ink, line, xs) for line in lines]
    pitch = row_pitch(lines, pieces)
    while 1 < head < len(lines) and pieces[head - 1].keys() == {0}:
        above, title, below = (lines[place].center for place in (head - 2, head - 1, head))
        own = 0 < 0.9 * pitch <= title - above or title - above > NEARER * (below - title)
        if not own and not pieces[head - 1][0].text.endswith((":", "：")):
            break
        end = (above + title) / 2
        head -= 1
    return end


def _header_rows(ink: Ink, lines: Sequence[TextLine], columns: Columns, part: Sequence[Stroke]) -> list[list[TextLine]]:
    """Rows of the header: parted by the rules in it, and after lines that run across gutters."""
    rows: list[list[TextLine]] = []
    for line in lines:
        if rows and not _starts_row(ink, rows[-1][-1], line, columns, part):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _starts_row(ink: Ink, above: TextLine, line: TextLine, columns: Columns, part: Sequence[Stroke]) -> bool:
    """Whether a line of the header is a row of its own, not the next line of wrapped names."""
    if any(above.center < y < line.center for y, _, _ in part):
        return True
    if all(chunk_text(ink, chunk.places) in UNITS for chunk in line.chunks):
        return False
    if _grouped(above, line, columns) or _side_by_side(above, line, part):
        return True
    known = (columns, _below(columns, line)) if len(line.chunks) > len(above.chunks) else ()
    if any(first < last for each in known for first, last in _groups(above.chunks, each)):
        return True
    xs = columns.boundaries(above.chunks[0].x0, above.chunks[-1].x1)
    upper, lower = pieces_of(ink, above, xs), pieces_of(ink, line, xs)
    both = upper.keys() & lower.keys()
    if sum(is_quantity(upper[column].text) and not lower[column].numeric for column in both) > 1:
        return True
    return not part and ink.words[above.places[0]].font.bold != ink.words[line.places[0]].font.bold


def _grouped(above: TextLine, line: TextLine, columns: Columns) -> bool:
    """Whether a name in `above` runs across columns that have names of their own in `line`."""
    for chunk in above.chunks:
        crossed = columns.crossed_by(chunk)
        if crossed:
            under = [each for each in line.chunks if crossed[0] <= columns.column_of(each) <= crossed[-1] + 1]
            if len(under) > 1 or not under:
                return True
    return False


def _side_by_side(above: TextLine, line: TextLine, part: Sequence[Stroke]) -> bool:
    """Whether two names over one rule stand at different heights, but not one below the other."""
    for y, x0, x1 in part:
        if y > line.center:
            upper = [chunk for chunk in above.chunks if x0 < (chunk.x0 + chunk.x1) / 2 < x1]
            lower = [chunk for chunk in line.chunks if x0 < (chunk.x0 + chunk.x1) / 2 < x1]
            if upper and lower and all(min(a.x1, b.x1) < max(a.x0, b.x0) for a in upper for b in lower):
                return True
    return False


def _sides(
    ink: Ink, lines: Sequence[TextLine], xs: Sequence[float], ys: Sequence[float], part: Sequence[Stroke]
) -> tuple[Flags, Flags]:
    """Where squares are parted: everywhere, save where writing or a rule below it says that a cell goes on."""
    writing = writing_in(xs, ys, ink, lines)
    right = ~writing.crossed
    below = np.ones((len(ys) - 2, len(xs) - 1), dtype=bool)
    middles = (np.array(xs[:-1]) + np.array(xs[1:])) / 2
    grouped: dict[int, Flags] = {}
    for y, x0, x1 in part:
        row = int(np.searchsorted(ys, y)) - 1
        if 0 <= row < len(below):
            under: Flags = (middles > x0) & (middles < x1)
            right[row] &= ~(under[:-1] & under[1:])
            grouped[row] = under | grouped.get(row, np.zeros(len(middles), dtype=bool))
    for row, under in grouped.items():
        below[row] = under
    for row in range(max(grouped, default=0)):
        if row not in grouped:
            below[row] &= writing.held[row] | ~writing.held[row + 1 :].any(axis=0)
    return right, below


def _widen(
    right: Flags, rows: Sequence[Sequence[TextLine]], columns: Columns, part: Sequence[Stroke], header_rows: int
) -> None:
    """Lets names that run across gutters, or stand in no column, span all the columns that they are centered on."""
    for number, row in enumerate(rows):
        chunks = sorted((chunk for line in row for chunk in line.chunks), key=lambda chunk: chunk.x0)
        if any(row[-1].y0 < y < 2 * row[-1].y1 - row[-1].y0 for y, _, _ in part):
            continue
        groups = _groups(chunks, columns) if number + 1 < header_rows else []
        if not groups and number + 1 < min(header_rows, len(rows)):
            groups = _groups(chunks, _below(columns, rows[number + 1][0]))
        for first, last in groups or _crossing(chunks, columns):
            right[number, first:last] = False


def _crossing(chunks: Sequence[Chunk], columns: Columns) -> Iterator[tuple[int, int]]:
    """The columns that each chunk which runs across a gutter spans, first and last."""
    for chunk in chunks:
        crossed = columns.crossed_by(chunk)
        if crossed:
            taken = {columns.column_of(each) for each in chunks if each is not chunk}
            yield _centered(chunk, (crossed[0], crossed[-1] + 1), taken, columns)


def _groups(chunks: Sequence[Chunk], columns: Columns) -> list[tuple[int, int]]:
    """The columns, first and last, below each name of a header row, when every name is centered on its own.

    The first column is the rows' own; each other one belongs to the name that is nearest.
    """
    names = [chunk for chunk in chunks if columns.column_of(chunk) > 0 or columns.crossed_by(chunk)]
    if not 0 < len(names) <= (columns.count - 1) / 2 or any(map(math.isnan, columns.middle)):
        return []
    middles = [(name.x0 + name.x1) / 2 for name in names]
    homes = [
        min(range(len(names)), key=lambda name: abs(middles[name] - columns.middle[column]))
        for column in range(1, columns.count)
    ]
    groups = [(homes.index(name) + 1, columns.count - 1 - homes[::-1].index(name)) for name in sorted(set(homes))]
    centered = all(
        _is_middle(middle, columns.left[first], columns.right[last], columns.em)
        for middle, (first, last) in zip(middles, groups, strict=False)
    )
    return groups if len(groups) == len(names) and centered else []


def _below(columns: Columns, line: TextLine) -> Columns:
    """The columns, as far as the names of one line go where each one but the first has a name there."""
    held = {columns.column_of(chunk): chunk for chunk in line.chunks if not columns.crossed_by(chunk)}
    if len(held) < len(line.chunks) or not held.keys() >= set(range(1, columns.count)):
        return columns
    left = tuple(held[each].x0 if each in held else columns.left[each] for each in range(columns.count))
    right = tuple(held[each].x1 if each in held else columns.right[each] for each in range(columns.count))
    return replace(columns, left=left, right=right, middle=tuple((a + b) / 2 for a, b in zip(left, right, strict=True)))


def _centered(chunk: Chunk, span: tuple[int, int], taken: set[int], columns: Columns) -> tuple[int, int]:
    """The widest run of free columns, the first one left out, that a chunk over `span` is centered on."""
    low, high = span
    while low > 1 and low - 1 not in taken:
        low -= 1
    while high + 1 < columns.count and high + 1 not in taken:
        high += 1
    middle = (chunk.x0 + chunk.x1) / 2
    fitting = [
        (first, last)
        for first in range(low, span[0] + 1)
        for last in range(span[1], high + 1)
        if _is_middle(middle, columns.left[first], columns.right[last], columns.em)
    ]
    return max(fitting, key=lambda each: each[1] - each[0], default=span)


def _is_middle(x: float, left: float, right: float, em: float) -> bool:
    """Whether `x` is about half way; columns are wider than the writing in them, so long ways are measured roughly."""
    return abs((left + right) / 2 - x) < max(OFF_CENTER * em, 0.04 * (right - left))
