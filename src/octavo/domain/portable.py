"""Nouns as bytes and back, for disk and pipes. What is read back is trusted with nothing but data."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from octavo.domain.block import Block, Word
from octavo.domain.columns import UnmadeWords, columns_of

Noun = TypeVar("Noun")
_PATHS = {"pathlib", "pathlib._local"}
_DOMAIN = "octavo.domain."


def to_bytes(noun: object) -> bytes:
    """The noun, with all that it holds.

    Raises:
        Exception: whatever pickling raises, when it holds something that is no plain value.
    """
    body = io.BytesIO()
    pickler = pickle.Pickler(body, protocol=5)
    pickler.dispatch_table = _REDUCED
    pickler.dump(noun)
    return body.getvalue()


def from_bytes(data: bytes, kind: type[Noun], *parts: type) -> Noun:
    """The noun behind `data`.

    Args:
        data: of `to_bytes`.
        kind: what it must be.
        parts: classes outside of the domain that it may hold as well.

    Raises:
        ValueError: the bytes are damaged, or hold something else than a `kind` made of nouns, paths and `parts`.
    """
    try:
        noun = _Nouns(io.BytesIO(data), {kind, *parts}).load()
    except Exception as error:
        raise ValueError(f"this is no {kind.__name__}: {error}") from error
    if not isinstance(noun, kind):
        raise ValueError(f"this is no {kind.__name__} but {type(noun).__name__}")  # noqa: TRY004 - damage, not a mistake
    return noun


class _Reduced(dict[type, Callable[[Any], Any]]):
    """How instances of a class travel; of those that are not named, as the class itself says.

    Nouns travel as their values in order: a page has thousands, and what dataclasses do by themselves takes four times
    as long. The words of a block travel in columns, but for those of tables, which their cells hold as well. Enums
    travel by value: Python 3.11.2 (Debian 12) asks the other side for `getattr`, which is refused.
    """

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, Enum):
            self[kind] = lambda member: (kind, (member.value,))
        elif kind.__module__.startswith(_DOMAIN) and is_dataclass(kind):
            self[kind] = _taken_apart(kind)
        else:
            raise KeyError(kind)
        return self[kind]


_REDUCED = _Reduced()


def _taken_apart(kind: type) -> Callable[[Any], Any]:
    names = [field.name for field in fields(kind)]
    if len(names) < 2:  # one value would come without a tuple around it
        return lambda noun: (_made, (kind, *(getattr(noun, name) for name in names)))
    values = attrgetter(*names)
    if kind is Block:
        place = names.index("words")
        return lambda block: (_made, (kind, *_with_columns(block, values(block), place)))
    return lambda noun: (_made, (kind, *values(noun)))


def _with_columns(block: Block, values: tuple[object, ...], place: int) -> tuple[object, ...]:
    """The values of a block, its words at `place`."""
    return values if block.table else (*values[:place], _Columns(block.words), *values[place + 1 :])


def _made(kind: type, *values: object) -> object:
    """The noun with these values, which were checked, if at all, when it was made first."""
    noun: object = object.__new__(kind)
    for put, value in zip(_slots(kind), values, strict=True):
        put(noun, value)
    return noun


@cache
def _slots(kind: type) -> tuple[Callable[[object, object], None], ...]:
    """What sets the fields of a noun, frozen or not."""
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))


class _Columns:
    """Words on their way."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _words_of, tuple(columns_of(self._words))


def _words_of(*columns: Sequence[Any]) -> Sequence[Word]:
    """The words of these columns, of which there are none where there are no words."""
    return UnmadeWords(columns) if columns else ()


_MAKERS: dict[str, Callable[..., object]] = {made.__name__: made for made in (_made, _words_of)}


class _Nouns(pickle.Unpickler):
    """Makes nouns of the domain, paths, and classes that are named; everything else is refused."""

    def __init__(self, data: io.BytesIO, named: set[type]) -> None:
        super().__init__(data)
        self._named = {(kind.__module__, kind.__name__) for kind in named}

    def find_class(self, module: str, name: str) -> Any:
        if module == __name__ and name in _MAKERS:
            return _MAKERS[name]
        found = super().find_class(module, name) if (module, name) in self._named or _is_noun(module, name) else None
        if isinstance(found, type) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"it may not hold {module}.{name}")


def _is_noun(module: str, name: str) -> bool:
    if "." in name:
        return False
    return module.startswith(_DOMAIN) or (module in _PATHS and name.endswith("Path"))
