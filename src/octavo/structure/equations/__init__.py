"""Formulas of digital pages: glyphs and their places to LaTeX."""

from octavo.structure.equations.displays import FoundEquation
from octavo.structure.equations.page import FoundMath, Piece, find_math, holds_math, pieces_of, read_math

__all__ = ["FoundEquation", "FoundMath", "Piece", "find_math", "holds_math", "pieces_of", "read_math"]
