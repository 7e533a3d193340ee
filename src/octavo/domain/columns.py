"""Words made of columns: all their texts, all their boxes and so on. A page has hundreds, and glyphs by the thousand.

To make them one by one, as dataclasses do, takes several times as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, overload

from octavo.domain.block import Word
from octavo.domain.geometry import BBox

Noun = TypeVar("Noun")

SIDES = tuple(side.name for side in fields(BBox))
REST = tuple(each.name for each in fields(Word) if each.name != "box")
"""The columns of words: the sides of their boxes, then these."""
Columns: TypeAlias = Sequence[Sequence[Any]]
"""In this order."""
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


class UnmadeWords(Sequence[Word]):
    """Words that are made when somebody asks for them: to write an answer, hardly any are needed."""

    __slots__ = ("_words", "columns")

    def __init__(self, columns: Columns) -> None:
        """Check the columns.

        Raises:
            ValueError: one is missing, too many or not as long as the others.
        """
        if len(columns) != len(SIDES) + len(REST) or len({len(column) for column in columns}) != 1:
            raise ValueError("these are no columns of words")
        self.columns = columns
        self._words: tuple[Word, ...] | None = None

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Word]:
        return iter(self._made())

    @overload
    def __getitem__(self, place: int) -> Word: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Word, ...]: ...

    def __getitem__(self, place: int | slice) -> Word | tuple[Word, ...]:
        return self._made()[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def _made(self) -> tuple[Word, ...]:
        if self._words is None:
            self._words = _words_of(self.columns)
        return self._words


def _words_of(columns: Columns) -> tuple[Word, ...]:
    return words_in(columns[: len(SIDES)], dict(zip(REST, columns[len(SIDES) :], strict=True)))


_values_of = attrgetter(*(f"box.{side}" for side in SIDES), *REST)


def columns_of(words: Sequence[Word]) -> Columns:
    """The columns of words; none where there are no words."""
    return words.columns if isinstance(words, UnmadeWords) else tuple(zip(*map(_values_of, words), strict=True))


def confidences_of(words: Sequence[Word]) -> Sequence[float]:
    """How sure each of them is, 0 to 1."""
    if isinstance(words, UnmadeWords):
        return words.columns[len(SIDES) + REST.index("confidence")]
    return [word.confidence for word in words]
