"""The weights, fonts and word lists that ship with Octavo: where each file comes from, and whether it is intact."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import fields
from importlib import resources

from octavo.domain.model import ShippedFile

FOLDER = resources.files("octavo")
KINDS = ("weights", "fonts", "words")
"""Folders of `octavo`, each with a `SOURCES.toml`."""


def shipped_files() -> tuple[ShippedFile, ...]:
    """Every file, in the order of each `SOURCES.toml`; weights first."""
    names = [field.name for field in fields(ShippedFile)]
    return tuple(
        ShippedFile(**{**{name: row[name] for name in names}, "file": f"{kind}/{row['file']}"})
        for kind in KINDS
        for row in tomllib.loads((FOLDER / kind / "SOURCES.toml").read_text(encoding="utf-8"))[kind]
    )


def is_intact(shipped: ShippedFile) -> bool:
    """Whether the file is there, to the byte."""
    file = FOLDER / shipped.file
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == shipped.sha256
