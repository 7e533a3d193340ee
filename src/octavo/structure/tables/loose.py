"""Areas of tables without rules: lines one below the other that are set in the same columns.

Columns of numbers are the surest sign: they hold lines together over gaps and titles, and names stand above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from octavo.domain.geometry import BBox
from octavo.structure.tables.area import FARTHEST, TableArea, clipped_lines, is_caption, is_long, is_wide
from octavo.structure.tables.columns import Columns
from octavo.structure.tables.ink import Ink, TextLine, chunk_text, is_marker, is_numeric

NUMBERS_APART = 4.5
"""Rows of numbers under one another are at most this far apart (in ems)."""
SAME_EDGE = 0.6
"""Numbers whose right edges differ by less than this (in ems) stand in one column; a bracket may hang over."""
SPARSE = 0.2
"""An outer column with entries in a smaller share of the lines is none."""
MOST_TITLES = 3
"""At most so many lines without entries stand between two rows."""
FEWEST_BELOW = 2
"""Lines below those names, at least."""
LARGER = 1.2
"""No column is named in type so many times as large as the entries, and as the text."""
FEWEST_ROWS = 3
"""Lines with several entries, at least, those that name columns of numbers among them."""
MOST_HEADER_LINES = 8
"""At most so many lines above the first row are looked at for names of columns."""


def loose_areas(lines: Sequence[TextLine], ink: Ink) -> Iterator[TableArea]:
    """Areas where several lines are set in the same columns, each with the header above it."""
    numbers = aligned_numbers(lines, ink)
    reach = _reach(lines, ink)
    for start, end in _runs(lines, numbers, reach, ink):
        area = _area(lines, (start, end), max(numbers[start:end]) > 1, reach, ink)
        if area is not None:
            yield area


def _reach(lines: Sequence[TextLine], ink: Ink) -> float:
    """How far apart lines of one table are at most: a blank line is no end of it."""
    steps = [below.center - above.center for above, below in pairwise(lines)]
    near = [step for step in steps if ink.em < step < 3 * ink.em]
    return max(FARTHEST * ink.em, min(2.2 * median(near), 4 * ink.em) if near else 0.0)


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


def _runs(lines: Sequence[TextLine], numbers: Sequence[int], reach: float, ink: Ink) -> Iterator[tuple[int, int]]:
    """From where to where lines have entries; lines between them are titles or wrapped entries."""
    start = last = -1
    em = type_size((line for line, number in zip(lines, numbers, strict=True) if number > 1), ink)
    for place, line in enumerate(lines):
        large = numbers[place] < 2 and _is_large(line, ink, em)
        tabular = not large and (numbers[place] > 1 or (len(line.chunks) > 1 and not is_wide(line, ink)))
        if start >= 0:
            title = any(_titles(line, above) for above in lines[max(start, last - MOST_TITLES) : last + 1])
            held = (title or numbers[place] > 1) and max(numbers[start : last + 1]) > 1
            far = max(reach, NUMBERS_APART * ink.em) if held else reach
            step = line.center - lines[place - 1].center
            wide = is_wide(line, ink) and not tabular and not title
            if step > far or place - last > MOST_TITLES or wide or large:
                yield start, last + 1
                start = -1
        if tabular:
            start = place if start < 0 else start
            last = place
    if start >= 0:
        yield start, last + 1


def _titles(line: TextLine, above: TextLine) -> bool:
    """Whether a long line may be the title of rows: it ends before the numbers, or their names, above it begin."""
    return sum(chunk.x0 > line.chunks[-1].x1 for chunk in above.chunks) > 1


def _area(lines: Sequence[TextLine], run: tuple[int, int], ledger: bool, reach: float, ink: Ink) -> TableArea | None:
    part = _below_names(trimmed(lines[run[0] : run[1]], ink), ink)
    if _entries(part) < (FEWEST_ROWS - 1 if ledger else FEWEST_ROWS):
        return None
    columns = Columns.of(part, ink.em)
    x0, x1 = min(line.chunks[0].x0 for line in part), max(line.chunks[-1].x1 for line in part)
    above = clipped_lines(lines[: run[0]], BBox(x0 - 2 * ink.em, 0.0, x1 + 2 * ink.em, part[0].center))
    em = type_size(part, ink)
    part = [*header_above(above, part[0].center, columns, reach, ink, em, ledger=ledger), *part]
    if _entries(part) < FEWEST_ROWS:
        return None
    x0, x1 = min(line.chunks[0].x0 for line in part), max(line.chunks[-1].x1 for line in part)
    margin = 0.2 * ink.em
    top = min(line.y0 for line in part)
    return TableArea(tuple(part), BBox(x0 - margin, top, x1 + margin, max(line.y1 for line in part)))


def _entries(lines: Iterable[TextLine]) -> int:
    """How many lines have several entries."""
    return sum(len(line.chunks) > 1 for line in lines)


def _below_names(lines: Sequence[TextLine], ink: Ink) -> Sequence[TextLine]:
    """The lines from the one on that names every column in bold type, when lighter ones stand above and below it."""
    for place, line in enumerate(lines[:-FEWEST_BELOW]):
        if _is_bold(line, ink):
            every = len(line.chunks) >= max(len(other.chunks) for other in lines)
            lighter = not any(_is_bold(other, ink) for other in (*lines[:place], lines[place + 1]))
            return lines[place:] if every and lighter and len(line.chunks) > 2 else lines
    return lines


def trimmed(lines: Sequence[TextLine], ink: Ink) -> list[TextLine]:
    """The lines without what stands beside the table: outer columns that hold running text or hardly anything."""
    part = _without_markers(lines, ink)
    while True:
        columns = Columns.of(part, ink.em)
        side = next(
            (side for side in (0, columns.count - 1) if columns.gutters and _is_foreign(part, columns, side, ink)), None
        )
        if side is None:
            return part
        kept = [
            TextLine(chunks, line.y0, line.y1)
            for line in part
            if (chunks := tuple(chunk for chunk in line.chunks if columns.column_of(chunk) != side))
        ]
        if len(kept) < 3:
            return part
        part = kept


def _without_markers(lines: Sequence[TextLine], ink: Ink) -> list[TextLine]:
    """The lines without marks of lists at their left that nothing stands above or below of."""
    kept: list[TextLine] = []
    for line in lines:
        chunks = list(line.chunks)
        others = [chunk for other in lines if other is not line for chunk in other.chunks]
        while len(chunks) > 1 and is_marker(chunk_text(ink, chunks[0].places)):
            if any(other.x0 < chunks[0].x1 and other.x1 > chunks[0].x0 for other in others):
                break
            chunks.pop(0)
        kept.append(TextLine(tuple(chunks), line.y0, line.y1))
    return kept


def _is_foreign(lines: Sequence[TextLine], columns: Columns, side: int, ink: Ink) -> bool:
    held = [chunk for line in lines for chunk in line.chunks if columns.column_of(chunk) == side]
    long = sum(is_long(chunk.places, chunk.width, ink.em) for chunk in held)
    running = long > 0.6 * len(held) and long > 2 and not (side == 0 and _counted(lines, columns, ink))
    return running or len(held) < max(2, SPARSE * len(lines))


def _counted(lines: Sequence[TextLine], columns: Columns, ink: Ink) -> bool:
    """Whether most lines with something in the first column go on with several numbers, which it names."""
    named = [line for line in lines if columns.column_of(line.chunks[0]) == 0]
    texts = [[chunk_text(ink, chunk.places) for chunk in line.chunks[1:]] for line in named]
    return sum(sum(map(is_numeric, each)) > 1 for each in texts) >= 0.5 * len(named)


def type_size(lines: Iterable[TextLine], ink: Ink) -> float:
    """The usual size of type of these lines, and at least that of the text: notes may be most of it, and smaller."""
    places = [place for line in lines for place in line.places]
    return max(ink.em, float(np.median(ink.size[places]))) if places else ink.em


def header_above(
    above: Sequence[TextLine], edge: float, columns: Columns, reach: float, ink: Ink, em: float, *, ledger: bool
) -> list[TextLine]:
    """The last lines of `above`, which end at height `edge`, that name columns.

    Args:
        above: lines of the page, top to bottom.
        edge: where the table begins as far as it is known.
        columns: of it.
        reach: how far apart lines of the header are at most.
        ink: the words that the lines tell of.
        em: size of type of the entries.
        ledger: whether the columns are of numbers.
    """
    taken: list[TextLine] = []
    kept = 0
    for line in list(reversed(above))[:MOST_HEADER_LINES]:
        names = _names(line, columns, ink, ledger=ledger)
        far = max(reach, NUMBERS_APART * ink.em) if ledger and _holds(line, columns) else reach
        below = [each for each in taken if not _titles_rows(each, columns)]
        if edge - line.center > far or is_caption(line, ink) or names is None or _heads(line, below, ink, em):
            break
        taken.append(line)
        kept = len(taken) if names else kept
        edge = line.center
    return list(reversed(taken[:kept]))


def _holds(line: TextLine, columns: Columns) -> bool:
    """Whether a line over columns of numbers keeps to the names of rows, or names several columns."""
    beyond = [chunk for chunk in line.chunks if columns.column_of(chunk) > 0]
    return len(beyond) > 1 or _titles_rows(line, columns)


def _titles_rows(line: TextLine, columns: Columns) -> bool:
    """Whether a line stands in the column of names alone."""
    return all(columns.column_of(chunk) == 0 and not columns.crossed_by(chunk) for chunk in line.chunks)


def _heads(line: TextLine, below: Sequence[TextLine], ink: Ink, em: float) -> bool:
    """Whether a line heads the page rather than columns: in larger type, or lighter than the names below it."""
    names = (each for each in below if len(each.chunks) > 1)  # one alone titles rows
    return _is_large(line, ink, em) or (any(_is_bold(each, ink) for each in names) and not _is_bold(line, ink))


def _is_large(line: TextLine, ink: Ink, em: float) -> bool:
    return bool((ink.size[line.places] > LARGER * em).mean() > 0.5)


def _is_bold(line: TextLine, ink: Ink) -> bool:
    return sum(ink.words[place].font.bold for place in line.places) > 0.5 * len(line.places)


def _names(line: TextLine, columns: Columns, ink: Ink, *, ledger: bool) -> bool | None:
    """Whether a line names columns; None when it is no line of the header.

    Over columns of numbers a name may span several of them, and lines that stand in the first column alone may lie
    between names and numbers; other columns need names that all stand apart.
    """
    cut = columns.cut(ink, line)
    if ledger and columns.gutters and _titles_rows(line, columns):
        return False
    if not columns.gutters or any(is_long(chunk.places, chunk.width, ink.em) for chunk in cut.chunks):
        return None
    if cut is line and any(0 in columns.crossed_by(chunk) for chunk in line.chunks):
        return None
    if ledger:
        return any(columns.column_of(chunk) > 0 for chunk in cut.chunks)
    crossed = cut is line and any(map(columns.crossed_by, line.chunks))
    numeric = all(is_numeric(chunk_text(ink, chunk.places)) for chunk in cut.chunks)
    return None if len(cut.chunks) < 2 or crossed or numeric else True
