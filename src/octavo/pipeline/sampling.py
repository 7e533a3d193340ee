"""A text layer held against what is printed: some of its lines are read from their pixels, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from statistics import fmean

import numpy as np

from octavo.domain.block import Word
from octavo.domain.document import Image, Page
from octavo.domain.geometry import union_of
from octavo.domain.result import Recognition
from octavo.structure.text.lines import is_upright, join_words
from octavo.structure.text.plausibility import agreement

LINES = 4
"""So many lines are compared, from all over the page."""
SHORTEST = 12
"""Lines of fewer characters tell little."""
SURE = 0.75
"""A line that is read with less confidence than this tells nothing: its script may be unknown to the models."""
SAME = 0.5
"""Readings that agree less than this are different."""


class Sample(Enum):
    """What the comparison tells of the text layer."""

    SAME = "same"
    OTHER = "other"
    UNSURE = "unsure"


def compared(page: Page, words: Sequence[Word], read: Callable[[Image], Recognition]) -> Sample:
    """Whether the page's pixels say what `words` say; some lines that disagree, or cannot be read, make it unsure."""
    lines = _spread([line for line in _lines(words) if sum(len(word.text) for word in line) >= SHORTEST])
    agreed = [each for each in (_agreement(page, line, read) for line in lines) if each is not None]
    if not agreed:
        return Sample.UNSURE
    if fmean(agreed) < SAME:
        return Sample.OTHER
    return Sample.SAME if len(agreed) == len(lines) and min(agreed) >= SAME else Sample.UNSURE


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        if is_upright(word):
            lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _spread(lines: list[list[Word]]) -> list[list[Word]]:
    """Some lines, from the first to the last at even distances."""
    count = min(LINES, len(lines))
    return [lines[round(place * (len(lines) - 1) / max(1, count - 1))] for place in range(count)]


def _agreement(page: Page, line: Sequence[Word], read: Callable[[Image], Recognition]) -> float | None:
    """How much the text layer and the pixels of a line agree, 0 to 1; None where the pixels cannot be read."""
    box = union_of(word.box for word in line)
    box = box.grown(0.4 * box.height).clipped(page.size)
    x0, y0, x1, y1 = (int(side) for side in (box.x0, box.y0, box.x1, box.y1))
    if x1 <= x0 or y1 <= y0:
        return None
    found = read(np.ascontiguousarray(page.render()[y0:y1, x0:x1]))
    if not found.words or found.confidence < SURE:
        return None
    middle = [word for word in found.words if word.box.y0 < (y1 - y0) / 2 < word.box.y1]
    return agreement(join_words(line), " ".join(word.text for word in middle))
