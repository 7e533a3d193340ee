"""Tables without rules whose columns are named by a line of bold type, whatever long their entries are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Chunk, Ink, TextLine, chunk_text, is_marker, is_numeric

LONGEST_NAME = 6
"""A column's name has at most so many words."""
APART = 0.6
"""Columns stand at least so many ems apart."""
FARTHEST = 2.0
"""Lines of one table have at most so many ems between them."""
KINDS = 1.6
"""Gaps between rows are so many times as high as those between the lines of a cell."""
WORDY = 4.0
"""Entries of running text have at least so many words."""
TERSE = 3.0
"""Entries that tell rows apart have at most so many."""
FEWEST_ROWS = 2
"""Rows below the names, at least, where a column is wordy;"""
FEWEST_TERSE_ROWS, FEWEST_TERSE_COLUMNS, FULL = 4, 3, 0.9
"""rows, columns, and share of cells that are full where none is."""


@dataclass(slots=True)
class _Column:
    """A column, as far as its writing reaches."""

    x0: float
    x1: float

    def shared(self, chunk: Chunk) -> float:
        """What lies over a chunk; negative is the distance to it."""
        return min(self.x1, chunk.x1) - max(self.x0, chunk.x0)

    def take(self, chunk: Chunk) -> None:
        """Reach over a chunk too."""
        self.x0, self.x1 = min(self.x0, chunk.x0), max(self.x1, chunk.x1)


def named_grids(ink: Ink, lines: Sequence[TextLine]) -> Iterator[Grid]:
    """Grids below lines of bold names, as far as no line runs across their columns."""
    for place, line in enumerate(lines):
        if (place and _is_bold(lines[place - 1], ink) and len(lines[place - 1].chunks) > 1) or not _names(line, ink):
            continue
        columns = [_Column(chunk.x0, chunk.x1) for chunk in line.chunks]
        body = _body(lines[place + 1 :], line, columns, ink)
        grid = _grid(line, body, columns, ink) if len(body) >= FEWEST_ROWS else None
        if grid is not None:
            yield grid


def _is_bold(line: TextLine, ink: Ink) -> bool:
    return all(ink.words[place].font.bold for place in line.places)


def _names(line: TextLine, ink: Ink) -> bool:
    """Whether a line may name columns."""
    texts = [chunk_text(ink, chunk.places) for chunk in line.chunks]
    short = all(len(chunk.places) <= LONGEST_NAME for chunk in line.chunks)
    said = not any(is_numeric(text) or is_marker(text) for text in texts)
    return len(texts) > 1 and short and said and _is_bold(line, ink)


def _body(lines: Sequence[TextLine], head: TextLine, columns: list[_Column], ink: Ink) -> list[TextLine]:
    """The lines below the names; `columns` grow by them."""
    taken: list[TextLine] = []
    last = head
    widest = 0.0
    for line in lines:
        gap = line.y0 - last.y1
        far = gap > FARTHEST * ink.em or (len(taken) > FEWEST_ROWS and gap > KINDS * max(widest, 0.4 * ink.em))
        homes = [_home(chunk, columns) for chunk in line.chunks]
        if far or None in homes or _is_bold(line, ink):
            break
        for chunk, home in zip(line.chunks, homes, strict=True):
            if home is not None:
                columns[home].take(chunk)
        taken.append(line)
        widest = max(widest, gap)
        last = line if line.y1 > last.y1 else last
    return taken


def _home(chunk: Chunk, columns: Sequence[_Column]) -> int | None:
    """The column that a chunk stands in; None when it reaches over two."""
    over = [place for place, column in enumerate(columns) if column.shared(chunk) > 0]
    if len(over) > 1:
        return None
    return over[0] if over else max(range(len(columns)), key=lambda place: columns[place].shared(chunk))


def _grid(head: TextLine, body: Sequence[TextLine], columns: Sequence[_Column], ink: Ink) -> Grid | None:
    if any(after.x0 - before.x1 < APART * ink.em for before, after in pairwise(columns)):
        return None
    xs = (
        columns[0].x0 - 0.2 * ink.em,
        *((before.x1 + after.x0) / 2 for before, after in pairwise(columns)),
        columns[-1].x1 + 0.2 * ink.em,
    )
    bottom = max(line.y1 for line in body)
    cuts = _cuts(body, ink.em)
    if cuts is None:
        return None
    top = (head.y1 + min(line.y0 for line in body)) / 2
    grid = Grid(xs=xs, ys=(head.y0, top, *cuts, bottom), header_rows=1)
    return grid if _reads_well(grid, ink) else None


def _cuts(body: Sequence[TextLine], em: float) -> list[float] | None:
    """Where rows end: at the high ones of the white strips, where these are of two kinds; else at all of them."""
    strips: list[tuple[float, float]] = []
    reach = body[0].y1
    for line in sorted(body, key=lambda each: each.y0)[1:]:
        if line.y0 > reach:
            strips.append((line.y0 - reach, (reach + line.y0) / 2))
        reach = max(reach, line.y1)
    if not strips:
        return None
    heights = sorted(height for height, _ in strips)
    jump, least = max(((b / max(a, 0.05 * em), b) for a, b in pairwise(heights)), default=(1.0, 0.0))
    return [y for height, y in strips if jump < KINDS or height >= least]


def _reads_well(grid: Grid, ink: Ink) -> bool:
    """Whether entries read like those of a table: short ones begin the rows, or no cell is empty."""
    inside = ink.take(ink.inside(grid.box))
    rows, columns = grid.squares(inside)
    counts = np.zeros((grid.rows, grid.columns))
    np.add.at(counts, (rows, columns), 1)
    counts = counts[1:]
    full = counts > 0
    lengths = counts.sum(axis=0) / np.maximum(1, full.sum(axis=0))
    if len(counts) < FEWEST_ROWS or not full[:, 0].mean() > FULL:
        return False
    if (lengths >= WORDY).any():
        return bool(lengths[0] <= TERSE)
    enough = len(counts) >= FEWEST_TERSE_ROWS and grid.columns >= FEWEST_TERSE_COLUMNS
    return bool(enough and full.mean() >= FULL)
