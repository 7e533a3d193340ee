"""Filled boxes that are no cells: badges with a number, before a title."""

from __future__ import annotations

from collections.abc import Sequence

from octavo.domain.block import Drawing
from octavo.structure.tables.ink import Ink

LARGEST_BADGE = 4.0
"""A badge is no wider and no higher (in ems),"""
SHORTEST_TOLD, MOST_SIGNS = 1, 4
"""and says no more than a number."""
DARK = 110
"""Its ground is darker than this, of 255."""


def without_badges(drawings: Sequence[Drawing], ink: Ink) -> list[Drawing]:
    """The drawings without small dark boxes that hold a number each, and touch no other dark box."""
    dark = [each for each in drawings if each.filled and not each.curved and _luminance(each.color) < DARK]
    badges = {
        id(each) for each in dark if _is_small(each, ink) and _stands_alone(each, dark) and _says_little(each, ink)
    }
    return [each for each in drawings if id(each) not in badges]


def _luminance(color: str) -> float:
    """Of a colour as `aarrggbb`, 0 to 255; white where it is not told."""
    if len(color) != 8:
        return 255.0
    red, green, blue = (int(color[start : start + 2], 16) for start in (2, 4, 6))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _is_small(drawing: Drawing, ink: Ink) -> bool:
    return max(drawing.box.width, drawing.box.height) <= LARGEST_BADGE * ink.em


def _stands_alone(badge: Drawing, dark: Sequence[Drawing]) -> bool:
    around = badge.box.grown(0.5 * badge.box.height)
    return not any(each is not badge and around.intersection(each.box) > 0 for each in dark)


def _says_little(badge: Drawing, ink: Ink) -> bool:
    said = "".join(ink.words[place].text for place in ink.inside(badge.box).nonzero()[0].tolist())
    return SHORTEST_TOLD <= len(said) <= MOST_SIGNS
