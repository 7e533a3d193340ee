"""Models as callers see them: a name, its aliases, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedFile:
    """One file of weights, or a font, that ships with Octavo.

    Attributes:
        file: name inside `octavo`, such as `weights/text_detection.onnx`.
        role: what it does, in a few words.
        package, version: the package that it was taken from.
        sha256: of the file as it ships, in hex.
        licence: of the file.
        origin: who made it.
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
