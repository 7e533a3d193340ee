"""Leaders: rows of points that lead the eye from a name to its number. They part the two, and say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from octavo.domain.block import Word
from octavo.domain.geometry import BBox
from octavo.structure.tables import FoundTable

FEWEST = 4
"""So many points are leaders; three are an omission, or stand for a number that is not known."""
POINT = 0.25
"""A point is about so wide, in ems."""

_POINTS = r"[.\u00b7\u2024\u2025\u2026\u22c5\u30fb]"
_ALL = re.compile(rf"{_POINTS}+")
_TRAILING = re.compile(rf"(?<!{_POINTS})(?:{_POINTS}{{{FEWEST},}}|\u2026{{2,}})$")
_WITHIN = re.compile(rf"\s*(?:{_POINTS}\s?){{{FEWEST},}}\s*|\s*\u2026{{2,}}\s*")


@dataclass(frozen=True, slots=True)
class Parted:
    """Words without leaders.

    Attributes:
        words: in their order; names that run into leaders are cut off.
        leaders: words that are nothing else.
        origin: of each word that was cut off (by `id`), the word that it was.
    """

    words: tuple[Word, ...]
    leaders: tuple[Word, ...] = ()
    origin: Mapping[int, Word] = field(default_factory=dict)

    def whole(self, table: FoundTable) -> FoundTable:
        """A table of these words with the ones that the page has, the leaders in it among them."""
        words = tuple(self.origin.get(id(word), word) for word in table.words)
        return replace(table, words=(*words, *(word for word in self.leaders if table.box.holds(word.box))))


def parted_from_leaders(words: Sequence[Word]) -> Parted:
    """The words without leaders; where a name and leaders are one word, points are as wide as usual."""
    if not any(_ALL.search(word.text[-1:]) for word in words):
        return Parted(tuple(words))
    kept: list[Word] = []
    leaders: list[Word] = []
    origin: dict[int, Word] = {}
    for word, points in zip(words, _are_points(words), strict=True):
        ends = word.math or points or word.text[-1:].isalnum()
        trailing = None if ends else _TRAILING.search(word.text)
        if points:
            leaders.append(word)
        elif trailing is None:
            kept.append(word)
        else:
            kept.append(_cut(word, trailing.start()))
            origin[id(kept[-1])] = word
    return Parted(tuple(kept), tuple(leaders), origin)


def without_leaders(text: str) -> str:
    """A text without the leaders in it: words stay apart."""
    return _WITHIN.sub(" ", text).strip() if _WITHIN.search(text) else text


def _are_points(words: Sequence[Word]) -> Iterator[bool]:
    """Of each word, whether it is a part of leaders, which may be points that stand apart."""
    start = 0
    while start < len(words):
        if not _ALL.fullmatch(words[start].text):
            yield False
            start += 1
            continue
        end = start
        while end < len(words) and _ALL.fullmatch(words[end].text) and words[end].line == words[start].line:
            end += 1
        points = sum(3 if char == "\u2026" else 1 for word in words[start:end] for char in word.text)
        yield from [points >= FEWEST] * (end - start)
        start = end


def _cut(word: Word, end: int) -> Word:
    """A word up to one of its characters."""
    em = word.font.size
    width = max(word.box.width * end / len(word.text), word.box.width - (len(word.text) - end) * POINT * em)
    box = BBox(word.box.x0, word.box.y0, word.box.x0 + width, word.box.y1)
    return replace(word, text=word.text[:end], box=box)
