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
    if not (inked[0].any() or inked[-1].any()):
        return inked
    top, bottom = _core(inked)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    starts, heights = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    ends = starts + heights
    stray = ((starts == 0) & (ends <= top)) | ((ends == len(inked)) & (starts >= bottom))
    stray[0] = False
    return inked & ~stray[labels] if stray.any() and not stray[1:count].all() else inked


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
