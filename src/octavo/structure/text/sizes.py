"""Font sizes of recognised words: estimates waver from line to line, so alike ones are made the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from octavo.domain.block import Word

ALIKE = 0.17
"""Sizes that differ by at most this share are one size: a line without ascenders or descenders looks smaller."""


def with_sizes_settled(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with their sizes gathered around the most frequent ones, whole lines at a time."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    sizes = {number: median(word.font.size for word in line) for number, line in lines.items()}
    weights = {number: sum(len(word.text) for word in line) for number, line in lines.items()}
    settled = _settled(sizes, weights)
    return tuple(replace(word, font=replace(word.font, size=settled[word.line])) for word in words)


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
