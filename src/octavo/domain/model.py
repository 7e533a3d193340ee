"""Models as callers see them: a name, its aliases, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One file of weights that ships with Octavo.

    Attributes:
        file: name inside `octavo/weights`.
        role: what it does, in a few words.
        package, version: the package that it was taken from.
        sha256: of the file as it ships, in hex.
        licence: of the weights.
        origin: who made them.
    """

    file: str
    role: str
    package: str
    version: str
    sha256: str
    licence: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model that can be asked for by `id` or by any of `aliases`.

    Attributes:
        created: Unix seconds of its release.
    """

    id: str
    aliases: tuple[str, ...]
    description: str
    created: int
