"""All tables of one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from octavo.domain.block import Drawing, Rule, Table, Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.tables.aligned import aligned_grid
from octavo.structure.tables.cells import ruled_grid
from octavo.structure.tables.choose import Proposal, fitness
from octavo.structure.tables.grid import Grid, filled
from octavo.structure.tables.ink import Floats, Ink
from octavo.structure.tables.regions import aligned_regions, rule_stacks
from octavo.structure.tables.ruled import components, edges_of, lattice


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTable:
    """A table and where it is.

    Attributes:
        box: around the grid and its words, in page pixels.
        table: the grid; cell texts are the words as they stand, not escaped.
        words: those inside, each in exactly one cell.
        confidence: that this is a table with these cells, 0 to 1.
    """

    box: BBox
    table: Table
    words: tuple[Word, ...]
    confidence: float


def find_tables(
    words: Sequence[Word], rules: Sequence[Rule], drawings: Sequence[Drawing], size: Size
) -> tuple[FoundTable, ...]:
    """Tables of one page, top to bottom; boxes are in the pixels of `size`, whatever the resolution."""
    if not words:
        return ()
    ink = Ink.of(words)
    edges = edges_of(rules, drawings, size, ink.em)
    grids = [*_ruled(ink, edges), *_stacked(ink, edges.horizontal), *_loose(ink, edges.horizontal)]
    return _chosen(_proposal(grid, ink) for grid in grids)


def _ruled(ink: Ink, edges) -> Iterator[Grid]:
    for part in components(edges, ink.em):
        drawn = lattice(part, ink)
        if drawn is None:
            continue
        if len(drawn.xs) > 2:
            inside = ink.take(ink.inside(drawn.box))
            yield ruled_grid(drawn, inside)
        else:
            grid = _aligned(ink, drawn.box, edges.horizontal)
            if grid:
                yield grid


def _stacked(ink: Ink, rules: Floats) -> Iterator[Grid]:
    for region in rule_stacks(rules, ink):
        grid = _aligned(ink, region, rules)
        if grid:
            yield grid


def _loose(ink: Ink, rules: Floats) -> Iterator[Grid]:
    for region in aligned_regions(ink):
        grid = _aligned(ink, region, rules)
        if grid:
            yield grid


def _aligned(ink: Ink, region: BBox, rules: Floats) -> Grid | None:
    inside = ink.take(ink.inside(region.grown(0.2 * ink.em)))
    return aligned_grid(inside, region, rules) if inside.words else None


def table_in(region: BBox, words: Sequence[Word], rules: Sequence[Rule]) -> FoundTable | None:
    """The best grid for a region that is known to be a table; None when no word lies in it."""
    inside = [word for word in words if region.holds(word.box)]
    if not inside:
        return None
    ink = Ink.of(inside)
    size = Size(region.x1 * 2, region.y1 * 2)
    near = [rule for rule in rules if rule.box.intersection(region.grown(ink.em)) > 0]
    edges = edges_of(near, (), size, ink.em)
    grids = [*_ruled(ink, edges), _aligned(ink, region, edges.horizontal)]
    made = [_proposal(grid, ink) for grid in grids if grid is not None]
    whole = [each for each in made if len(each.ink.words) == len(inside)]
    best = max(whole, key=fitness, default=None)
    if best is None:
        best = _proposal(Grid((region.x0, region.x1), (region.y0, region.y1)), ink)
    return _found(best, max(0.3, fitness(best)))


def _proposal(grid: Grid, ink: Ink) -> Proposal:
    inside = ink.take(ink.inside(grid.box))
    return Proposal(grid, inside, filled(grid, inside))


def _chosen(proposals: Iterable[Proposal]) -> tuple[FoundTable, ...]:
    """The fittest proposals that do not overlap."""
    scored = sorted(((fitness(each), each) for each in proposals), key=lambda pair: -pair[0])
    taken: list[FoundTable] = []
    for score, proposal in scored:
        if score > 0 and not any(proposal.grid.box.intersection(other.box) > 0 for other in taken):
            taken.append(_found(proposal, score))
    return tuple(sorted(taken, key=lambda each: (each.box.y0, each.box.x0)))


def _found(proposal: Proposal, score: float) -> FoundTable:
    box = union_of([proposal.grid.box, *(word.box for word in proposal.ink.words)])
    words = tuple(word for cell in proposal.table.cells for word in cell.words)
    return FoundTable(box=box, table=proposal.table, words=words, confidence=score)
