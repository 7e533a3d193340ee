"""Tables of one column: closed cells below one that is set as a header. Other frames below one another are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from octavo.structure.tables.ink import Ink

FEWEST_ROWS = 4
"""A column has at least so many cells, its header included,"""
MOST_WORDS = 16
"""none of them with more words,"""
MOST_BOLD = 0.34
"""and at most so many of those below the header are bold throughout, as it is."""


def is_headed_column(ys: Sequence[float], ink: Ink) -> bool:
    """Whether cells between the lines `ys` are a header and its entries: each has words, the first ones bold."""
    rows = np.searchsorted(np.array(ys[1:-1]), ink.y, side="right")
    held = [np.flatnonzero(rows == row) for row in range(len(ys) - 1)]
    if len(held) < FEWEST_ROWS or not all(0 < len(places) <= MOST_WORDS for places in held):
        return False
    bold = [all(ink.words[place].font.bold for place in places) for places in held]
    return bold[0] and sum(bold[1:]) <= MOST_BOLD * (len(bold) - 1)
