"""Cells with rounded corners: drawn boxes that hold words, edge to edge with another one of their row or column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octavo.domain.block import Drawing, Word
from octavo.domain.geometry import BBox
from octavo.structure.text.lines import dominant_size

GAP = 0.5
"""Cells of one table are at most so far apart (in ems),"""
SAME = 0.15
"""and the sides that two of them share differ by at most this."""
MOST = 600
"""More boxes than this are a drawing."""


def with_cells_squared(drawings: Sequence[Drawing], words: Sequence[Word]) -> tuple[Drawing, ...]:
    """The drawings, rounded cells of tables as plain boxes."""
    em = dominant_size(words)
    rounded = [each for each in drawings if each.filled and each.curved and each.box.height > em]
    if not rounded or len(rounded) > MOST:
        return tuple(drawings)
    boxes = [each.box for each in drawings if each.filled and each.box.height > em]
    held = [box for box in dict.fromkeys(boxes[:MOST]) if any(box.holds(word.box) for word in words)]
    known = set(held)
    cells = {each.box for each in rounded if each.box in known and any(_adjoins(each.box, box, em) for box in held)}
    return tuple(replace(each, curved=False) if each.box in cells and each.filled else each for each in drawings)


def _adjoins(one: BBox, other: BBox, em: float) -> bool:
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    down = max(one.y0, other.y0) - min(one.y1, other.y1)
    row = max(abs(one.y0 - other.y0), abs(one.y1 - other.y1)) <= SAME * em and -SAME * em <= across <= GAP * em
    column = max(abs(one.x0 - other.x0), abs(one.x1 - other.x1)) <= SAME * em and -SAME * em <= down <= GAP * em
    return row or column
