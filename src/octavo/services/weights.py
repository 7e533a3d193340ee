"""The weights that ship with Octavo: where each file comes from, and whether it is still what was shipped."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import fields
from importlib import resources

from octavo.domain.model import Weights

FOLDER = resources.files("octavo") / "weights"


def shipped_weights() -> tuple[Weights, ...]:
    """Every file, in the order of `SOURCES.toml`."""
    names = [field.name for field in fields(Weights)]
    rows = tomllib.loads((FOLDER / "SOURCES.toml").read_text(encoding="utf-8"))["weights"]
    return tuple(Weights(**{name: row[name] for name in names}) for row in rows)


def is_intact(weights: Weights) -> bool:
    """Whether the file is there, to the byte."""
    file = FOLDER / weights.file
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == weights.sha256
