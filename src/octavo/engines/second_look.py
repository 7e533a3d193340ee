"""Looks once more at what was found and read on a page: rows of ink that the detector passed over are read, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from octavo.domain.document import Image
from octavo.engines.closer_look import right_in
from octavo.engines.crew import Crew
from octavo.engines.line_scripts import LineScripts
from octavo.engines.missed_ink import MissedRow, missed_rows
from octavo.engines.pixels import Quad, cut, gray_of
from octavo.engines.read_line import ReadLine

_SHORTEST, _MAY_BE = 2.5, 0.5
"""Rows are read that are so many times as long as high, and no writing with less than this probability."""
_LIKELY = 0.6
"""A row is a line of text when this share of its letters is likely right,"""
_FEWEST = 4
"""and it has so many: pieces of pictures read as a letter or two."""
_LONG = 4.0
"""Other rows look like writing when they are so many times as long as high,"""
_PLAIN = 0.1
"""and the classifier of scripts takes them for nothing else with less than this,"""
_BARS = 0.2
"""and more than this share of what varies varies from top to bottom: bars of a code do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What was passed over: lines that are read now, and the share of the page's ink that looks like unread writing."""

    lines: list[ReadLine]
    unread: float


def second_look(
    image: Image, lines: Sequence[ReadLine], read: Callable[[Quad], ReadLine], scripts: LineScripts, crew: Crew
) -> SecondLook:
    """What the detector passed over on `image`.

    Args:
        image: of the page, RGB.
        lines: that were found and read.
        read: reads the line in a quad.
        scripts: tells writing from other marks.
        crew: reads several at the same time.
    """
    rows = [row for row in missed_rows(image, [line.quad for line in lines]) if _length(row) >= _SHORTEST]
    told = zip(rows, crew.map(lambda row: _is_nothing(image, row, scripts), rows), strict=True)
    maybe = [(row, nothing) for row, nothing in told if nothing < _MAY_BE]
    readings = crew.map(lambda pair: read(pair[0].quad), maybe)
    found = [_is_text(line) for line in readings]
    left = [pair for pair, known in zip(maybe, found, strict=True) if not known]
    return SecondLook(
        lines=[line for line, known in zip(readings, found, strict=True) if known],
        unread=sum(row.share for row, nothing in left if nothing < _PLAIN and _looks_written(image, row)),
    )


def _length(row: MissedRow) -> float:
    """Width over height."""
    return float((row.quad[2, 0] - row.quad[0, 0]) / (row.quad[2, 1] - row.quad[0, 1]))


def _is_nothing(image: Image, row: MissedRow, scripts: LineScripts) -> float:
    """The probability that a row is no writing."""
    return float(scripts.tell(cut(image, row.quad)[0])[scripts.names.index("none")])


def _is_text(line: ReadLine) -> bool:
    right, letters = right_in([line])
    return letters >= _FEWEST and right >= _LIKELY * letters


def _looks_written(image: Image, row: MissedRow) -> bool:
    return _length(row) >= _LONG and not _is_barred(cut(image, row.quad)[0])


def _is_barred(crop: Image) -> bool:
    """Whether the middle of a row looks the same at every height, as the bars of a code do."""
    gray = gray_of(crop).astype(np.float32)
    middle = gray[len(gray) // 4 : max(1 + len(gray) // 4, 3 * len(gray) // 4)]
    return bool(middle.var(axis=0).mean() < _BARS * max(1.0, middle.var()))
