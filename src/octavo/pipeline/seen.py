"""What models see on a page of pixels, held against its words and rules: figures, and the grids of tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from octavo.domain.block import BlockKind, PlacedImage, Region, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, union_of
from octavo.domain.ports import RegionRecognizer
from octavo.structure.mirror import runs_from_right
from octavo.structure.page import tables_of
from octavo.structure.tables import FoundTable, consistency, reads_as_table, table_in, with_row_spans
from octavo.structure.tables.ink import Ink, text_lines
from octavo.structure.tables.prose import terse_lines
from octavo.structure.tables.trim import by_line, is_torn, without_lines_around
from octavo.structure.text.lines import words_in

MOST_FIGURE = 0.6
"""A layout detector's figure that covers more of the page than this is not believed."""
TEXT_IN_FIGURE = 0.25
"""Nor one of whose area words cover more than this."""
LEAST_DRAWN = 0.004
"""Nor one of whose area less than this has ink that is neither words nor rules."""
DARKER = 40
"""Ink differs from the paper by this much (of 255)."""
LONGER = 1.5
"""Nor one that a rule so many times as long runs through,"""
EDGES = 0.1
"""from side to side but for this share, and not along its edges."""
FEWEST_TABLE_WORDS = 4
"""A table has at least so many words."""
MOST_FIGURE_WORDS = 400
"""A figure with more words than this is a newspaper or the like, not a table mistaken for a figure."""
AGREES = 0.9
"""A table where the layout detector sees none, or a larger one, agrees with at least this share of its words."""
MOST_MORE = 2.0
"""A table that the layout detector sees has at most so many times the words of the one found in it."""
MOST_CELL_WORDS = 25
"""Cells that no rules close hold at most so many words, one with another."""
MOST_TITLE_WORDS = 14
"""A title across all columns has at most so many words: more are a paragraph."""
MOST_RUNNING = 0.7
"""Of the words of a table without closed cells at most so many are running text."""
MOST_CUT = 0.15
"""Of its lines at most so many are cut by columns where no more than a space parts two words."""
MARGIN = 0.1
"""Around a table the model is shown so much paper (in ems) more."""
CLOSE = 0.02
"""Two grids whose words agree as well as this are told apart by how they were found."""


def seen_figures(regions: Sequence[Region], page: Page) -> tuple[PlacedImage, ...]:
    """Figures that the layout detector sees, where they are believable."""
    boxes = (region.box for region in regions if region.kind is BlockKind.IMAGE)
    return tuple(PlacedImage(box=box, holds_text=True) for box in boxes if _is_figure(box, page))


def _is_figure(box: BBox, page: Page) -> bool:
    if _is_laden(box, page) or any(_is_cut(box, rule.box) for rule in page.rules):
        return False
    return _drawn_share(box, page) >= LEAST_DRAWN


def _is_laden(box: BBox, page: Page) -> bool:
    """Whether a region is too large, or too full of words, to be a figure."""
    covered = sum(word.box.area for word in page.words if box.holds(word.box))
    return box.area >= MOST_FIGURE * page.size.area or covered >= TEXT_IN_FIGURE * box.area


def _is_cut(box: BBox, rule: BBox) -> bool:
    """Whether a rule that parts columns or stories runs through a box and goes on outside: no figure stands across."""
    if rule.height < rule.width:
        box, rule = _flipped(box), _flipped(rule)
    inner = box.x0 + EDGES * box.width < rule.center_x < box.x1 - EDGES * box.width
    return inner and box.y_overlap(rule) > (1 - EDGES) * box.height and rule.height > LONGER * box.height


def _flipped(box: BBox) -> BBox:
    return BBox(box.y0, box.x0, box.y1, box.x1)


