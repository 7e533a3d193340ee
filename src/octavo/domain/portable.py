"""Nouns as bytes and back, for disk and pipes. What is read back is trusted with nothing but data."""

from __future__ import annotations

import io
import pickle
from enum import Enum
from typing import Any, TypeVar

Noun = TypeVar("Noun")
_PATHS = {"pathlib", "pathlib._local"}


def to_bytes(noun: object) -> bytes:
    """The noun, with all that it holds.

    Raises:
        Exception: whatever pickling raises, when it holds something that is no plain value.
    """
    body = io.BytesIO()
    _Pickler(body, protocol=5).dump(noun)
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


class _Pickler(pickle.Pickler):
    """Lets enums travel by value: Python 3.11.2 (Debian 12) asks the other side for `getattr`, which is refused."""

    def reducer_override(self, value: object) -> Any:
        """How `value` is pickled; NotImplemented leaves it as it is."""
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


class _Nouns(pickle.Unpickler):
    """Makes nouns of the domain, paths, and classes that are named; everything else is refused."""

    def __init__(self, data: io.BytesIO, named: set[type]) -> None:
        super().__init__(data)
        self._named = {(kind.__module__, kind.__name__) for kind in named}

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if (module, name) in self._named or _is_noun(module, name) else None
        if isinstance(found, type) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"it may not hold {module}.{name}")


def _is_noun(module: str, name: str) -> bool:
    if "." in name:
        return False
    return module.startswith("octavo.domain.") or (module in _PATHS and name.endswith("Path"))
