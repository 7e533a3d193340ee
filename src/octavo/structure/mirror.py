"""Pages written from right to left are understood in a mirror, where all that goes by order runs from left to right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from octavo.domain.block import Block, Table, Word, is_from_right
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, union_of


def runs_from_right(words: Iterable[Word]) -> bool:
    """Whether most of the text is written from right to left."""
    from_right = others = 0
    for word in words:
        if is_from_right(word.text):
            from_right += len(word.text)
        else:
            others += len(word.text)
    return from_right > others


@dataclass(frozen=True, slots=True)
class Mirror:
    """Turns left and right of a page, and turns back what was found there.

    Attributes:
        width: of the page in pixels.
        places: where words really stand, by the box that they were given.
    """

    width: float
    places: dict[BBox, BBox] = field(default_factory=dict)

    def page(self, page: Page) -> Page:
        """The page in the mirror. Words of Latin and other scripts keep their order beside one another."""
        return replace(
            page,
            words=tuple(self._words(page.words)),
            rules=tuple(replace(rule, box=self._box(rule.box)) for rule in page.rules),
            images=tuple(replace(image, box=self._box(image.box)) for image in page.images),
            drawings=tuple(replace(drawing, box=self._box(drawing.box)) for drawing in page.drawings),
        )

    def block(self, block: Block) -> Block:
        """A block in the mirror, or one that was found there in its true place."""
        return replace(
            block,
            box=self._box(block.box),
            words=self._turned(block.words),
            table=self._table(block.table) if block.table else None,
        )

    def _box(self, box: BBox) -> BBox:
        return BBox(self.width - box.x1, box.y0, self.width - box.x0, box.y1)

    def _words(self, words: Iterable[Word]) -> Iterator[Word]:
        for _, line in groupby(words, key=lambda word: word.line):
            for run in _runs(list(line)):
                whole = union_of(word.box for word in run)
                shift = self._box(whole).x0 - whole.x0
                for word in run:
                    box = word.box.shifted(shift, 0)
                    self.places[box] = word.box
                    yield replace(word, box=box)

    def _turned(self, words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(replace(word, box=self.places.get(word.box) or self._box(word.box)) for word in words)

    def _table(self, table: Table) -> Table:
        return replace(table, cells=tuple(replace(cell, words=self._turned(cell.words)) for cell in table.cells))


def _runs(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Words of one source line; those from one that is written from left to right up to the last such stay together."""
    start = 0
    while start < len(words):
        end = start + 1
        if _is_from_left(words[start]):
            stop = next((at for at in range(end, len(words)) if is_from_right(words[at].text)), len(words))
            end = 1 + max(at for at in range(start, stop) if _is_from_left(words[at]))
        yield words[start:end]
        start = end


def _is_from_left(word: Word) -> bool:
    return not is_from_right(word.text) and any(map(str.isalpha, word.text))
