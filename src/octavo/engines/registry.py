"""Model id -> factory: the built-in ones, and those that other packages declare as entry points `octavo.engines`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import metadata
from pkgutil import resolve_name
from typing import TypeAlias, cast

from octavo.domain.errors import EngineNotInstalled
from octavo.domain.ports import CpuShare, PageRecognizer

GROUP = "octavo.engines"
"""Entry points of this group name a model, and a factory as `package.module:function`."""

EngineFactory: TypeAlias = Callable[[CpuShare], PageRecognizer]
"""Makes a recogniser in a worker; weights may wait until `warm_up`."""


def load_engine(model: str, built_in: Mapping[str, str]) -> EngineFactory:
    """The factory of `model`, imported now and not before.

    Args:
        model: id of the model.
        built_in: ids to dotted factories, `package.module:function`; these win over entry points.

    Raises:
        EngineNotInstalled: nobody declares this model, or its package cannot be imported.
    """
    declared = {**_declared(), **built_in} if model not in built_in else built_in
    if model not in declared:
        raise EngineNotInstalled(
            f"There is no model {model}: this installation has {', '.join(sorted(declared))}. "
            "Set OCTAVO_ENGINES__MODEL to one of them, or install the package that brings it."
        )
    try:
        return cast(EngineFactory, resolve_name(declared[model]))
    except (ImportError, AttributeError) as error:
        raise EngineNotInstalled(f"The model {model} cannot be loaded: {error}. Install its package again.") from error


def _declared() -> dict[str, str]:
    return {entry.name: entry.value for entry in metadata.entry_points(group=GROUP)}
