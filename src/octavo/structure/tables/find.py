"""All tables of one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from octavo.domain.block import Drawing, Rule, Table, Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.tables.aligned import aligned_grid
from octavo.structure.tables.apart import Part, columns_apart
from octavo.structure.tables.area import TableArea, clipped_lines
from octavo.structure.tables.cells import ruled_grid
from octavo.structure.tables.choose import Kind, Proposal, fitness
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.grow import grown
from octavo.structure.tables.headed import is_headed_column
from octavo.structure.tables.ink import Flags, Floats, Ink, TextLine, part_of, text_lines
from octavo.structure.tables.loose import loose_areas
from octavo.structure.tables.named import named_grids
from octavo.structure.tables.prose import terse_lines
from octavo.structure.tables.ruled import Edges, components, edges_of, lattice, parts_columns, stitched
from octavo.structure.tables.stacks import rule_stacks
from octavo.structure.text.lines import is_upright

CLOSED = 0.45
"""A lattice that draws this share of its inner sides needs no other witness."""
LARGEST = 4.0
"""Larger writing (in times the usual size) is a watermark or a title."""
OWN = 0.9
"""Share of the words in its box that belong to an aligned table; running text through it shows that it is none."""
BESIDE = 3.0
"""Words this close (in ems) to a lattice belong to the rows beside them."""

Proposals: TypeAlias = Iterator[tuple[Grid, Kind]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTable:
    """A table and where it is.

    Attributes:
        box: around the grid and its words, in page pixels.
        table: the grid; cell texts are the words as they stand, not escaped.
        words: those inside, each in exactly one cell.
        confidence: that this is a table with these cells, 0 to 1.
        drawn: rules close its cells.
    """

    box: BBox
    table: Table
    words: tuple[Word, ...]
    confidence: float
    drawn: bool = False


def find_tables(
    words: Sequence[Word], rules: Sequence[Rule], drawings: Sequence[Drawing], size: Size
) -> tuple[FoundTable, ...]:
    """Tables of one page, top to bottom; boxes are in the pixels of `size`, whatever the resolution.

    Closed lattices are taken first, then what stands between rules, then what is aligned without rules; each word
    belongs to one table at most.
    """
    if not words:
        return ()
    every = Ink.of(words)
    usable = every.take(every.size < LARGEST * every.em)
    edges = edges_of(rules, drawings, size, usable)
    ground = _Ground(usable, edges)
    found: list[FoundTable] = []
    for propose in (_closed, _open):
        ground = _Ground(usable.take(_free(usable, found)), edges) if found else ground
        if len(ground.ink.words) < 4:
            break
        made = [Proposal.of(grid, ground.every, kind) for grid, kind in propose(ground)]
        found += _chosen(made, drawings, found)
    return tuple(sorted(found, key=lambda each: (each.box.y0, each.box.x0)))


def _free(ink: Ink, found: Sequence[FoundTable]) -> Flags:
    free = np.ones(len(ink.words), dtype=bool)
    for table in found:
        free &= ~ink.inside(table.box)
    return free


class _Ground:
    """Words that belong to no table yet, and edges: what grids are proposed from. What is told of it is found once."""

    def __init__(self, every: Ink, edges: Edges) -> None:
        self.every, self.edges = every, edges
        self.ink = every.take(np.array([is_upright(word) for word in every.words], dtype=bool))
        """Those that are upright."""

    @cached_property
    def lines(self) -> list[TextLine]:
        """Of the upright words."""
        return text_lines(self.ink)

    @cached_property
    def grids(self) -> list[Grid]:
        """Of lattices around them."""
        return list(_lattices(self.ink, self.edges))


def _closed(ground: _Ground) -> Proposals:
    """Grids of lattices that stand by themselves, with the rows right above and below them."""
    for grid in ground.grids:
        if grid.ruled >= CLOSED and not _leans(grid, ground.ink, ground.grids):
            whole = grown(grid, ground.lines, ground.ink)
            if whole.lines <= grid.rows:
                yield whole.grid, Kind.LATTICE


def _open(ground: _Ground) -> Proposals:
    """All other grids; where they overlap, the fitter one is taken."""
    edges = ground.edges
    for grid in ground.grids:
        whole = grown(grid, ground.lines, ground.ink)
        partial = _leans(grid, ground.ink, ground.grids) or whole.lines > grid.rows
        yield whole.grid, Kind.PART if partial else Kind.LATTICE
    for part in columns_apart(ground.ink, ground.lines, edges.horizontal):
        yield from _stacked(part.ink, part.lines, edges)
        yield from _loose(part, edges)
        yield from ((grid, Kind.NAMED) for grid in named_grids(part.ink, part.lines))


def _lattices(ink: Ink, edges: Edges) -> Iterator[Grid]:
    for part in stitched(components(edges, ink.em), ink):
        drawn = lattice(part, ink)
        if drawn is None or parts_columns(drawn, part, ink.em):
            continue
        inside = ink.take(ink.inside(drawn.box))
        if len(drawn.xs) > 2 or is_headed_column(drawn.ys, inside):
            yield ruled_grid(drawn, inside)


def _leans(grid: Grid, ink: Ink, others: Sequence[Grid] = ()) -> bool:
    """Whether words that no other grid has stand close beside most rows: it is only a part of a table."""
    box, near = grid.box, BESIDE * ink.em
    beside = ((ink.x1 < box.x0) & (ink.x1 > box.x0 - near)) | ((ink.x0 > box.x1) & (ink.x0 < box.x1 + near))
    beside &= (ink.y > box.y0) & (ink.y < box.y1)
    for other in others:
        beside &= ~ink.inside(other.box)
    return len(np.unique(np.searchsorted(grid.ys, ink.y[beside]))) >= 0.5 * grid.rows


def _stacked(ink: Ink, lines: Sequence[TextLine], edges: Edges) -> Proposals:
    """Grids of what stands between rules, or in a frame without columns of its own."""
    if len(edges.horizontal) > 1:
        for area in rule_stacks(edges.horizontal, lines, ink):
            yield from _aligned(area, ink, edges.horizontal, Kind.STACK)
    for part in components(edges, ink.em):
        frame = part.box
        yield from _aligned(TableArea(tuple(clipped_lines(lines, frame)), frame), ink, edges.horizontal, Kind.FRAME)


def _loose(part: Part, edges: Edges) -> Proposals:
    ink = part.ink
    for area in loose_areas(terse_lines(ink, part.lines, part.prose), ink):
        words = sum(len(line.places) for line in area.lines)
        if words >= OWN * ink.inside(area.box).sum():
            yield from _aligned(area, ink, edges.horizontal, Kind.LOOSE)


def _aligned(area: TableArea, ink: Ink, rules: Floats, kind: Kind) -> Proposals:
    inside, lines = part_of(ink, area.lines)
    if len(inside.words) < 4:
        return
    grid = aligned_grid(inside, lines, area.box, rules)
    if grid is not None:
        yield grid, Kind.PART if kind is not Kind.LOOSE and _leans(grid, ink) else kind


def table_in(region: BBox, words: Sequence[Word], rules: Sequence[Rule]) -> FoundTable | None:
    """The best grid for a region that is known to be a table; None when no word lies in it."""
    inside = [word for word in words if region.holds(word.box)]
    if not inside:
        return None
    ink = Ink.of(inside)
    near = [rule for rule in rules if rule.box.intersection(region.grown(ink.em)) > 0]
    edges = edges_of(near, (), Size(region.x1 * 2, region.y1 * 2), ink)
    area = TableArea(tuple(clipped_lines(text_lines(ink), region)), region)
    drawn = [(grid, Kind.LATTICE) for grid in _lattices(ink, edges)]
    grids = [*drawn, *_aligned(area, ink, edges.horizontal, Kind.STACK)]
    made = [Proposal.of(grid, ink, kind) for grid, kind in grids]
    whole = [each for each in made if len(each.ink.words) == len(inside)]
    best = max(whole, key=fitness, default=None)
    if best is None:
        best = Proposal.of(Grid((region.x0, region.x1), (region.y0, region.y1)), ink, Kind.FRAME)
    return _found(best, max(0.3, fitness(best)))


def _chosen(
    proposals: Sequence[Proposal], drawings: Sequence[Drawing], taken: Sequence[FoundTable]
) -> list[FoundTable]:
    """The fittest proposals that do not overlap; of two that do, the one that explains more words goes first."""
    scored = [(fitness(each, drawings), each) for each in proposals]
    scored.sort(key=lambda pair: -pair[0] * len(pair[1].ink.words) ** 0.5)
    boxes = [each.box for each in taken]
    chosen: list[FoundTable] = []
    for score, proposal in scored:
        if score > 0 and not any(proposal.grid.box.intersection(box) > 0 for box in boxes):
            chosen.append(_found(proposal, score))
            boxes.append(proposal.grid.box)
    return chosen


def _found(proposal: Proposal, score: float) -> FoundTable:
    box = union_of([proposal.grid.box, *(word.box for word in proposal.ink.words)])
    words = tuple(word for cell in proposal.table.cells for word in cell.words)
    drawn = proposal.kind is Kind.LATTICE and proposal.grid.ruled >= CLOSED
    return FoundTable(box=box, table=proposal.table, words=words, confidence=float(score), drawn=drawn)
