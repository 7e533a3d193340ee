"""Font sizes of recognised words: estimates waver from line to line, so alike ones are made the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from octavo.domain.block import Word

ALIKE = 0.17
"""Sizes that differ by at most this share are one size: a line without ascenders or descenders looks smaller."""
FARTHEST = 1.7
"""Type that looks so many times as large as the body, or as small, is another size however wide it runs."""
NARROWER = 0.06
"""Type is no smaller than the body whose letters are narrower by less than this share."""
FEWEST, ENOUGH = 10, 24
"""How wide letters are tells nothing of fewer, and counts in full from so many on."""
MOSTLY = 0.5
"""Capitals and digits are wider than other letters: at most this share of them may be."""


def with_sizes_settled(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with their sizes gathered around the most frequent ones, whole lines at a time."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    sizes = {number: median(word.font.size for word in line) for number, line in lines.items()}
    weights = {number: sum(len(word.text) for word in line) for number, line in lines.items()}
    settled = _as_wide_as_body(_settled(sizes, weights), weights, lines)
    return tuple(replace(word, font=replace(word.font, size=settled[word.line])) for word in words)


def _as_wide_as_body(
    settled: Mapping[int, float], weights: Mapping[int, int], lines: Mapping[int, Sequence[Word]]
) -> dict[int, float]:
    """The sizes, with the body's for lines whose letters are as wide as its letters, however high they look.

    What stands under or over a line, or runs through it (a rule, a note, a signature), makes it higher, not wider.
    """
    size = _most_frequent(settled, weights)
    body = [number for number in settled if settled[number] == size]
    usual = sum(_width(lines[number]) for number in body) / max(1, sum(weights[number] for number in body))
    return {
        number: size if usual and _is_as_wide(line, settled[number] / size, usual) else settled[number]
        for number, line in lines.items()
    }


def _is_as_wide(line: Sequence[Word], larger: float, usual: float) -> bool:
    """Whether letters are nearer in width to those of the body, `usual`, than to letters `larger` than these.

    Smaller ones, of which other faces have wide ones, must be as wide.
    """
    text = "".join(word.text for word in line)
    if not 1 / FARTHEST < larger < FARTHEST or len(text) < FEWEST:
        return False
    if sum(letter.isupper() or not letter.isalpha() for letter in text) > MOSTLY * len(text):
        return False
    told = min(1.0, len(text) / ENOUGH)
    wide = _width(line) / (len(text) * usual)
    return wide < 1 + (math.sqrt(larger) - 1) * told if larger > 1 else wide > 1 - NARROWER * told


def _width(line: Sequence[Word]) -> float:
    return sum(word.box.width for word in line)


def _most_frequent(settled: Mapping[int, float], weights: Mapping[int, int]) -> float:
    """The size that most letters have; 1 without any."""
    total: dict[float, int] = {}
    for number, size in settled.items():
        total[size] = total.get(size, 0) + weights[number]
    return max(total, key=lambda size: total[size], default=1.0) or 1.0


def _settled(sizes: dict[int, float], weights: dict[int, int]) -> dict[int, float]:
    """For each line the center of its cluster; clusters form around the sizes with most characters."""
    rest = set(sizes)
    settled: dict[int, float] = {}
    while rest:
        center = _heaviest({number: sizes[number] for number in rest}, weights)
        near = {number for number in rest if abs(sizes[number] - center) <= ALIKE * center}
        for number in near:
            settled[number] = round(center, 1)
        rest -= near
    return settled


def _heaviest(sizes: dict[int, float], weights: dict[int, int]) -> float:
    """The size around which most characters lie, as the weighted mean of that neighbourhood."""

    def mass(center: float) -> int:
        return sum(weights[number] for number, size in sizes.items() if abs(size - center) <= ALIKE * center / 2)

    best = max(sizes.values(), key=mass)
    near = [number for number, size in sizes.items() if abs(size - best) <= ALIKE * best / 2]
    return sum(sizes[number] * weights[number] for number in near) / sum(weights[number] for number in near)
