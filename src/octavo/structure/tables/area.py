"""Pieces of a page that may be a table, and what lines in them tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.domain.geometry import BBox
from octavo.structure.tables.ink import Ink, TextLine, chunk_text

FARTHEST = 2.6
"""Lines of one table are at most this far apart (in ems), unless rules or columns of numbers hold them together."""

_CAPTION = re.compile(
    r"(?:tab(?:le|leau|elle|la|ela)?|fig(?:ure|ura|\.)?|abb(?:ildung|\.)?|exhibit|chart|graph(?:ique)?|cuadro|quadro)\b"
    r"\.?\s*[\dA-Z]|[表図图]\s*\d|جدول",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TableArea:
    """Lines that may be a table, and its box."""

    lines: tuple[TextLine, ...]
    box: BBox


def clipped_lines(lines: Iterable[TextLine], box: BBox) -> list[TextLine]:
    """Lines within a box: chunks whose middle lies outside are left out."""
    found: list[TextLine] = []
    for line in lines:
        if box.y0 <= line.center <= box.y1:
            chunks = tuple(chunk for chunk in line.chunks if box.x0 <= (chunk.x0 + chunk.x1) / 2 <= box.x1)
            if chunks:
                found.append(TextLine(chunks, line.y0, line.y1))
    return found


def is_caption(line: TextLine, ink: Ink) -> bool:
    """Whether a line starts as captions do: `Table 3`."""
    return _CAPTION.match(chunk_text(ink, line.places[:3])) is not None


def is_long(places: Sequence[int], width: float, em: float) -> bool:
    """Whether a chunk is a piece of running text rather than an entry."""
    return len(places) >= 5 and width >= 12 * em


def is_wide(line: TextLine, ink: Ink) -> bool:
    """Whether a line is writing rather than entries of a table."""
    words = sum(len(chunk.places) for chunk in line.chunks if is_long(chunk.places, chunk.width, ink.em))
    return words > 0.5 * len(line.places)
