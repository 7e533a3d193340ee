"""Cards in rows, such as the people of a chart: names, what they do, a date; each is read whole.

What tells cards from a table: line by line all cards have the same, words or numbers, where columns of a table differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from octavo.structure.order.sides import ALIGNED, Item
from octavo.structure.tables.ink import is_numeric
from octavo.structure.text.lines import Segment

APART = 0.8
"""Rows of cards are at least so many ems apart."""
FEWEST_LINES, MOST_LINES = 3, 6
"""Cards have so many lines."""


def rows_of_cards(items: Sequence[Item], middle: float, em: float) -> list[list[Item]]:
    """The rows of cards among the items of a band, those that have cards on both sides of `middle`."""
    return [row for row in _rows(items, em) if _are_cards(row, middle, em)]


def _rows(items: Sequence[Item], em: float) -> Iterator[list[Item]]:
    """Items parted at stretches of height that are empty from side to side."""
    row: list[Item] = []
    bottom = 0.0
    for item in sorted(items, key=lambda each: each.box.y0):
        if row and item.box.y0 - bottom > APART * em:
            yield row
            row = []
        bottom = max(bottom, item.box.y1) if row else item.box.y1
        row.append(item)
    yield row


def _are_cards(row: Sequence[Item], middle: float, em: float) -> bool:
    lines = list(_levels(row, em))
    if not FEWEST_LINES <= len(lines) <= MOST_LINES:
        return False
    if not all(min(line, key=_x).box.center_x < middle < max(line, key=_x).box.center_x for line in lines):
        return False
    kinds = [{_is_number(item) for item in line} for line in lines]
    numbers = sum(kind == {True} for kind in kinds)
    return all(len(kind) == 1 for kind in kinds) and 0 < numbers <= len(lines) / 2


def _x(item: Item) -> float:
    return item.box.center_x


def _is_number(item: Item) -> bool:
    return isinstance(item.content, Segment) and is_numeric(item.content.text)


def _levels(items: Sequence[Item], em: float) -> Iterator[list[Item]]:
    """Items by the lines that they stand on."""
    line: list[Item] = []
    for item in sorted(items, key=lambda each: each.box.center_y):
        if line and item.box.center_y - line[0].box.center_y > 2 * ALIGNED * em:
            yield line
            line = []
        line.append(item)
    if line:
        yield line
