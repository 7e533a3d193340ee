"""Which parts of an image a network has to look at: bands that hold ink, without the blank paper around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.pixels import gray_of

STRIDE = 32
"""Bands begin and end at whole strides of the network, so that it sees the same pixels in the same places."""
_PAIR = 1_200_000
"""Bands come in pairs of so many pixels, nearly: two threads then end at the same time."""
_MARGIN = 64
"""How far each sees into its neighbors; whole strides."""
_AROUND = 9
"""Ink differs from the mean of so many pixels around it"""
_CONTRAST = 12
"""by more than this (of 255)."""
_EDGE = 4
"""Lines along the very edge of an image, so many pixels wide, are the scanner's."""
_SQUARE = 16
_SPECK = 4 / _SQUARE**2
"""Ink is looked for in such squares; one of which less is ink holds a speck. Those beside inked ones are looked at."""
_GAP = 4
"""So many strides without ink are left out between bands, and all at the ends,"""
_LEAST, _MOST = 0.65, 0.9
"""if so much of the image is left: on paper that is nearly blank the network draws lines higher than among others, and
little is won where nearly all of it holds ink."""

_Cells = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is looked at at once, in pixels: rows are those along the longer side.

    Attributes:
        rows: first and last (exclusive) that belong to this band.
        seen: the same with those of its neighbors that are looked at as well.
        columns: that hold ink in them, from the first to the last (exclusive).
    """

    rows: tuple[int, int]
    seen: tuple[int, int]
    columns: tuple[int, int]


def inked_bands(image: Image, *, whole: bool = False) -> list[Band]:
    """The bands of `image` (RGB, whole strides high and wide), across its longer side; none of blank paper.

    With `whole`, margins and gaps of paper that is not blank are seen, too.
    """
    cells = _inked(image)
    if not cells.any():
        return []
    along = cells if cells.shape[0] >= cells.shape[1] else cells.T
    bands = _bands(along)
    left = sum((band.rows[1] - band.rows[0]) * (band.columns[1] - band.columns[0]) for band in bands)
    pays = _LEAST <= left / (cells.size * STRIDE**2) <= _MOST
    return bands if pays and not whole else _bands(np.ones_like(along))


def _bands(along: _Cells) -> list[Band]:
    rows = np.asarray(along.any(axis=1), dtype=np.bool_)
    return [_band(along, part, piece) for piece in _pieces(rows) for part in _parts(*piece, along.shape[1])]


def _inked(image: Image) -> _Cells:
    """Where ink is, or near, in squares of a stride's length."""
    gray = gray_of(image)
    inner = gray[_EDGE:-_EDGE, _EDGE:-_EDGE]
    ink = np.zeros_like(gray, dtype=np.float32)
    ink[_EDGE:-_EDGE, _EDGE:-_EDGE] = cv2.absdiff(inner, cv2.blur(inner, (_AROUND, _AROUND))) > _CONTRAST
    height, width = gray.shape[0] // _SQUARE, gray.shape[1] // _SQUARE
    share = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA))
    near = np.asarray(cv2.dilate((share >= _SPECK).astype(np.uint8), np.ones((3, 3), np.uint8)), dtype=np.bool_)
    each = STRIDE // _SQUARE
    return np.asarray(near.reshape(height // each, each, width // each, each).any(axis=(1, 3)), dtype=np.bool_)


def _pieces(inked: _Cells) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) strides of what no wide gap parts."""
    places = np.flatnonzero(inked)
    if len(places):
        ends = np.flatnonzero(np.diff(places) > _GAP)
        yield from zip(places[[0, *(ends + 1)]].tolist(), (places[[*ends, -1]] + 1).tolist(), strict=True)


def _parts(first: int, last: int, across: int) -> Iterator[tuple[int, int]]:
    """Nearly equal parts of a piece that is too large to be seen at once; `across` is how wide it is, in strides."""
    pairs = round((last - first) * across * STRIDE**2 / _PAIR)
    count = max(1, 2 * pairs)
    yield from pairwise(round(first + (last - first) * number / count) for number in range(count + 1))


def _band(along: _Cells, part: tuple[int, int], piece: tuple[int, int]) -> Band:
    beyond = _MARGIN // STRIDE
    before, after = max(piece[0], part[0] - beyond), min(piece[1], part[1] + beyond)
    columns = np.flatnonzero(along[before:after].any(axis=0))
    return Band(
        rows=(part[0] * STRIDE, part[1] * STRIDE),
        seen=(before * STRIDE, after * STRIDE),
        columns=(int(columns[0]) * STRIDE, (int(columns[-1]) + 1) * STRIDE),
    )
