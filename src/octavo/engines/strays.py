"""What reaches into the crop of a line from the lines above and below: ends of their letters, rules at its edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_CORE = 0.4
"""Share of a well filled row that rows between the tops of low letters and the baseline have."""

Mask = NDArray[np.bool_]


def without_strays(inked: Mask) -> Mask:
    """The ink of a line's crop without what touches its upper or lower edge and does not reach into its middle.

    Left in, a `g` of the line above makes the letters look a third higher than they are, and fills gaps of words.
    """
    touched = bool(inked[0].any()), bool(inked[-1].any())
    if not any(touched):
        return inked
    top, bottom = _core(inked)
    left = inked.copy()
    if touched[0]:
        left[:top] &= ~_reaching_in(inked[: top + 1])[:top]
    if touched[1]:
        left[bottom:] &= ~_reaching_in(inked[bottom - 1 :][::-1])[::-1][1:]
    return left if left.any() else inked


def _reaching_in(edge: Mask) -> Mask:
    """Ink of the first rows of a mask that touches the first and, by ways within these rows, not the last."""
    _, labels = cv2.connectedComponents(np.ascontiguousarray(edge, dtype=np.uint8), connectivity=8)
    reaching = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    reaching[labels[0]] = True
    reaching[labels[-1]] = False
    reaching[0] = False
    found: Mask = reaching[labels]
    return found


def _core(inked: Mask) -> tuple[int, int]:
    """First row of the part of a line that all its letters share, and the row after it."""
    rows = inked.sum(axis=1)
    if not rows.any():
        return 0, len(rows)
    full = np.flatnonzero(rows >= _CORE * np.percentile(rows[rows > 0], 90))
    middle = len(rows) // 2
    nearest = int(np.abs(full - middle).argmin())
    first = last = nearest
    while first > 0 and full[first - 1] == full[first] - 1:
        first -= 1
    while last + 1 < len(full) and full[last + 1] == full[last] + 1:
        last += 1
    return int(full[first]), int(full[last]) + 1
