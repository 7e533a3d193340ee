"""Formulas of digital pages: glyphs and their places to LaTeX."""

from octavo.structure.equations.displays import FoundEquation
from octavo.structure.equations.page import (
    FoundMath,
    Piece,
    find_math,
    goes_on,
    holds_math,
    merged,
    pieces_of,
    read_math,
)

__all__ = [
    "FoundEquation",
    "FoundMath",
    "Piece",
    "find_math",
    "goes_on",
    "holds_math",
    "merged",
    "pieces_of",
    "read_math",
]
