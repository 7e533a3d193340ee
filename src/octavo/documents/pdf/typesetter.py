"""Text set into a box, for what a form holds and nobody has drawn."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from octavo.domain.block import Font, Word
from octavo.domain.geometry import BBox

USUAL = 12.0
"""Type without a size of its own is no larger than this, in points."""
MARGIN = 2.0
"""Between the frame of a field and its text, in points."""
BLANK = 0.28
"""Between words, in ems."""
LEAST = 3.0
"""Text that does not fit is set no smaller than this, in points."""
LEADING = 1.2
"""From one line to the next, in ems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setter:
    """Sets text into boxes as the page is turned.

    Attributes:
        rotation: of most writing on the page: 0, 90, 180 or 270 degrees clockwise.
        scale: pixels a point.
    """

    rotation: int
    scale: float

    def mark(self, text: str, box: BBox) -> Word:
        """A box to tick."""
        size = min(box.width, box.height, USUAL * self.scale)
        middle = BBox(box.center_x, box.center_y, box.center_x, box.center_y).grown(size / 2)
        baseline = None if self.rotation else middle.y1 - 0.15 * size
        return Word(text=text, box=middle, font=Font(size=size), rotation=self.rotation, line=0, baseline=baseline)

    def set(self, text: str, box: BBox, like: Sequence[Word] = (), size: float = 0) -> list[Word]:
        """The words of a text, its lines wrapped to the box from its top; all of them, even when the box is too small.

        They are as large as those of `like`, or have `size` points, or fit the box. Their font has no name, for
        nothing says that all of them are drawn.
        """
        width, height = (box.width, box.height) if self.rotation % 180 == 0 else (box.height, box.width)
        width = max(1.0, width - 2 * MARGIN * self.scale)
        em = size * self.scale or max(1.0, min(USUAL * self.scale, height / LEADING))
        em = min(em, like[0].font.size) if like else em
        rows = list(_wrapped(text, width / em))
        while len(rows) * LEADING * em > max(height, LEADING * em) and em > LEAST * self.scale:
            em = max(LEAST * self.scale, 0.85 * em)
            rows = list(_wrapped(text, width / em))
        rows = _packed(rows, max(1, int(height / (LEADING * em))))
        top = (height - LEADING * em) / 2 if len(rows) == 1 else 0.0
        return [
            self._word(piece, box, top + line * LEADING * em, em, line, min(1.0, width / em / row[-1].end))
            for line, row in enumerate(rows)
            for piece in row
        ]

    def _word(self, piece: _Piece, frame: BBox, y: float, em: float, line: int, squeezed: float) -> Word:
        """A word at a place of the frame as it reads upright, turned with the page."""
        x0, x1 = (MARGIN * self.scale + at * em * squeezed for at in (piece.start, piece.end))
        box = _turned(BBox(x0, y, x1, y + em), frame, self.rotation)
        baseline = None if self.rotation else box.y1 - 0.2 * em
        font = Font(size=em)
        return Word(text=piece.text, box=box, font=font, rotation=self.rotation, line=line, baseline=baseline)


def _turned(box: BBox, frame: BBox, degrees: int) -> BBox:
    """A box measured from the corner of `frame` where reading begins, in page pixels."""
    if degrees == 90:
        return BBox(frame.x1 - box.y1, frame.y0 + box.x0, frame.x1 - box.y0, frame.y0 + box.x1)
    if degrees == 180:
        return BBox(frame.x1 - box.x1, frame.y1 - box.y1, frame.x1 - box.x0, frame.y1 - box.y0)
    if degrees == 270:
        return BBox(frame.x0 + box.y0, frame.y1 - box.x1, frame.x0 + box.y1, frame.y1 - box.x0)
    return box.shifted(frame.x0, frame.y0)


class _Piece(NamedTuple):
    """A word of a line, and where it begins and ends in ems."""

    text: str
    start: float
    end: float


def _wrapped(text: str, width: float) -> Iterator[list[_Piece]]:
    """Lines no wider than `width` ems, unless a word is."""
    for line in text.splitlines():
        row: list[_Piece] = []
        x = 0.0
        for word in line.split():
            end = x + _ems(word)
            if row and end > width:
                yield row
                row, x, end = [], 0.0, end - x
            row.append(_Piece(word, x, end))
            x = end + BLANK
        if row:
            yield row


def _packed(rows: list[list[_Piece]], most: int) -> list[list[_Piece]]:
    """No more than `most` rows: several in a row of their words where there are more."""
    share = math.ceil(len(rows) / most)
    packed = []
    for first in range(0, len(rows), max(1, share)):
        whole: list[_Piece] = []
        for row in rows[first : first + share]:
            x = whole[-1].end + BLANK if whole else 0.0
            whole += [_Piece(text, x + start, x + end) for text, start, end in row]
        packed.append(whole)
    return packed


def _ems(text: str) -> float:
    """About how wide a text is, in ems."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "FW" else 0.5 for letter in text)
