"""Areas between rules of one width, with words set in columns between them: three-line tables and ledgers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from octavo.domain.geometry import BBox
from octavo.structure.tables.aligned import Stroke
from octavo.structure.tables.area import FARTHEST, TableArea, clipped_lines, is_long
from octavo.structure.tables.columns import Columns, gutters_of
from octavo.structure.tables.ink import Floats, Ink, TextLine
from octavo.structure.tables.loose import aligned_numbers, header_above, type_size

SAME_END = 1.2
"""Rules whose ends differ by less than this (in ems) belong to one table."""
SHORTEST = 4.0
"""Rules of tables are at least this long (in ems)."""


def rule_stacks(rules: Floats, lines: Sequence[TextLine], ink: Ink) -> Iterator[TableArea]:
    """Areas between rules of one width, with words set in columns between them."""
    for family in _families(rules, ink.em):
        x0, x1 = min(each[1] for each in family), max(each[2] for each in family)
        bands = [
            (above, below, clipped_lines(lines, BBox(x0 - ink.em, above, x1 + ink.em, below)))
            for (above, *_), (below, *_) in pairwise(family)
        ]
        for run in _tabular_runs(bands, ink):
            inside = [line for _, _, band in run for line in band]
            top, bottom = run[0][0], run[-1][1]
            area = _opened_below(TableArea(tuple(inside), BBox(x0, top, x1, bottom)), len(run), lines, ink)
            yield _opened_above(area, lines, ink)


Band: TypeAlias = tuple[float, float, list[TextLine]]
"""Upper rule, lower rule, and the lines between them."""


def _families(rules: Floats, em: float) -> list[list[Stroke]]:
    """Rules that start and end at the same places, each family from top to bottom."""
    families: list[list[Stroke]] = []
    for y, x0, x1 in sorted(rules.tolist()):
        if x1 - x0 < SHORTEST * em:
            continue
        for family in families:
            _, left, right = family[0]
            if abs(left - x0) < SAME_END * em and abs(right - x1) < SAME_END * em:
                if y - family[-1][0] > 0.5 * em:
                    family.append((y, x0, x1))
                break
        else:
            families.append([(y, x0, x1)])
    return [family for family in families if len(family) > 1]


def _tabular_runs(bands: Sequence[Band], ink: Ink) -> Iterator[list[Band]]:
    """Bands one below the other that share their columns; single lines between them are titles within the table."""
    run: list[Band] = []
    columns = 0
    for band in bands:
        own = _band_columns(band[2], ink)
        lines = [line for each in run for line in each[2]]
        together = _count([*lines, *band[2]], ink) if own and run else own
        if own and (not run or together >= (own if len(band[2]) > len(lines) else columns)):
            run.append(band)
            columns = together
            continue
        if run and columns > 1:
            yield run
        run, columns = ([band], own) if own > 1 else ([], 0)
    if run and columns > 1:
        yield run


def _band_columns(lines: Sequence[TextLine], ink: Ink) -> int:
    """Columns in a band: 1 for a title of one line, 0 for what is not tabular."""
    if not lines or is_prose(lines, ink):
        return 0
    count = _count(lines, ink)
    return count if count > 1 or len(lines) == 1 else 0


def _count(lines: Sequence[TextLine], ink: Ink) -> int:
    return len(gutters_of(lines, ink.em)) + 1


def is_prose(lines: Sequence[TextLine], ink: Ink) -> bool:
    """Whether lines are running text: in every column of most lines, or in several lines across the columns."""
    long = [all(is_long(chunk.places, chunk.width, ink.em) for chunk in line.chunks) for line in lines]
    whole = [wide and len(line.chunks) == 1 for wide, line in zip(long, lines, strict=True)]
    return (len(lines) > 3 and sum(long) > 0.5 * len(lines)) or any(map(all, pairwise(whole)))


def _opened_below(area: TableArea, bands: int, lines: Sequence[TextLine], ink: Ink) -> TableArea:
    """The area with the rows below it, when its rules enclose nothing but a header."""
    if bands > 1:
        return area
    columns = Columns.of(area.lines, ink.em)
    below = clipped_lines(lines, BBox(area.box.x0 - ink.em, area.box.y1, area.box.x1 + ink.em, float("inf")))
    more: list[TextLine] = []
    bottom = area.box.y1
    for line in below:
        cut = columns.cut(ink, line)
        if line.center - bottom > FARTHEST * ink.em or len(cut.chunks) < 2 or any(map(columns.crossed_by, cut.chunks)):
            break
        more.append(line)
        bottom = line.y1
    if len(more) < 2 or len(area.lines) > 4:
        return area
    box = BBox(area.box.x0, area.box.y0, area.box.x1, bottom + 0.2 * ink.em)
    return TableArea((*area.lines, *more), box)


def _opened_above(area: TableArea, lines: Sequence[TextLine], ink: Ink) -> TableArea:
    """The area with the header above it, when its first rule lies below the header."""
    counts = aligned_numbers(area.lines, ink)
    box, columns = area.box, Columns.of(area.lines, ink.em)
    first = next((place for place, count in enumerate(counts) if count > 1), None)
    if first is None or any(columns.column_of(chunk) for line in area.lines[:first] for chunk in line.chunks):
        return area
    above = clipped_lines(lines, BBox(box.x0 - ink.em, 0.0, box.x1 + ink.em, box.y0))
    header = header_above(above, box.y0, columns, FARTHEST * ink.em, ink, type_size(area.lines, ink), ledger=True)
    if not header:
        return area
    return TableArea((*header, *area.lines), BBox(box.x0, header[0].y0 - 0.1 * ink.em, box.x1, box.y1))
