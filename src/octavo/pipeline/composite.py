"""A `PageRecognizer` made of parts: the text layer or a text recogniser, a layout detector, and `structure`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from octavo.domain.bend import Flattened
from octavo.domain.block import Block, PlacedImage, Region, Rule, Word
from octavo.domain.document import Image, Page
from octavo.domain.geometry import BBox
from octavo.domain.likelihood import likely_right
from octavo.domain.ports import EarlyStart, LayoutDetector, RegionRecognizer
from octavo.domain.result import Recognition, RecognizedPage, TextSource
from octavo.domain.work import ReadOptions
from octavo.pipeline.doubts import doubts_of
from octavo.pipeline.figures import figures_cut
from octavo.pipeline.illegible import legible
from octavo.pipeline.open_book import parts_of, within
from octavo.pipeline.seen import TableReader, seen_figures
from octavo.pipeline.text_layer import MISSING, judge, with_words, without_layer
from octavo.pipeline.turned import leveled, quarter_of, turned
from octavo.pipeline.unread import AreaReader, beside
from octavo.structure.blocks.signatures import signatures_marked
from octavo.structure.page import understand
from octavo.structure.sketch.writing import Writing
from octavo.structure.skew import bent_back, put_back, skew_of
from octavo.structure.text.sizes import with_sizes_settled

AS_CLEAR = 0.9
"""A page whose lines stand on their side is turned if this share of the letters is as likely right then."""
DOUBTFUL_PAGE = 0.5
"""A page of whose letters less than this share is likely right is read upside down as well,"""
CLEARER = 1.5
"""and stands on its head if so many times as many are likely right then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeRecognizer:
    """The classic stack.

    Attributes:
        text: reads words from pixels.
        layout: votes for figures and tables on pages that are pixels only.
        tables: reads the grid of a table that the layout detector saw.
        turn_of: clockwise degrees by which an image is turned: 0, 90, 180 or 270.
        rules_of: straight lines on an image.
        flat_of: a page that is bent, made flat; None of flat ones.
        rotated: an image turned by some degrees counter-clockwise.
        begin: what is seen on a page, besides its text, is looked for while text is read, where that is possible.
    """

    text: RegionRecognizer
    layout: LayoutDetector
    tables: RegionRecognizer
    turn_of: Callable[[Image], int]
    rules_of: Callable[[Image], tuple[Rule, ...]]
    flat_of: Callable[[Image], Flattened | None]
    rotated: Callable[[Image, float], Image]
    begin: EarlyStart

    def warm_up(self) -> None:
        """Read an empty page, which loads everything."""
        blank = np.full((64, 64, 3), 255, np.uint8)
        self.text.recognize(blank)
        self.layout.detect(blank)
        self.tables.recognize(blank)
        self.turn_of(blank)

    def recognize(self, page: Page, options: ReadOptions, figures_dir: Path) -> RecognizedPage:
        """Read one page; pictures are written as JPEG into `figures_dir`."""
        read = partial(self.text.recognize, languages=options.languages)
        verdict = judge(page, options.text_layer, read)
        page = replace(page, warnings=(*page.warnings, *verdict.warnings))
        if verdict.believed:
            areas = AreaReader(read=read, rules_of=self.rules_of, languages=options.languages)
            return self._read_layer(with_words(page, verdict.words), verdict.unread, areas, figures_dir)
        return self._read_pixels(without_layer(page), verdict.words, options, figures_dir)

    def _read_layer(
        self, page: Page, unread: Sequence[Writing], areas: AreaReader, figures_dir: Path
    ) -> RecognizedPage:
        """A page whose text layer is believed, and what it lacks in some areas."""
        whole = areas.completed(page, unread) if unread else page
        source = TextSource.BOTH if len(whole.words) > len(page.words) else TextSource.TEXT_LAYER
        return _finished(whole, understand(whole), source, figures_dir)

    def _read_pixels(
        self, page: Page, known: Sequence[Word], options: ReadOptions, figures_dir: Path
    ) -> RecognizedPage:
        """A page read from its pixels; words that are `known` stay as they are, unless the page has to be turned."""
        look = self._upright(page, known, options)
        page, found = look.page, look.found
        known = () if page.turned else tuple(known)
        words = with_sizes_settled(found.words)
        new = beside(words, known)
        page = replace(page, words=(*known, *new), warnings=_still_true(page.warnings, new))
        skew = skew_of(words)
        level = leveled(replace(page, render=lambda: look.image, render_part=None), skew, self.rotated)
        clear = legible(level.words)
        seen = look.seen() if skew == 0.0 else self._seen(level.render())
        blocks = put_back(self._understood(replace(level, words=clear.words), seen, clear.pictures), skew, page.size)
        page = replace(page, warnings=(*page.warnings, *doubts_of(found, clear, options.languages)))
        blocks = blocks if look.flat is None else bent_back(blocks, look.flat.bend)
        return _finished(page, blocks, _source(known, new), figures_dir)

    def _upright(self, page: Page, known: Sequence[Word], options: ReadOptions) -> _Look:
        """The page set upright; one that hardly reads may stand on its head, and is read so as well."""
        image = page.render()  # here: PDFium keeps to one thread
        flat = self.begin(lambda: None if known else self.flat_of(image))  # most pages stand upright
        degrees = self.turn_of(image)
        look = self._looked(page, degrees, options, flat)
        quarter = 0 if known else quarter_of(look.found.words)
        if quarter:  # the detector may be wrong: what is read stands on its side
            aside = self._looked(page, (degrees + quarter) % 360, options, flat)
            if likely_right(aside.found.words)[0] >= AS_CLEAR * likely_right(look.found.words)[0]:
                degrees, look = (degrees + quarter) % 360, aside
        right, letters = likely_right(look.found.words)
        if not letters or right >= DOUBTFUL_PAGE * letters:
            return look
        other = self._looked(page, (degrees + 180) % 360, options, flat)
        return other if likely_right(other.found.words)[0] > CLEARER * right else look

    def _looked(
        self, page: Page, degrees: int, options: ReadOptions, as_it_stands: Callable[[], Flattened | None]
    ) -> _Look:
        """The page turned by some degrees, flat (`as_it_stands` makes it so where it is not turned), and read.

        A page whose words are partly known stays as it is, unless it is turned.
        """
        page = turned(page, degrees)
        flat = self.flat_of(page.render()) if degrees else as_it_stands()
        image = page.render() if flat is None else flat.image
        seen = self.begin(lambda: self._seen(image))
        found = self.text.recognize(image, languages=options.languages)
        return _Look(page=page, flat=flat, found=found, seen=seen)

    def _seen(self, image: Image) -> _Seen:
        return _Seen(regions=self.layout.detect(image), rules=self.rules_of(image))

    def close(self) -> None:
        """Release models; sessions go with the object."""

    def _understood(self, page: Page, seen: _Seen, unread: Sequence[BBox]) -> tuple[Block, ...]:
        """The blocks of a level page whose words are read, with pictures of what could not be."""
        page = replace(page, rules=seen.rules, drawings=(), images=())
        return tuple(
            block
            for part, box in parts_of(page)
            for block in self._blocks(part, within(seen.regions, box), [each for each in unread if box.holds(each)])
        )

    def _blocks(self, page: Page, regions: Sequence[Region], unread: Sequence[BBox]) -> tuple[Block, ...]:
        """The blocks of a page, or of one page of an open book."""
        tables = TableReader(self.tables).read(page, regions)
        pictures = (PlacedImage(box=box, unread=True) for box in unread)
        return understand(replace(page, images=(*seen_figures(regions, page), *pictures)), tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is on the pixels of a page besides text."""

    regions: tuple[Region, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A page as it was turned, made flat (if it is bent) and read."""

    page: Page
    flat: Flattened | None
    found: Recognition
    seen: Callable[[], _Seen]

    @property
    def image(self) -> Image:
        """What was read."""
        return self.page.render() if self.flat is None else self.flat.image


def _finished(page: Page, blocks: Sequence[Block], source: TextSource, figures_dir: Path) -> RecognizedPage:
    return RecognizedPage(
        index=page.index,
        size=page.size,
        dpi=page.dpi,
        blocks=figures_cut(signatures_marked(blocks, page.signatures), page, figures_dir),
        links=page.links,
        source=source,
        warnings=page.warnings,
        turned=page.turned,
    )


def _still_true(warnings: Sequence[str], new: Sequence[Word]) -> tuple[str, ...]:
    """Warnings without the one that says that text is missing, when none was."""
    return tuple(warning for warning in warnings if new or warning != MISSING)


def _source(known: Sequence[Word], found: Sequence[Word]) -> TextSource:
    if known:
        return TextSource.BOTH if found else TextSource.TEXT_LAYER
    return TextSource.PIXELS if found else TextSource.NOTHING
