"""How much of what was read is likely right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Reading(Protocol):
    """Something that was read: its text, and how likely that is right, 0 to 1."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102


def likely_right(readings: Iterable[Reading]) -> tuple[float, int]:
    """How many letters are likely right, and how many there are."""
    counted = [(len(each.text), each.confidence) for each in readings]
    return sum(letters * confidence for letters, confidence in counted), sum(letters for letters, _ in counted)
