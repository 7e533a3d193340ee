"""Where tables may stand that no closed lattice tells of: between rules of one width, and where lines line up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from octavo.domain.geometry import BBox
from octavo.structure.tables.aligned import gutters_of
from octavo.structure.tables.ink import Floats, Ink, TextLine, text_lines

SAME_END = 1.2
"""Rules whose ends differ by less than this (in ems) belong to one table."""
SHORTEST = 4.0
"""Rules of tables are at least this long (in ems)."""


def rule_stacks(rules: Floats, ink: Ink) -> list[BBox]:
    """Regions between rules of one width, with words set in columns between them."""
    regions: list[BBox] = []
    for family in _families(rules, ink.em):
        run: list[float] = []
        x0, x1 = min(each[1] for each in family), max(each[2] for each in family)
        for (above, *_), (below, *_) in pairwise(family):
            if _tabular(ink, BBox(x0 - ink.em, above, x1 + ink.em, below)):
                run = run or [above]
                run.append(below)
            elif run:
                regions.append(BBox(x0, run[0], x1, run[-1]))
                run = []
        if run:
            regions.append(BBox(x0, run[0], x1, run[-1]))
    return regions


def _families(rules: Floats, em: float) -> list[list[tuple[float, float, float]]]:
    """Rules that start and end at the same places, each family from top to bottom."""
    families: list[list[tuple[float, float, float]]] = []
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


def _tabular(ink: Ink, band: BBox) -> bool:
    """Whether the words between two rules stand in columns, or are a title of a few lines between such bands."""
    part = ink.take(ink.inside(band))
    if not part.words:
        return False
    lines = text_lines(part)
    if not gutters_of(lines, band, part.em):
        return len(lines) <= 2
    return not is_prose(part, lines)


def is_prose(ink: Ink, lines: Sequence[TextLine]) -> bool:
    """Whether most words stand in long runs, line upon line."""
    long = sum(len(chunk.places) for line in lines for chunk in line.chunks if _is_long(ink, len(chunk.places), chunk.x1 - chunk.x0))
    return len(lines) > 3 and long > 0.6 * len(ink.words)


def _is_long(ink: Ink, count: int, width: float) -> bool:
    return count >= 5 and width >= 12 * ink.em


def aligned_regions(ink: Ink) -> list[BBox]:
    """Regions where several lines, one below the other, are set in the same columns."""
    lines = text_lines(ink)
    return [region for run in _runs_of(lines, ink) if (region := _region(run, ink)) is not None]


def _runs_of(lines: Sequence[TextLine], ink: Ink) -> Iterable[list[TextLine]]:
    """Runs of lines with several chunks, title lines between them included."""
    run: list[TextLine] = []
    loose = 0
    for line in lines:
        short = len(line.chunks) > 1 and not is_wide(ink, line)
        near = bool(run) and line.center - run[-1].center < 2.6 * ink.em
        if short and (near or not run):
            run.append(line)
            loose = 0
        elif short:
            yield _trimmed(run)
            run, loose = [line], 0
        elif near and loose < 1 and not is_wide(ink, line):
            run.append(line)
            loose += 1
        elif run:
            yield _trimmed(run)
            run, loose = [], 0
    if run:
        yield _trimmed(run)


def is_wide(ink: Ink, line: TextLine) -> bool:
    """Whether a line is writing rather than entries of a table."""
    words = sum(len(chunk.places) for chunk in line.chunks if _is_long(ink, len(chunk.places), chunk.x1 - chunk.x0))
    return words > 0.5 * len(line.places)


def _trimmed(run: list[TextLine]) -> list[TextLine]:
    while run and len(run[-1].chunks) < 2:
        run = run[:-1]
    return run


def _region(run: Sequence[TextLine], ink: Ink) -> BBox | None:
    multi = [line for line in run if len(line.chunks) > 1]
    if len(multi) < 3:
        return None
    x0 = min(line.chunks[0].x0 for line in run)
    x1 = max(line.chunks[-1].x1 for line in run)
    return BBox(x0 - 0.1 * ink.em, run[0].y0, x1 + 0.1 * ink.em, run[-1].y1)
