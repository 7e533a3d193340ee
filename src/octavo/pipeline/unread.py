"""Text that a text layer lacks, read from the pixels of the areas that look written on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from octavo.domain.block import PlacedImage, Rule, Word
from octavo.domain.document import Image, Page
from octavo.domain.geometry import BBox
from octavo.domain.result import Recognition
from octavo.pipeline.doubts import DOUBTFUL, unread_scripts
from octavo.structure.sketch.writing import Shapes, Writing, explained
from octavo.structure.text.sizes import with_sizes_settled

ONLY_TEXT = 0.75
"""Words that account for more than this of an area's ink leave no picture behind."""
LIKELY = 0.15
"""Words beside a text layer are left out that are right less likely than this."""
SURE = 0.3
"""Words that may be a formula are believed from this confidence on,"""
FEWEST_LETTERS, LONG = 5, 2.5
"""where they have so many letters together, and so many one with another."""
_SAID = re.compile(r"[(\"“‘'«]?(?:(?P<letters>[^\W\d_]+(?:[-'’][^\W\d_]+)*)|\d+)[)\"”’'».,:;!?]*")
DRAWN = "Some of this page is drawn as shapes that look like writing: it is shown as pictures."
READ = "Some text of this page is missing from its text layer: it was read from its pixels."
UNREAD = "Some text of this page is missing from its text layer, and could not be read from its pixels."


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaReader:
    """Reads areas of a page.

    Attributes:
        read: all words on an image.
        rules_of: straight lines on an image.
        languages: BCP 47 codes that the caller expects.
    """

    read: Callable[[Image], Recognition]
    rules_of: Callable[[Image], tuple[Rule, ...]]
    languages: Sequence[str] = ()

    def completed(self, page: Page, areas: Sequence[Writing]) -> Page:
        """The page with the words of these areas; what is nothing but text is no longer a picture or a drawing.

        Of a picture with labels no word is missed where none can be read: it shows them. Lines of shapes are believed
        to be writing where they read like it; else they may be formulas.
        """
        warnings: dict[str, None] = {}
        for area in areas:
            found, doubts = ((), []) if area.shapes is Shapes.OTHER else self._words(page, area.box)
            if area.shapes and not reads_as_writing(found):
                found = ()
                warnings[DRAWN] = None
            elif found or not area.labels:
                warnings.update(dict.fromkeys(doubts))
                warnings[READ if found else UNREAD] = None
            page = self._with(page, area, found) if found else page
        return replace(page, warnings=(*page.warnings, *warnings))

    def _words(self, page: Page, box: BBox) -> tuple[tuple[Word, ...], list[str]]:
        """What is written in an area beside the words that are known, nothing when it is hard to read; and warnings."""
        left, top, crop = _crop(page, box)
        found = self.read(crop)
        doubts = list(unread_scripts(found.unread, self.languages))
        if found.confidence < DOUBTFUL:
            return (), doubts
        moved = [_moved(word, left, top) for word in found.words if word.confidence >= LIKELY]
        return beside(with_sizes_settled(moved), page.words), doubts

    def _with(self, page: Page, area: Writing, found: tuple[Word, ...]) -> Page:
        words = (*page.words, *found)
        sketch = page.sketch()
        if area.labels or sketch is None or explained(area.box, words, sketch) < ONLY_TEXT:
            images = [replace(image, holds_text=True) if image.box == area.box else image for image in page.images]
            return replace(page, words=words, images=tuple(images))
        left, top, crop = _crop(page, area.box)
        rules = [Rule(box=rule.box.shifted(left, top)) for rule in self.rules_of(crop)] if area.picture else []
        return replace(
            page,
            words=words,
            rules=(*page.rules, *rules),
            images=tuple(image for image in page.images if not _is_in(image, area.box)),
            drawings=tuple(each for each in page.drawings if each.box.inside_share(area.box) < 0.9),
        )


def reads_as_writing(words: Sequence[Word]) -> bool:
    """Whether words that were read from shapes are surely words: of letters, but for the marks around them."""
    said = [_SAID.fullmatch(word.text) for word in words]
    letters = sum(len(word["letters"] or "") for word in said if word)
    sure = all(word.confidence >= SURE for word in words)
    return sure and all(said) and letters >= max(FEWEST_LETTERS, LONG * len(words))


def beside(found: Sequence[Word], known: Sequence[Word]) -> tuple[Word, ...]:
    """Words that were found, without those that are known already; their lines follow those of the known ones."""
    first = 1 + max((word.line for word in known), default=-1)
    left = (_left_of(word, known) for word in found)
    return tuple(
        replace(word, line=first + word.line if word.line >= 0 else word.line) for word in left if word is not None
    )


def _left_of(word: Word, known: Sequence[Word]) -> Word | None:
    """What is new of a word that was found: all of it, or what stands before or after a known one, or nothing."""
    over = [other.box for other in known if word.box.inside_share(other.box) > 0.5 or word.box.holds(other.box)]
    if not over:
        return word
    start, end = min(box.x0 for box in over) - word.box.x0, word.box.x1 - max(box.x1 for box in over)
    free = max(start, end)
    if free < 0.5 * word.box.width:
        return None
    letters = round(len(word.text) * free / word.box.width)
    if start > end:
        return replace(word, text=word.text[:letters], box=replace(word.box, x1=word.box.x0 + free))
    return replace(word, text=word.text[-letters:], box=replace(word.box, x0=word.box.x1 - free))


def _is_in(image: PlacedImage, box: BBox) -> bool:
    return image.box.inside_share(box) > 0.9


def _crop(page: Page, box: BBox) -> tuple[int, int, Image]:
    """The pixels of an area, and where its left top corner is."""
    on = box.clipped(page.size)
    x0, y0, x1, y1 = math.floor(on.x0), math.floor(on.y0), math.ceil(on.x1), math.ceil(on.y1)
    return x0, y0, np.ascontiguousarray(page.render()[y0:y1, x0:x1])


def _moved(word: Word, dx: float, dy: float) -> Word:
    baseline = None if word.baseline is None else word.baseline + dy
    return replace(word, box=word.box.shifted(dx, dy), baseline=baseline)
