"""Lines in scripts that the model of lines cannot read: found by their looks, read by Tesseract where it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from octavo.domain.document import Image
from octavo.domain.scripts import SCRIPTS
from octavo.engines.crew import Crew
from octavo.engines.foreign_reader import ForeignReader, models_of
from octavo.engines.line_scripts import LineScripts
from octavo.engines.pixels import Quad, cut
from octavo.engines.read_line import ReadLine
from octavo.engines.script_vote import LONG, PLAIN, READ_WELL, LineEvidence, foreign_scripts, plainly_foreign
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import ink_of

_FULL = 0.4
"""Characters that a line has at least for each stretch as long as it is high; Chinese has .75, others more."""
_FEW = 3
"""Fewer letters than this are not enough."""
_GLANCED = 8
"""Long lines that are looked at before anything is read; where half of them look foreign, all are."""
_PROBED = 3
"""Foreign lines that the model of lines reads nevertheless: if it reads one well, the page is none of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The lines of a page that were read, how many in which script were not, and what a strange page looks like."""

    lines: list[ReadLine]
    unread: Mapping[str, int]
    looks_like: tuple[str, ...]


class ForeignLines:
    """Finds and reads such lines."""

    def __init__(
        self,
        crew: Crew,
        scripts: LineScripts,
        read: Callable[[Image, Quad], ReadLine],
        glance: Callable[[Image], Sequence[Glyph]],
    ) -> None:
        """Tesseract is opened when it is needed.

        Args:
            crew: looks at several lines at the same time.
            scripts: tells which lines Tesseract is needed for.
            read: reads a line of a page with the model of lines,
            glance: and the pixels of one more quickly.
        """
        self._crew = crew
        self._scripts = scripts
        self._read = read
        self._reader = ForeignReader(glance)

    def read_where_known(self, image: Image, quads: Sequence[Quad], languages: Sequence[str]) -> list[ReadLine]:
        """All lines, read by the model of lines; without trying on pages in a script that it does not read.

        Args:
            image: the page, RGB.
            quads: around its lines.
            languages: BCP 47 codes that the caller expects.
        """
        foreign = self._plainly_foreign(image, quads, languages)
        return self._crew.map(
            lambda place: _untried(image, quads[place]) if place in foreign else self._read(image, quads[place]),
            range(len(quads)),
        )

    def settled(self, image: Image, lines: Sequence[ReadLine], languages: Sequence[str]) -> Settled:
        """The lines with those in foreign scripts read by Tesseract, or without what was made of them.

        Args:
            image: the page, RGB.
            lines: as the model of lines read them, where it did.
            languages: BCP 47 codes that the caller expects.
        """
        evidence = self._crew.map(lambda line: self._evidence(image, line), lines)
        verdict = foreign_scripts(self._scripts.names, evidence, languages)
        models = {script: models_of(script, languages) for script in set(verdict.scripts) if script}
        unread = Counter(script for script in verdict.scripts if script and not models[script])

        def final(pair: tuple[ReadLine, str | None]) -> ReadLine:
            line, script = pair
            if script is None:
                return line if line.tried else self._read(image, line.quad)
            crop, _ = cut(image, line.quad)
            return replace(line, glyphs=(), pieces=self._reader.read(crop, script, models[script]))

        kept = [pair for pair in zip(lines, verdict.scripts, strict=True) if pair[1] not in unread]
        return Settled(lines=self._crew.map(final, kept), unread=unread, looks_like=verdict.looks_like)

    def _plainly_foreign(self, image: Image, quads: Sequence[Quad], languages: Sequence[str]) -> frozenset[int]:
        """Places of lines that the model of lines need not try: the page is in a script that it does not read."""
        long = [place for place, quad in enumerate(quads) if _length(quad) >= LONG]
        glanced = [self._told(image, quads[place]) for place in _spread(long, _GLANCED)]
        if 2 * sum(self._looks_foreign(told) for told in glanced) < len(glanced) or not glanced:
            return frozenset()
        told = self._crew.map(lambda place: self._told(image, quads[place]), long)
        found = [long[each] for each in plainly_foreign(self._scripts.names, told, languages)]
        probes = self._crew.map(lambda place: self._read(image, quads[place]), _spread(found, _PROBED))
        return frozenset() if any(map(_surely_read, probes)) else frozenset(found)

    def _looks_foreign(self, line: LineEvidence) -> bool:
        if line.scripts is None or line.scripts.max() < PLAIN:
            return False
        return self._scripts.names[int(line.scripts.argmax())] in SCRIPTS

    def _evidence(self, image: Image, line: ReadLine) -> LineEvidence:
        if _surely_read(line):
            return LineEvidence(scripts=None, length=line.width / line.height)
        return self._told(image, line.quad)

    def _told(self, image: Image, quad: Quad) -> LineEvidence:
        """What a line looks like."""
        crop, _ = cut(image, quad)
        return LineEvidence(scripts=self._scripts.tell(crop), length=crop.shape[1] / crop.shape[0])


def _untried(image: Image, quad: Quad) -> ReadLine:
    """A line that nobody read yet."""
    crop, quad = cut(image, quad)
    return ReadLine(quad=quad, glyphs=(), ink=ink_of(crop), width=crop.shape[1], height=crop.shape[0], tried=False)


def _length(quad: Quad) -> float:
    """Of a line, in its heights."""
    return float(np.linalg.norm(quad[1] - quad[0]) / max(1.0, float(np.linalg.norm(quad[3] - quad[0]))))


def _spread(places: Sequence[int], most: int) -> list[int]:
    """At most so many of them, from all parts of the page."""
    return [places[at * len(places) // most] for at in range(most)] if len(places) > most else list(places)


def _surely_read(line: ReadLine) -> bool:
    """Whether enough was read, with confidence: of scripts that it does not know the network sees blanks and points.

    A letter or two prove nothing: a vowel above a line looks like an `e`.
    """
    letters = [glyph for glyph in line.glyphs if not glyph.text.isspace()]
    if len(letters) < _FEW and all(glyph.text.isalpha() for glyph in letters):
        return False
    enough = len(letters) >= max(1.0, _FULL * line.width / line.height)
    return enough and sum(glyph.confidence for glyph in letters) >= READ_WELL * len(letters)
