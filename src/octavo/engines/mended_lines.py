"""Lines that hardly read, read once more with their strokes mended: copies of copies, faxes, dirt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from octavo.domain.likelihood import likely_right
from octavo.engines.crew import Crew
from octavo.engines.pixels import Quad
from octavo.engines.read_line import ReadLine

_POOR = 0.87
"""Lines of whose letters less than this share is likely right are mended,"""
_SHORTEST = 4
"""if they have so many letters,"""
_FEWEST, _MANY = 3, 0.15
"""and there are so many of them, and they make this share of all lines: what ails a page ails several."""
_PROBED = 5
"""So many, from all parts of the page, are tried before the others."""
_BELIEVED = 0.6
"""Mended lines are believed if this share of all their letters is likely right: of handwriting it is .25 at most;"""
_GAIN = 0.05
"""and if it grows by so much: else nothing was broken that could be mended."""
_MORE = 1.0
"""Of them, those are kept of which so many letters more are likely right than before."""


def with_mended(lines: Sequence[ReadLine], read: Callable[[Quad], ReadLine], crew: Crew) -> list[ReadLine]:
    """The lines, with those that read better when they are mended.

    Args:
        lines: that were found and read.
        read: reads the line in a quad with its strokes mended.
        crew: reads several at the same time.
    """
    poor = [place for place, line in enumerate(lines) if _is_poor(line)]
    if len(poor) < max(_FEWEST, _MANY * len(lines)):
        return list(lines)
    again: dict[int, ReadLine] = {}
    for places in (poor[:: -(-len(poor) // _PROBED)], poor):
        left = [place for place in places if place not in again]
        again |= zip(left, crew.map(lambda place: read(lines[place].quad), left), strict=True)
        if not _pays([lines[place] for place in again], list(again.values())):
            return list(lines)
    return [_better(line, again.get(place, line)) for place, line in enumerate(lines)]


def _is_poor(line: ReadLine) -> bool:
    if line.pieces is not None or not line.tried:
        return False
    right, letters = likely_right(line.words)
    return letters >= _SHORTEST and right < _POOR * letters


def _pays(before: Sequence[ReadLine], after: Sequence[ReadLine]) -> bool:
    share = _share(after)
    return share >= _BELIEVED and share >= _share(before) + _GAIN


def _share(lines: Sequence[ReadLine]) -> float:
    right, letters = likely_right(word for line in lines for word in line.words)
    return right / max(1, letters)


def _better(before: ReadLine, after: ReadLine) -> ReadLine:
    return after if likely_right(after.words)[0] > likely_right(before.words)[0] + _MORE else before
