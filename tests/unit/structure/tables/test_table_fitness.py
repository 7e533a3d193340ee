"""Which grids are tables: what their cells hold."""

from __future__ import annotations

import pytest

from factories import make_lines, prose
from octavo.structure.tables.choose import Kind, Proposal, fitness
from octavo.structure.tables.grid import Grid
from octavo.structure.tables.ink import Ink

XS, YS = (90.0, 500.0, 910.0), (90.0, 290.0, 490.0, 690.0)


def fit(lines: int, kind: Kind) -> float:
    """How much of a table is a half drawn grid of two columns and three rows, with so many lines in each cell."""
    words = [word for y in (100, 300, 500) for x in (100, 510) for word in make_lines(prose(lines, 36), x=x, y=y)]
    return fitness(Proposal.of(Grid(XS, YS, ruled=0.7), Ink.of(words), kind))


@pytest.mark.parametrize(
    ("lines", "kind", "expected"),
    [(7, Kind.PART, False), (2, Kind.PART, True), (7, Kind.LATTICE, True), (2, Kind.LOOSE, False)],
)
def test_running_text_between_rules_of_columns_is_no_table(lines, kind, expected):
    assert (fit(lines, kind) > 0) is expected
