"""Where tables may stand that no closed lattice tells of: between rules of one width, and where lines line up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from octavo.domain.geometry import BBox
from octavo.structure.tables.aligned import Stroke
from octavo.structure.tables.columns import Columns
from octavo.structure.tables.ink import Floats, Ink, TextLine, is_numeric, chunk_text

_CAPTION = re.compile(
    r"(?:tab(?:le|leau|elle|la|ela)?|fig(?:ure|ura|\.)?|abb(?:ildung|\.)?|exhibit|chart|graph(?:ique)?|cuadro|quadro)\b"
    r"\.?\s*[\dA-Z]|[表図图]\s*\d|جدول",
    re.IGNORECASE,
)

SAME_END = 1.2
"""Rules whose ends differ by less than this (in ems) belong to one table."""
SHORTEST = 4.0
"""Rules of tables are at least this long (in ems)."""
FARTHEST = 2.6
"""Lines of one table are at most this far apart (in ems), unless rules hold them together."""


@dataclass(frozen=True, slots=True)
class TableArea:
    """Lines that may be a table, and its box."""

    lines: tuple[TextLine, ...]
    box: BBox


def clipped_lines(lines: Iterable[TextLine], box: BBox) -> list[TextLine]:
    """Lines within a box: chunks whose middle lies outside are left out."""
    found: list[TextLine] = []
    for line in lines:
        if box.y0 <= line.center <= box.y1:
            chunks = tuple(chunk for chunk in line.chunks if box.x0 <= (chunk.x0 + chunk.x1) / 2 <= box.x1)
            if chunks:
                found.append(TextLine(chunks, line.y0, line.y1))
    return found


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
            yield _opened_above(area, rules, lines, ink)


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
        together = Columns.of([*lines, *band[2]], ink.em).count
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
    count = Columns.of(lines, ink.em).count
    return count if count > 1 or len(lines) == 1 else 0


def is_prose(lines: Sequence[TextLine], ink: Ink) -> bool:
    """Whether lines are running text: in every column of most lines, or in several lines across the columns."""
    long = [all(is_long(chunk.places, chunk.width, ink.em) for chunk in line.chunks) for line in lines]
    whole = [wide and len(line.chunks) == 1 for wide, line in zip(long, lines, strict=True)]
    return (len(lines) > 3 and sum(long) > 0.5 * len(lines)) or any(map(all, pairwise(whole)))


def is_caption(line: TextLine, ink: Ink) -> bool:
    """Whether a line starts as captions do: `Table 3`."""
    return _CAPTION.match(chunk_text(ink, line.places[:3])) is not None


def is_long(places: Sequence[int], width: float, em: float) -> bool:
    """Whether a chunk is a piece of running text rather than an entry."""
    return len(places) >= 5 and width >= 12 * em


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


def _opened_above(area: TableArea, rules: Floats, lines: Sequence[TextLine], ink: Ink) -> TableArea:
    """The area with the header above it, when its first rule lies below the header.

    A line is taken when its words fall into the columns, or when a shorter rule between it and the table groups them.
    """
    columns = Columns.of(area.lines, ink.em)
    box = area.box
    above = clipped_lines(lines, BBox(box.x0 - ink.em, 0.0, box.x1 + ink.em, box.y0))
    more: list[TextLine] = []
    for line in reversed(above):
        top = more[0].center if more else box.y0
        cut = columns.cut(ink, line)
        within = cut is not line or not any(map(columns.crossed_by, cut.chunks))
        fits = len(cut.chunks) >= max(2, 0.6 * columns.count) and within
        grouped = bool(more) and any(
            line.center < y < top and x0 >= box.x0 - ink.em and x1 <= box.x1 + ink.em and line.chunks[0].x0 >= x0 - ink.em
            for y, x0, x1 in rules.tolist()
        )
        if top - line.center > FARTHEST * ink.em or not (fits or grouped) or is_caption(line, ink):
            break
        more.insert(0, line)
    if not more:
        return area
    return TableArea((*more, *area.lines), BBox(box.x0, more[0].y0 - 0.1 * ink.em, box.x1, box.y1))


def loose_areas(lines: Sequence[TextLine], ink: Ink) -> Iterator[TableArea]:
    """Areas where several lines, one below the other, are set in the same columns."""
    for start, end in _runs(lines, ink):
        area = _shared(lines, start, end, ink)
        if area is not None:
            yield area


def _runs(lines: Sequence[TextLine], ink: Ink) -> Iterator[tuple[int, int]]:
    """From where to where lines have several chunks; single lines between them are titles or wrapped cells."""
    start, last = -1, -1
    for place, line in enumerate(lines):
        several = len(line.chunks) > 1 and not is_wide(line, ink)
        if start >= 0:
            far = line.center - lines[place - 1].center > FARTHEST * ink.em
            if far or is_wide(line, ink) or place - last > 2:
                yield start, last + 1
                start = -1
        if several:
            start = place if start < 0 else start
            last = place
    if start >= 0:
        yield start, last + 1


def is_wide(line: TextLine, ink: Ink) -> bool:
    """Whether a line is writing rather than entries of a table."""
    words = sum(len(chunk.places) for chunk in line.chunks if is_long(chunk.places, chunk.width, ink.em))
    return words > 0.5 * len(line.places)


def _shared(lines: Sequence[TextLine], start: int, end: int, ink: Ink) -> TableArea | None:
    """The lines of a run that share their columns, with the header above them."""
    part = list(lines[start:end])
    if sum(len(line.chunks) > 1 for line in part) < 3:
        return None
    columns = Columns.of(part, ink.em)
    while start > 0 and (header := _header_above(lines, start, columns, ink)) is not None:
        start -= 1
        part.insert(0, header)
    x0 = min(line.chunks[0].x0 for line in part)
    x1 = max(line.chunks[-1].x1 for line in part)
    margin = 0.2 * ink.em
    return TableArea(tuple(part), BBox(x0 - margin, part[0].y0, x1 + margin, max(line.y1 for line in part)))


def _header_above(lines: Sequence[TextLine], start: int, columns: Columns, ink: Ink) -> TextLine | None:
    """The line above a run, when its words fall into the columns."""
    line = columns.cut(ink, lines[start - 1])
    far = lines[start].center - line.center > FARTHEST * ink.em
    spans = line is lines[start - 1] and any(map(columns.crossed_by, line.chunks))
    if far or len(line.chunks) < 2 or spans or is_caption(line, ink):
        return None
    return None if all(is_numeric(chunk_text(ink, chunk.places)) for chunk in line.chunks) else line
