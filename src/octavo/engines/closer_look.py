"""Looks closer at high lines that hardly read: several that were found as one, or print with something written over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from octavo.domain.document import Image
from octavo.domain.geometry import BBox
from octavo.domain.likelihood import likely_right
from octavo.engines.pixels import Quad, box_of
from octavo.engines.read_line import ReadLine
from octavo.engines.text_detection import thickness

_DOUBTED = 0.35
"""Lines of whose letters less than this share is likely right are looked at,"""
_HIGH, _HIGHEST = 1.35, 8.0
"""if they are so many times as high as usual, and no pictures. Of some that are several, only a sign or two is read."""
_AROUND = 0.25
"""Paper that is looked at around a line, in usual heights."""
_KNOWN = 0.5
"""What lies in other lines by more than this share is no news."""
_LIKELY, _MORE = 0.5, 2.0
"""What is found instead is likely right by this share, and has so many likely right letters more."""


def closer_look(
    image: Image, lines: Sequence[ReadLine], find: Callable[[Image], list[Quad]], read: Callable[[Quad], ReadLine]
) -> list[ReadLine]:
    """The lines with what is found in high ones by themselves, where that reads better.

    Args:
        image: of the page, RGB.
        lines: that were found and read.
        find: finds lines on a piece of the page, which it sees larger than the whole.
        read: reads the line in a quad of the page.
    """
    usual = float(np.median([thickness(line.quad) for line in lines] or [0.0]))
    return [part for line in lines for part in _parts(image, line, lines, usual, find, read)]


def _parts(
    image: Image,
    line: ReadLine,
    lines: Sequence[ReadLine],
    usual: float,
    find: Callable[[Image], list[Quad]],
    read: Callable[[Quad], ReadLine],
) -> list[ReadLine]:
    if line.pieces is not None or not _HIGH * usual <= thickness(line.quad) <= _HIGHEST * usual:
        return [line]
    right, letters = right_in([line])
    if letters and right >= _DOUBTED * letters:
        return [line]
    others = [box_of(other.quad) for other in lines if other is not line]
    quads = [quad for quad in _found(image, line.quad, _AROUND * usual, find) if not _is_known(box_of(quad), others)]
    parts = [read(quad) for quad in quads]
    now, count = right_in(parts)
    return parts if now >= right + _MORE and now >= _LIKELY * count else [line]


def right_in(lines: Sequence[ReadLine]) -> tuple[float, int]:
    """How many letters of some lines, specks aside, are likely right, and how many there are."""
    return likely_right(word for line in lines if not line.speck for word in line.words)


def _found(image: Image, quad: Quad, margin: float, find: Callable[[Image], list[Quad]]) -> list[Quad]:
    """Quads around the lines in one quad, in page pixels."""
    x0, y0 = np.maximum(0, np.floor(quad.min(axis=0) - margin)).astype(int).tolist()
    x1, y1 = np.ceil(quad.max(axis=0) + margin).astype(int).tolist()
    offset = np.array([x0, y0], dtype=np.float32)
    return [part + offset for part in find(np.ascontiguousarray(image[y0:y1, x0:x1]))]


def _is_known(box: BBox, others: Sequence[BBox]) -> bool:
    return any(box.inside_share(other) > _KNOWN for other in others)