def _drawn_share(box: BBox, page: Page) -> float:
    """Share of a region's pixels that differ from its paper and are neither words nor rules."""
    image = page.render()
    x0, y0, x1, y1 = _pixels(box.clipped(page.size))
    part = image[y0:y1, x0:x1].min(axis=2).astype(np.int16)
    if not part.size:
        return 0.0
    ink = np.abs(part - np.median(part)) > DARKER
    margin = 2.0
    for known in (*(word.box for word in page.words), *(rule.box for rule in page.rules)):
        left, top, right, bottom = _pixels(known.grown(margin).shifted(-x0, -y0))
        ink[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    return float(ink.mean())


def _pixels(box: BBox) -> tuple[int, int, int, int]:
    return int(box.x0), int(box.y0), math.ceil(box.x1), math.ceil(box.y1)


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the tables of a page twice, by words and rules and by a model, and takes what agrees with itself.

    Attributes:
        model: reads the grid of a table on an image.
    """

    model: RegionRecognizer

    def read(self, page: Page, regions: Sequence[Region]) -> list[FoundTable]:
        """The tables of a level page whose words are read; `regions` are what the layout detector sees."""
        own = () if runs_from_right(page.words) else tables_of(page)
        tables = [self._better(page, table) for table in own]
        for region in sorted(regions, key=lambda region: region.kind is not BlockKind.TABLE):
            words = tuple(word for word in page.words if region.box.holds(word.box))
            if len(words) < FEWEST_TABLE_WORDS:
                continue
            inside = {id(word) for word in words}
            touched = [table for table in tables if any(id(word) in inside for word in table.words)]
            if not touched:
                tables += self._instead(page, region, words)
            elif region.kind is BlockKind.TABLE and _is_larger(words, touched):
                least = max(AGREES, _score(touched[0], page) - CLOSE)
                whole = [table for table in self._seen(page, region, words) if _score(table, page) >= least]
                tables = [*(table for table in tables if table not in touched), *whole] if whole else tables
        return [without_lines_around(table) for table in tables]

    def _instead(self, page: Page, region: Region, words: tuple[Word, ...]) -> list[FoundTable]:
        """The table of a region in which words and rules tell none."""
        if region.kind is BlockKind.TABLE:
            return [table for table in self._seen(page, region, words) if not _is_prose(table)]
        if region.kind is not BlockKind.IMAGE or words_in(words) > MOST_FIGURE_WORDS or not _is_laden(region.box, page):
            return []
        return [
            table
            for table in self._seen(page, region, words)
            if _score(table, page) >= AGREES and reads_as_table(table.table) and not _is_prose(table)
        ]

    def _better(self, page: Page, found: FoundTable) -> FoundTable:
        """A table found by words and rules, or what the model makes of it; closed cells that fit stay as drawn."""
        if found.drawn and _score(found, page) >= 1 - CLOSE:
            return _chosen([found], page)
        return _chosen([found, *self._modelled(page, found.box, found.words, found.confidence)], page)

    def _seen(self, page: Page, region: Region, words: tuple[Word, ...]) -> list[FoundTable]:
        """A region that should be a table, read in both ways."""
        grid = table_in(region.box, words, page.rules)
        both = [*([grid] if grid else []), *self._modelled(page, region.box, words, region.confidence)]
        whole = [table for table in both if table.drawn or not _cuts_lines(table)]
        return [_chosen(whole, page)] if whole else []

    def _modelled(self, page: Page, box: BBox, words: tuple[Word, ...], confidence: float) -> list[FoundTable]:
        em = float(np.median([word.font.size for word in words]))
        shown = union_of([box, *(word.box for word in words)]).grown(MARGIN * em).clipped(page.size)
        x0, y0, x1, y1 = _pixels(shown)
        image = np.ascontiguousarray(page.render()[y0:y1, x0:x1])
        table = self.model.recognize(image, _shifted(words, -x0, -y0)).table
        if table is None:
            return []
        cells = tuple(replace(cell, words=_shifted(cell.words, x0, y0)) for cell in table.cells)
        return [FoundTable(box=box, table=replace(table, cells=cells), words=words, confidence=confidence)]


def _shifted(words: Sequence[Word], across: int, down: int) -> tuple[Word, ...]:
    return tuple(replace(word, box=word.box.shifted(across, down)) for word in words)


def _chosen(tables: Sequence[FoundTable], page: Page) -> FoundTable:
    """The table that agrees best with itself; of several, one with closed cells, else the last."""
    scores = [_score(table, page) for table in tables]
    best = max(scores)
    close = [table for table, score in zip(tables, scores, strict=True) if score >= best - CLOSE]
    chosen = next((table for table in close if table.drawn), close[-1])
    return replace(chosen, table=with_row_spans(chosen.table, page.rules))


def _score(found: FoundTable, page: Page) -> float:
    return consistency(found.table, page.rules)


def _is_prose(found: FoundTable) -> bool:
    """Whether running text was taken for a table: columns of it, or paragraphs from side to side."""
    if found.drawn:
        return False
    full = [cell for cell in found.table.cells if cell.text]
    across = [
        cell for cell in full if cell.column_span == found.table.columns and words_in(cell.words) > MOST_TITLE_WORDS
    ]
    titled = all(words_in(cell.words) <= MOST_TITLE_WORDS for cell in across)
    return words_in(found.words) > MOST_CELL_WORDS * len(full) or not titled or _runs_on(found.words)


def _cuts_lines(found: FoundTable) -> bool:
    """Whether columns run through lines of text: between words with no more than a space between them."""
    lines = by_line(found.table.cells)
    return sum(map(is_torn, lines)) > MOST_CUT * len(lines)


def _runs_on(words: Sequence[Word]) -> bool:
    """Whether words stand in columns of running text, the lines of one column beside those of the next."""
    ink = Ink.of(words)
    terse = sum(len(line.places) for line in terse_lines(ink, text_lines(ink)))
    return len(words) - terse > MOST_RUNNING * len(words)


def _is_larger(words: Sequence[Word], parts: Sequence[FoundTable]) -> bool:
    """Whether words are those of one found table and some more, but not of another."""
    inside = {id(word) for word in words}
    held = sum(id(word) in inside for part in parts for word in part.words)
    return len(parts) == 1 and held == len(parts[0].words) < len(words) <= MOST_MORE * held
