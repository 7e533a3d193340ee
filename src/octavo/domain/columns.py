"""Words made of columns: all their texts, all their boxes and so on. A page has hundreds, and glyphs by the thousand.

To make them one by one, as dataclasses do, takes several times as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from octavo.domain.block import Word
from octavo.domain.geometry import BBox

Noun = TypeVar("Noun")

SIDES = tuple(side.name for side in fields(BBox))
REST = tuple(each.name for each in fields(Word) if each.name != "box")
"""The columns of words: the sides of their boxes, then these."""
_NAMES = frozenset({"box", *REST})
_DEFAULTS = {each.name: each.default for each in fields(Word) if each.default is not MISSING}


def words_in(sides: Sequence[Sequence[float]], rest: Mapping[str, Sequence[Any]]) -> tuple[Word, ...]:
    """The words of these columns.

    Args:
        sides: of their boxes: x0, y0, x1, y1.
        rest: the other values, by name; what is missing has its default.

    Raises:
        ValueError: a column is missing, too many or not as long as the first.
    """
    count = len(sides[0])
    boxes = _made(BBox, count, dict(zip(SIDES, sides, strict=True)))
    usual = {name: [value] * count for name, value in _DEFAULTS.items() if name not in rest}
    columns = {**usual, **rest, "box": boxes}
    if columns.keys() != _NAMES:
        raise ValueError("these are no columns of words")
    return tuple(_made(Word, count, columns))


def _made(kind: type[Noun], count: int, columns: Mapping[str, Sequence[Any]]) -> list[Noun]:
    nouns = [object.__new__(kind) for _ in range(count)]
    for name, column in columns.items():
        if len(column) != count:
            raise ValueError(f"{count} nouns cannot have {len(column)} values")
        deque(map(getattr(kind, name).__set__, nouns, column), maxlen=0)
    return nouns
