"""Lines of writing to rows: a line starts a new row, or goes on with the wrapped cells of the row above.

Each pair of lines is weighed by what a typesetter would do: numbers do not wrap; a word that still fits does not
start a new line; lines of one cell stand closer than rows that are set apart; a continuation starts in lower case.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from octavo.structure.tables.ink import Ink, TextLine, chunk_text, is_numeric

CONNECTORS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "de",
        "del",
        "der",
        "des",
        "die",
        "du",
        "et",
        "for",
        "from",
        "in",
        "la",
        "le",
        "les",
        "of",
        "on",
        "or",
        "per",
        "pour",
        "the",
        "to",
        "und",
        "von",
        "with",
        "y",
    ]
)
"""Words that no cell ends with: what stands below goes on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line has in one column."""

    places: tuple[int, ...]
    x0: float
    x1: float
    text: str
    numeric: bool
    bold: bool


Pieces: TypeAlias = Mapping[int, Piece]
"""By column."""


def pieces_of(ink: Ink, line: TextLine, xs: Sequence[float]) -> dict[int, Piece]:
    """The words of a line by column; `xs` are the boundaries of columns."""
    inner = xs[1:-1]
    held: dict[int, list[int]] = {}
    for place in line.places:
        held.setdefault(bisect_right(inner, ink.words[place].box.center_x), []).append(place)
    return {column: _piece(ink, places) for column, places in held.items()}


def _piece(ink: Ink, places: list[int]) -> Piece:
    text = chunk_text(ink, places)
    boxes = [ink.words[place].box for place in places]
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    return Piece(tuple(places), left, right, text, is_numeric(text), ink.words[places[0]].font.bold)


def rows_of(
    ink: Ink, lines: Sequence[TextLine], xs: Sequence[float], cuts: Sequence[float] = (), start: int = 0
) -> list[list[TextLine]]:
    """Lines gathered into rows, top to bottom.

    Args:
        ink: the words.
        lines: of the table, top to bottom.
        xs: boundaries of its columns.
        cuts: heights (y) at which a rule parts rows.
        start: lines before this one are not gathered; they only tell how wide columns are.
    """
    pieces = [pieces_of(ink, line, xs) for line in lines]
    widths = _widths(pieces)
    lines, pieces = lines[start:], pieces[start:]
    if not lines:
        return []
    pitch = Pitch.of(lines, pieces)
    rows: list[list[TextLine]] = [[lines[0]]]
    held: dict[int, Piece] = dict(pieces[0])
    for (above, line), here in zip(pairwise(lines), pieces[1:], strict=True):
        ruled = any(above.center < cut < line.center for cut in cuts)
        if ruled or apart(ink, held, here, widths) + pitch.apart(above, line) > 0:
            rows.append([line])
            held = dict(here)
        else:
            rows[-1].append(line)
            held.update(here)
    return rows


def _widths(pieces: Sequence[Pieces]) -> dict[int, float]:
    """Width of the writing in each column."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for line in pieces:
        for column, piece in line.items():
            left[column] = min(left.get(column, piece.x0), piece.x0)
            right[column] = max(right.get(column, piece.x1), piece.x1)
    return {column: right[column] - left[column] for column in left}


SET_APART = 1.35
"""Rows this far apart (in heights of their lines) are farther apart than the lines of one cell."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """Distances of lines that tell rows from wrapped lines.

    Attributes:
        large: from this distance on lines belong to different rows, when distances are of two kinds; else 0.
        rows: how far apart rows are that stand in one line each, when that is wider than lines of a cell are; else 0.
    """

    large: float
    rows: float = 0.0

    @classmethod
    def of(cls, lines: Sequence[TextLine], pieces: Sequence[Pieces] = ()) -> Pitch:
        """Measured on the lines of a table: wrapped lines stand close, and rows are often set apart."""
        gaps = sorted(below.center - above.center for above, below in pairwise(lines))
        if len(gaps) < 2:
            return cls(0.0)
        ratio, place = max((after / max(before, 1e-6), place) for place, (before, after) in enumerate(pairwise(gaps)))
        height = median(line.y1 - line.y0 for line in lines)
        often = len(gaps) - place - 1 >= 0.3 * len(gaps)
        large = gaps[place + 1] if ratio >= 1.25 and often and gaps[place] < 1.35 * height else 0.0
        return cls(large, row_pitch(lines, pieces))

    def apart(self, above: TextLine, below: TextLine) -> float:
        """Positive when the distance of two lines speaks for two rows."""
        gap = below.center - above.center
        height = max(above.y1 - above.y0, below.y1 - below.y0)
        score = 2.0 if gap > 1.6 * height else -2.0 if gap < 0.75 * height else 0.0
        if self.large:
            score += 1.5 if gap >= self.large else -1.5
        elif self.rows and gap >= 0.9 * self.rows and gap <= 1.6 * height:
            score += 1.5
        return score


def row_pitch(lines: Sequence[TextLine], pieces: Sequence[Pieces]) -> float:
    """The least distance of two lines with numbers below numbers, when rows are set apart; else 0."""
    sure = [
        below.center - above.center
        for (above, below), (upper, lower) in zip(pairwise(lines), pairwise(pieces), strict=False)
        if any(upper[column].numeric and lower[column].numeric for column in upper.keys() & lower.keys())
    ]
    height = median(line.y1 - line.y0 for line in lines) if lines else 0.0
    return min(sure) if len(sure) > 1 and min(sure) > SET_APART * height else 0.0


def apart(ink: Ink, held: Pieces, line: Pieces, widths: Mapping[int, float]) -> float:
    """Positive when what stands in the columns of a row (`held`) and of a line speaks for two rows."""
    score = 0.5
    both = held.keys() & line.keys()
    for column in both:
        if line[column].numeric and held[column].numeric:
            score += 3.0
        elif line[column].numeric != held[column].numeric:
            score += 0.75
        else:
            score += _wrapped(ink, held[column], line[column], widths[column]) * (1.0 if column == 0 else 0.5)
    if len(both) > 2 and len(both) > 0.8 * len(widths):
        score += 1.5
    if 0 not in line and 0 in held:
        score -= 2.0 if set(line) <= set(held) else 0.5
    if 0 in both:
        score += 0.5 if len(line) > 1 and len(held) > 1 else 0.0
        score += 1.5 if line[0].bold != held[0].bold else 0.0
    return score


def _wrapped(ink: Ink, above: Piece, below: Piece, width: float) -> float:
    """Negative when `below` reads as the next line of `above` in a column of this width."""
    word = ink.words[below.places[0]].box.width
    score = 1.5 if above.x1 - above.x0 + 0.3 * ink.em + word < width else -1.0
    last = above.text.rsplit(" ", 1)[-1]
    if below.text[:1].islower():
        score -= 1.5
    if last.lower() in CONNECTORS or last[-1:] in "-,(/&–":
        score -= 1.5
    return score
