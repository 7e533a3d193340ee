"""Reads one line in a script that the model of lines cannot read: by Tesseract, and mended for what that one lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from octavo.domain.document import Image
from octavo.domain.scripts import SCRIPTS
from octavo.engines.arabic_marks import with_commas
from octavo.engines.tesseract import TesseractLines, spelled
from octavo.engines.tesseract_data import tesseract_languages
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Piece

_UNSPACED = frozenset({"Thai", "Lao", "Khmer", "Burmese"})
"""Written without spaces between words; Tesseract parts them into letters."""
_GAP = 0.35
"""There, what stands farther apart than this share of the line's height is parted by a space."""
_ARABIC = "Arabic"
_LATIN = "eng"
"""Lines that hold Latin words are read with this, too; the others are read best, and twice as fast, without."""
_WORD, _CERTAIN = 4, 0.9
"""A Latin word is so many letters together that the model of lines read, each with this confidence."""
_DOUBTED = 0.85
"""Words of so many letters that Tesseract read with less confidence may be Latin."""


class ForeignReader:
    """Reads such lines; Tesseract is opened when it is needed."""

    def __init__(self, glance: Callable[[Image], Sequence[Glyph]]) -> None:
        """`glance` quickly reads what may be Latin."""
        self._glance = glance
        self._tesseract = TesseractLines()

    def read(self, crop: Image, script: str, models: str) -> tuple[Piece, ...]:
        """The words on `crop` (RGB, one level line) in reading order.

        Args:
            crop: pixels of the line.
            script: its name.
            models: the data of Tesseract that read it.
        """
        pieces = self._tesseract.read(crop, models)
        if _LATIN in tesseract_languages() and _doubted(pieces) and _holds_latin(self._glance(crop)):
            pieces = max(pieces, self._tesseract.read(crop, f"{models}+{_LATIN}"), key=_certainty)
        if script == _ARABIC:
            return with_commas(pieces, crop)
        return _joined(pieces, _GAP * crop.shape[0]) if script in _UNSPACED else pieces


def models_of(script: str, languages: Sequence[str]) -> str:
    """What Tesseract is to read a script with; empty where it cannot."""
    installed = tesseract_languages()
    return next((model for model in SCRIPTS[script].models(languages) if model in installed), "")


def _doubted(pieces: Sequence[Piece]) -> bool:
    """Whether a word may be in another script than Tesseract took it for, or all of them."""
    return not pieces or any(len(piece.text) >= _WORD and piece.confidence < _DOUBTED for piece in pieces)


def _holds_latin(glyphs: Sequence[Glyph]) -> bool:
    """Whether a Latin word stands in the line, surely."""
    letters = "".join(
        glyph.text if glyph.text.isascii() and glyph.text.isalpha() and glyph.confidence >= _CERTAIN else " "
        for glyph in glyphs
    )
    return any(len(word) >= _WORD for word in letters.split())


def _certainty(pieces: Sequence[Piece]) -> float:
    """Mean confidence over the letters."""
    letters = sum(len(piece.text) for piece in pieces)
    return sum(piece.confidence * len(piece.text) for piece in pieces) / letters if letters else 0.0


def _joined(pieces: Sequence[Piece], gap: float) -> tuple[Piece, ...]:
    """Pieces that stand close together as one."""
    runs: list[list[Piece]] = [[piece] for piece in pieces[:1]]
    for before, after in pairwise(pieces):
        if after.start - before.end < gap:
            runs[-1].append(after)
        else:
            runs.append([after])
    return tuple(
        Piece(
            text=spelled("".join(piece.text for piece in run)),
            start=run[0].start,
            end=max(piece.end for piece in run),
            confidence=sum(piece.confidence for piece in run) / len(run),
        )
        for run in runs
    )
