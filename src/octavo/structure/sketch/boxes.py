"""Boxes of a page as whole pixels of its sketch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from octavo.domain.block import Word
from octavo.domain.document import Image, Sketch
from octavo.domain.geometry import BBox

Part = tuple[slice, slice]
"""Rows and columns of a sketch."""


def parts_of(boxes: Sequence[BBox], sketch: Sketch, margin: float = 0.0, edge: float = 0.0) -> Iterator[Part]:
    """Where boxes lie on the sketch: grown by `margin` pixels of it, less `edge` of their lower side all around.

    Never empty: what lies outside, or has no extent, is the nearest pixel.
    """
    if not boxes:
        return
    height, width = sketch.looks.shape
    corners = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes])
    inset = edge * (corners[:, 2:] - corners[:, :2]).min(axis=1, keepdims=True)
    first = np.floor((corners[:, :2] + inset) * sketch.scale - margin).astype(np.intp)
    last = np.ceil((corners[:, 2:] - inset) * sketch.scale + margin).astype(np.intp)
    first = np.clip(first, 0, (width - 1, height - 1))
    last = np.maximum(np.clip(last, 0, (width, height)), first + 1)
    for (x0, y0), (x1, y1) in zip(first.tolist(), last.tolist(), strict=True):
        yield slice(y0, y1), slice(x0, x1)


def parts_of_words(words: Iterable[Word], sketch: Sketch) -> Iterator[Part]:
    """Where words lie on the sketch, with a margin for what of their ink stands out of their boxes."""
    return parts_of([word.box for word in words], sketch, margin=1.5)


def without_words(words: Iterable[Word], sketch: Sketch) -> Image:
    """The page in small with these words taken out of it, as if nobody had written them."""
    rest = sketch.looks.copy()
    for part in parts_of_words(words, sketch):
        rest[part] = sketch.textless[part]
    return rest
