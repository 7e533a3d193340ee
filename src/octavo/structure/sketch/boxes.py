"""Boxes of a page as whole pixels of its sketch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Word
from octavo.domain.document import Image, Sketch
from octavo.domain.geometry import BBox

Part: TypeAlias = tuple[slice, slice]
"""Rows and columns of a sketch."""
Spans: TypeAlias = NDArray[np.intp]
"""Boxes of whole pixels of a sketch, one row each: x0, y0, x1, y1 (right and bottom exclusive)."""


def spans_of(boxes: Sequence[BBox], sketch: Sketch, margin: float = 0.0, edge: float = 0.0) -> Spans:
    """Where boxes lie on the sketch: grown by `margin` pixels of it, less `edge` of their lower side all around.

    Never empty: what lies outside, or has no extent, is the nearest pixel.
    """
    height, width = sketch.looks.shape
    sides = [[each.x0 for each in boxes], [each.y0 for each in boxes], [each.x1 for each in boxes]]
    corners = np.array([*sides, [each.y1 for each in boxes]], float).T
    inset = edge * (corners[:, 2:] - corners[:, :2]).min(axis=1, keepdims=True) if edge else 0.0
    first = np.floor((corners[:, :2] + inset) * sketch.scale - margin).astype(np.intp)
    last = np.ceil((corners[:, 2:] - inset) * sketch.scale + margin).astype(np.intp)
    first = np.minimum(np.maximum(first, 0), (width - 1, height - 1))
    last = np.maximum(np.minimum(np.maximum(last, 0), (width, height)), first + 1)
    return np.concatenate([first, last], axis=1)


def parts_of(boxes: Sequence[BBox], sketch: Sketch, margin: float = 0.0) -> Iterator[Part]:
    """Where boxes lie on the sketch, grown by `margin` pixels of it; never empty."""
    return map(part_in, spans_of(boxes, sketch, margin).tolist())


def part_in(span: Sequence[int]) -> Part:
    """The rows and columns of a span."""
    x0, y0, x1, y1 = span
    return slice(y0, y1), slice(x0, x1)


def parts_of_words(words: Iterable[Word], sketch: Sketch) -> Iterator[Part]:
    """Where words lie on the sketch, with a margin for what of their ink stands out of their boxes."""
    return parts_of([word.box for word in words], sketch, margin=1.5)


def without_words(words: Iterable[Word], sketch: Sketch) -> Image:
    """The page in small with these words taken out of it, as if nobody had written them."""
    rest = sketch.looks.copy()
    for part in parts_of_words(words, sketch):
        rest[part] = sketch.textless[part]
    return rest
