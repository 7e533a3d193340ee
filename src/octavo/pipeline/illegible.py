"""Writing that was found and that nobody could read, such as handwriting: it is shown as a picture, not as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from octavo.domain.block import Word
from octavo.domain.geometry import BBox, union_of
from octavo.domain.likelihood import likely_right
from octavo.structure.text.lines import dominant_size

_DOUBTED = 0.5
"""Lines of which less than this share is likely right may belong to such writing."""
_FEWEST = 3
"""It has so many lines at least: one alone may be dirt, a logo, or part of a picture;"""
_HOPELESS = 0.3
"""and all lines of it together have less than this,"""
_PRIOR = 20
"""counting so many letters more, of which half are right: of a few letters little can be said."""
_MOST_AMONG = 2.0
"""Where it stands there are at most so many times its letters: the others are printed between its lines."""
_NEARLY_ALL, _WITHIN = 1.34, 0.7
"""Where there are no more than so many, lines of which less than this share is likely right belong to it, too."""
_SCRAWL = 1.7
"""A line alone is a signature or a note where it has less than `_HOPELESS`, in letters so many times as large"""
_FEWEST_READ = 60
"""as those that were read, of which there are so many at least."""
_NEAR = 2.0
"""Lines belong together that are no farther from one another than so many times their height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legible:
    """What is left of a page.

    Attributes:
        words: those that may be read.
        pictures: where lines stand that may not, a box for each group of them.
        lines: how many lines the pictures show that are not among the words.
    """

    words: tuple[Word, ...]
    pictures: tuple[BBox, ...] = ()
    lines: int = 0


class _Line:
    """Words that were found as one line."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.box = union_of(word.box for word in words)
        self.right, self.letters = likely_right(words)
        self.size = words[0].font.size

    @cached_property
    def reach(self) -> BBox:
        """How far its neighbours may be."""
        return self.box.grown(_NEAR * min(self.box.height, self.box.width) / 2)

    @property
    def share(self) -> float:
        """Of its letters, those that are likely right."""
        return self.right / self.letters


def legible(words: Sequence[Word]) -> Legible:
    """The words without those of lines that are nearly all wrong, and stand together or are far larger than others."""
    lines = _lines(words)
    doubted = [line for line in lines if line.share < _DOUBTED]
    boxes, out = [], []
    for group in _groups(doubted):
        box = union_of(line.box for line in group)
        within = [line for line in lines if box.holds(line.box)]
        if _is_hopeless(group, within):
            boxes.append(box)
            out += [*group, *(_swallowed(group, within))]
    for line in _scrawls(lines):
        if line not in out and not any(line.box.holds(other.box) for other in lines if other is not line):
            boxes.append(line.box)
            out.append(line)
    dropped = {id(word) for line in out for word in line.words}
    return Legible(
        words=tuple(word for word in words if id(word) not in dropped),
        pictures=tuple(boxes),
        lines=len({id(line) for line in out}),
    )


def _is_hopeless(group: Sequence[_Line], within: Sequence[_Line]) -> bool:
    """Whether lines that stand together are such writing, and no damaged lines among others that were read."""
    enough = len(group) >= _FEWEST and _letters(within) <= _MOST_AMONG * _letters(group)
    return enough and _share(group) < _HOPELESS


def _scrawls(lines: Sequence[_Line]) -> list[_Line]:
    """Lines that are nearly all wrong, in letters far larger than those of the page."""
    read = [line for line in lines if line.share >= _DOUBTED]
    if _letters(read) < _FEWEST_READ:
        return []
    usual = dominant_size(word for line in read for word in line.words)
    return [line for line in lines if line.share < _HOPELESS and line.size > _SCRAWL * usual]


def _swallowed(group: Sequence[_Line], within: Sequence[_Line]) -> list[_Line]:
    """Lines among a group that hardly anything else stands among, and that may well be wrong."""
    if _letters(within) > _NEARLY_ALL * _letters(group):
        return []
    return [line for line in within if line.share < _WITHIN]


def _letters(lines: Sequence[_Line]) -> int:
    return sum(line.letters for line in lines)


def _lines(words: Iterable[Word]) -> list[_Line]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.line >= 0:
            lines.setdefault(word.line, []).append(word)
    return [_Line(line) for line in lines.values()]


def _share(lines: Sequence[_Line]) -> float:
    return (sum(line.right for line in lines) + _PRIOR / 2) / (_letters(lines) + _PRIOR)


def _groups(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Lines that are near one another, or have such lines between them."""
    groups: list[list[_Line]] = []
    for line in lines:
        near = [group for group in groups if any(line.reach.intersection(other.reach) > 0 for other in group)]
        groups = [group for group in groups if group not in near] + [
            [line, *(each for group in near for each in group)]
        ]
    return groups
