"""The parts of `octavo-1`, each loaded when it is first used: a page with a sound text layer needs no model at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from octavo.domain.bend import Flattened
from octavo.domain.block import BlockKind, Region, Rule, Word
from octavo.domain.document import Image
from octavo.domain.ports import CpuShare, EarlyStart, LayoutDetector, RegionRecognizer
from octavo.domain.result import Recognition


def text_reader(share: CpuShare) -> RegionRecognizer:
    """Reads lines of text; `share` tells how many threads may do so."""

    def make() -> RegionRecognizer:
        from octavo.engines.text_lines import TextLines

        return TextLines(share)

    return LaterRecognizer(make)


def tesseract_reader(share: CpuShare) -> RegionRecognizer:
    """Reads lines of text with Tesseract.

    Raises:
        EngineNotInstalled: there is no Tesseract here.
    """
    from octavo.engines.tesseract_text import TesseractText

    return TesseractText(share)


def table_reader() -> RegionRecognizer:
    """Reads the grid of a table."""

    def make() -> RegionRecognizer:
        from octavo.engines.table_structure import TableStructure

        return TableStructure()

    return LaterRecognizer(make)


def layout_detector() -> LayoutDetector:
    """Sees titles, tables and figures."""

    def make() -> LayoutDetector:
        from octavo.engines.doc_layout import CdlaLayout

        return CdlaLayout()

    return LaterLayout(make)


def turn_detector(share: CpuShare) -> Callable[[Image], int]:
    """Tells by how many degrees a page is turned clockwise."""

    @cache
    def made() -> Callable[[Image], int]:
        from octavo.engines.orientation import PageOrientation
        from octavo.engines.upright import UprightPage

        return UprightPage(PageOrientation().turn, share).turn

    def turn_of(image: Image) -> int:
        return made()(image)

    return turn_of


def early_starter(share: CpuShare) -> EarlyStart:
    """Begins work while threads are free, as `share` tells."""
    from octavo.engines.crew import Crew

    return Crew(share).begin


def flattener() -> Callable[[Image], Flattened | None]:
    """Makes bent pages flat."""

    def flat_of(image: Image) -> Flattened | None:
        from octavo.engines.flat_page import flattened

        return flattened(image)

    return flat_of


def rotator() -> Callable[[Image, float], Image]:
    """Turns images by some degrees counter-clockwise."""

    def rotated_by(image: Image, degrees: float) -> Image:
        from octavo.engines.rotation import rotated

        return rotated(image, degrees)

    return rotated_by


def rule_finder() -> Callable[[Image], tuple[Rule, ...]]:
    """Finds straight lines."""

    def rules_of(image: Image) -> tuple[Rule, ...]:
        from octavo.engines.ruling_lines import ruling_lines

        return ruling_lines(image)

    return rules_of


@dataclass(slots=True)
class LaterRecognizer:
    """A `RegionRecognizer` that is made when it is first asked."""

    make: Callable[[], RegionRecognizer]
    _made: RegionRecognizer | None = field(default=None, init=False)

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """The kinds that it reads."""
        return self._ready().kinds

    def recognize(self, image: Image, words: Sequence[Word] = (), languages: Sequence[str] = ()) -> Recognition:
        """Read one image of one region."""
        return self._ready().recognize(image, words, languages)

    def _ready(self) -> RegionRecognizer:
        if self._made is None:
            self._made = self.make()
        return self._made


@dataclass(slots=True)
class LaterLayout:
    """A `LayoutDetector` that is made when it is first asked."""

    make: Callable[[], LayoutDetector]
    _made: LayoutDetector | None = field(default=None, init=False)

    def detect(self, image: Image) -> tuple[Region, ...]:
        """Regions on `image`, best first."""
        if self._made is None:
            self._made = self.make()
        return self._made.detect(image)
