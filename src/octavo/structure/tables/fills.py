"""Filled boxes that are no cells: badges with a number, before a title, and white fills on white paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Drawing
from octavo.structure.tables.ink import Ink

LARGEST_BADGE = 4.0
"""A badge is no wider and no higher (in ems),"""
MOST_SIGNS = 4
"""and says no more than a number."""
WHITE = "ffffffff"
NEAR = 0.5
"""Fills this close (in ems) to one another touch."""
DARK = 110
"""Its ground is darker than this, of 255."""


def telling(drawings: Iterable[Drawing], ink: Ink) -> list[Drawing]:
    """The drawings without badges, and without white fills that nobody sees.

    A white fill is seen on or beside a fill of another colour; others erase what may be below them.
    """
    kept = _without_badges(list(drawings), ink)
    white = [each for each in kept if each.filled and not each.stroked and each.color == WHITE]
    if not white:
        return kept
    tinted = np.array([_sides(each) for each in kept if each.filled and each.color != WHITE]).reshape(-1, 4)
    unseen = {id(each) for each in white if not _touches(each, tinted, NEAR * ink.em)}
    return [each for each in kept if id(each) not in unseen]


def _sides(drawing: Drawing) -> tuple[float, float, float, float]:
    box = drawing.box
    return box.x0, box.y0, box.x1, box.y1


def _touches(drawing: Drawing, others: NDArray[np.float64], near: float) -> bool:
    x0, y0, x1, y1 = _sides(drawing)
    left, top, right, bottom = others.T
    return bool(((left <= x1 + near) & (right >= x0 - near) & (top <= y1 + near) & (bottom >= y0 - near)).any())


def _without_badges(drawings: Sequence[Drawing], ink: Ink) -> list[Drawing]:
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
    return 0 < len(said) <= MOST_SIGNS
