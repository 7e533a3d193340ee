"""Tesseract as a model of its own: Octavo finds the lines, Tesseract reads all of them."""

from __future__ import annotations

from collections.abc import Sequence

from octavo.domain.block import BlockKind, Word
from octavo.domain.document import Image
from octavo.domain.errors import EngineNotInstalled
from octavo.domain.ports import CpuShare
from octavo.domain.result import Recognition
from octavo.domain.scripts import SCRIPTS, primary, script_of_language
from octavo.engines.crew import Crew
from octavo.engines.line_scripts import LineScripts
from octavo.engines.pixels import Quad, cut
from octavo.engines.read_line import ReadLine
from octavo.engines.script_vote import LineEvidence, foreign_scripts
from octavo.engines.tesseract import TesseractLines
from octavo.engines.tesseract_data import tesseract_languages
from octavo.engines.text_detection import TextDetector
from octavo.engines.text_lines import TEXT_KINDS, recognition_of, top_down
from octavo.engines.text_words import ink_of

_CODES_TOLD = """
af:afr ca:cat cs:ces cy:cym da:dan de:deu en:eng es:spa et:est eu:eus fi:fin fil:fil fr:fra ga:gle gl:glg hr:hrv
hu:hun id:ind is:isl it:ita ja:jpn la:lat lt:lit lv:lav ms:msa mt:mlt nb:nor nl:nld nn:nor no:nor pl:pol pt:por
ro:ron sk:slk sl:slv sq:sqi sv:swe sw:swa tr:tur vi:vie zh:chi_sim
"""
_CODES = dict(pair.split(":") for pair in _CODES_TOLD.split())
"""Languages in Latin, Chinese and Japanese script: BCP 47 to Tesseract's codes."""
_ANY = ("script/Latin", "eng")
"""What lines are read with whose language nobody told."""


class TesseractText:
    """Text recogniser for whole pages or regions (`RegionRecognizer`)."""

    def __init__(self, share: CpuShare) -> None:
        """Opens the detector; `share` tells how many threads may read lines at the same time.

        Raises:
            EngineNotInstalled: there is no Tesseract here, or it has no language data.
        """
        if not tesseract_languages():
            raise EngineNotInstalled(
                "Tesseract is not installed, or it has no language data. Install it (on Debian: apt-get install "
                "tesseract-ocr), or set OCTAVO_ENGINES__MODEL to octavo-1."
            )
        self._crew = Crew(share)
        self._detector = TextDetector(self._crew)
        self._scripts = LineScripts()
        self._tesseract = TesseractLines()

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """Everything made of text."""
        return TEXT_KINDS

    def recognize(
        self,
        image: Image,
        words: Sequence[Word] = (),  # noqa: ARG002 - reads pixels only
        languages: Sequence[str] = (),
    ) -> Recognition:
        """All words on `image` (RGB), lines from top to bottom."""
        quads = top_down(self._detector.detect(image))
        models = _expected(languages)
        chosen = [models] * len(quads) if models else self._by_script(image, quads)
        lines = self._crew.map(lambda pair: self._read(image, *pair), zip(quads, chosen, strict=True))
        return recognition_of(lines, image)

    def close(self) -> None:
        """End the threads."""
        self._crew.close()

    def _by_script(self, image: Image, quads: Sequence[Quad]) -> list[str]:
        installed = tesseract_languages()
        plain = next((name for name in _ANY if name in installed), min(installed))
        verdict = foreign_scripts(self._scripts.names, self._crew.map(lambda quad: self._evidence(image, quad), quads))
        names = [SCRIPTS[script].models() if script else [] for script in verdict.scripts]
        return [next((name for name in known if name in installed), plain) for known in names]

    def _evidence(self, image: Image, quad: Quad) -> LineEvidence:
        crop, _ = cut(image, quad)
        return LineEvidence(scripts=self._scripts.tell(crop), length=crop.shape[1] / crop.shape[0])

    def _read(self, image: Image, quad: Quad, models: str) -> ReadLine:
        crop, quad = cut(image, quad)
        height, width = crop.shape[:2]
        pieces = self._tesseract.read(crop, models)
        return ReadLine(quad=quad, glyphs=(), ink=ink_of(crop), width=width, height=height, pieces=pieces)


def _expected(languages: Sequence[str]) -> str:
    """The data of these languages as far as they are installed, joined as Tesseract wants it; empty without any."""
    installed, found = tesseract_languages(), []
    for language in languages:
        script = script_of_language(language)
        known = script.models([language]) if script else [_CODES.get(primary(language), "")]
        found += [name for name in known if name in installed][:1]
    return "+".join(dict.fromkeys(found))
