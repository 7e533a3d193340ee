"""Lines in scripts that the model of lines cannot read: found by their looks, read by Tesseract where it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from octavo.domain.document import Image
from octavo.domain.scripts import SCRIPTS
from octavo.engines.crew import Crew
from octavo.engines.line_scripts import LineScripts
from octavo.engines.pixels import cut
from octavo.engines.read_line import ReadLine
from octavo.engines.script_vote import READ_WELL, LineEvidence, foreign_scripts
from octavo.engines.tesseract import TesseractLines, spelled
from octavo.engines.tesseract_data import tesseract_languages
from octavo.engines.text_words import Piece

_UNSPACED = frozenset({"Thai", "Lao", "Khmer", "Burmese"})
"""Written without spaces between words; Tesseract parts them into letters."""
_GAP = 0.35
"""There, what stands farther apart than this share of the line's height is parted by a space."""
_FULL = 0.4
"""Characters that a line has at least for each stretch as long as it is high; Chinese has .75, others more."""
_LATIN = "eng"
"""Lines that hold Latin words are read with this, too; the others are read best, and twice as fast, without."""
_WORD, _CERTAIN = 4, 0.9
"""A Latin word is so many letters together that the model of lines read, each with this confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The lines of a page that were read, how many in which script were not, and what a strange page looks like."""

    lines: list[ReadLine]
    unread: Mapping[str, int]
    looks_like: tuple[str, ...]


class ForeignLines:
    """Finds and reads such lines."""

    def __init__(self, crew: Crew, scripts: LineScripts) -> None:
        """Tesseract is opened when it is needed; `scripts` tells which lines it is needed for."""
        self._crew = crew
        self._scripts = scripts
        self._tesseract = TesseractLines()

    def settled(self, image: Image, lines: Sequence[ReadLine], languages: Sequence[str]) -> Settled:
        """The lines with those in foreign scripts read by Tesseract, or without what was made of them.

        Args:
            image: the page, RGB.
            lines: as the model of lines read them.
            languages: BCP 47 codes that the caller expects.
        """
        evidence = self._crew.map(lambda line: self._evidence(image, line), lines)
        verdict = foreign_scripts(self._scripts.names, evidence, languages)
        scripts = verdict.scripts
        models = {script: _models(script, languages) for script in set(scripts) if script}
        unread = Counter(script for script in scripts if script and not models[script])

        def again(pair: tuple[ReadLine, str | None]) -> ReadLine:
            line, script = pair
            if script is None:
                return line
            return replace(line, glyphs=(), pieces=self._read(image, line, script, models[script]))

        kept = [pair for pair in zip(lines, scripts, strict=True) if pair[1] not in unread]
        settled = self._crew.map(again, kept) if models else list(lines)
        return Settled(lines=settled, unread=unread, looks_like=verdict.looks_like)

    def _evidence(self, image: Image, line: ReadLine) -> LineEvidence:
        length = line.width / line.height
        if _surely_read(line):
            return LineEvidence(scripts=None, length=length)
        return LineEvidence(scripts=self._scripts.tell(cut(image, line.quad)[0]), length=length)

    def _read(self, image: Image, line: ReadLine, script: str, models: str) -> tuple[Piece, ...]:
        crop, _ = cut(image, line.quad)
        pieces = self._tesseract.read(crop, models)
        if _holds_latin(line) and _LATIN in tesseract_languages():
            pieces = max(pieces, self._tesseract.read(crop, f"{models}+{_LATIN}"), key=_certainty)
        return _joined(pieces, _GAP * crop.shape[0]) if script in _UNSPACED else pieces


def _surely_read(line: ReadLine) -> bool:
    """Whether enough was read, with confidence: of scripts that it does not know the network sees blanks and points."""
    letters = [glyph.confidence for glyph in line.glyphs if not glyph.text.isspace()]
    return len(letters) >= max(1.0, _FULL * line.width / line.height) and sum(letters) >= READ_WELL * len(letters)


def _holds_latin(line: ReadLine) -> bool:
    """Whether a Latin word stands in the line, surely."""
    letters = "".join(
        glyph.text if glyph.text.isascii() and glyph.text.isalpha() and glyph.confidence >= _CERTAIN else " "
        for glyph in line.glyphs
    )
    return any(len(word) >= _WORD for word in letters.split())


def _models(script: str, languages: Sequence[str]) -> str:
    """What Tesseract is to read a script with; empty where it cannot."""
    installed = tesseract_languages()
    return next((model for model in SCRIPTS[script].models(languages) if model in installed), "")


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
