"""Pages turned: by quarters until they stand upright, and by a few degrees until their lines are level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from octavo.domain.block import Word
from octavo.domain.document import Image, Page
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane
from octavo.structure.skew import leveled_words

_MOST = 2 / 3
"""Where this share of the letters stands on its side, the page does."""


def quarter_of(words: Iterable[Word]) -> int:
    """By which quarter, clockwise, most of what was read lies turned: 0, 90, 180 or 270; 0 where nothing does."""
    letters: Counter[int] = Counter()
    for word in words:
        letters[round(word.rotation / 90.0) * 90 % 360] += len(word.text)
    quarter, most = max(letters.items(), key=lambda pair: pair[1], default=(0, 0))
    return quarter if most >= _MOST * letters.total() else 0


def turned(page: Page, degrees: int) -> Page:
    """The page with its pixels turned back upright by quarters; nothing but pixels is kept of a page that was turned.

    Args:
        page: any.
        degrees: by which it lies turned clockwise: 0, 90, 180 or 270.
    """
    if degrees == 0:
        return page
    image = per_plane(page.render(), lambda pixels: np.ascontiguousarray(np.rot90(pixels, degrees // 90)))
    image.flags.writeable = False
    size = Size(image.shape[1], image.shape[0])
    note = f"The page was turned upright by {degrees} degrees counter-clockwise."
    warnings = (*page.warnings, note)
    return Page(index=page.index, size=size, dpi=page.dpi, warnings=warnings, turned=degrees, render=lambda: image)


def leveled(page: Page, degrees: float, rotated: Callable[[Image, float], Image]) -> Page:
    """The page with its words and (by `rotated`) its pixels turned by `degrees` counter-clockwise around its middle."""
    if degrees == 0.0:
        return page
    image = rotated(page.render(), degrees)
    image.flags.writeable = False
    words = leveled_words(page.words, degrees, page.size)
    return replace(page, words=words, render=lambda: image, render_part=None)
