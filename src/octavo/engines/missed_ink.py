"""Ink that no line covers and that looks like writing: rows of marks as high as letters, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.pixels import Quad, gray_of, resized
from octavo.engines.text_detection import thickness

_PIXELS = 1_500_000
"""Pages are looked at with so many pixels at most."""
_AROUND = 31
"""Ink differs from the mean of so many pixels around it,"""
_LEAST_CONTRAST, _CONTRAST = 24, 0.3
"""by so much (of 255) and this share of what the strongest ink differs by."""
_USUAL = 20.0
"""Height of a line on a page without any, in pixels of the look."""
_LOWEST, _HIGHEST = 0.25, 1.5
"""Marks are as high as so many lines,"""
_WIDEST = 8.0
"""and at most as wide as so many are high."""
_THINNEST, _FULLEST = 0.12, 0.97
"""Share of their box that is ink: less is a stroke of the pen or a rule, more a block."""
_APART, _OVER = 1.2, 0.3
"""Marks of a row are no farther from one another than this, and lie over one another by no more, in lines' heights;"""
_LEVEL, _ALIKE = 0.5, 2.2
"""they share so much of the lower one's height, and none is so many times as high as its neighbour."""
_FEWEST = 3
"""A row has so many marks at least,"""
_LONG = 2.0
"""and is so many times as long as high."""
_MARGIN = 0.25
"""Paper around a row, in its heights."""
_COVERED = 0.35
"""What lies in lines by more than this is their edge."""
_MOST_MARKS = 4000
"""A page with more marks than this outside of its lines is a picture."""

_Mask = NDArray[np.uint8]
_Marks = NDArray[np.int32]
"""Left, top, width, height and inked pixels of each mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """A row of marks: the quad around it in page pixels, and its share of all ink of the page."""

    quad: Quad
    share: float


def missed_rows(image: Image, lines: Sequence[Quad]) -> list[MissedRow]:
    """Rows of ink on `image` (RGB) beside the lines that were found, from left to right."""
    height, width = image.shape[:2]
    scale = min(1.0, (_PIXELS / (height * width)) ** 0.5)
    gray = gray_of(resized(image, round(width * scale), round(height * scale)))
    mask = _inked(gray)
    ink, lined = max(1, int(mask.sum())), np.zeros_like(mask)
    for quad in lines:
        cv2.fillPoly(lined, [np.asarray(quad * scale, dtype=np.int32)], [1])
    usual = float(np.median([thickness(quad) for quad in lines])) * scale if len(lines) else _USUAL
    rows = _rows(_marks(mask * (1 - lined), usual), usual)
    return [_row(row, lined, scale, ink) for row in rows if _is_free(_box(row), lined)]


def _inked(gray: NDArray[np.uint8]) -> _Mask:
    """Where the page is darker or lighter than around."""
    differs = cv2.absdiff(gray, cv2.blur(gray, (_AROUND, _AROUND)))
    strongest = float(np.percentile(differs[::4, ::4], 99.5)) if differs.size else 0.0
    return (differs > max(_LEAST_CONTRAST, _CONTRAST * strongest)).astype(np.uint8)


def _marks(mask: _Mask, usual: float) -> _Marks:
    """What may be letters, or words whose letters touch, from left to right; none where there is a crowd."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    marks = np.asarray(stats[1:], dtype=np.int32)
    width, height, ink = marks[:, 2], marks[:, 3], marks[:, 4]
    filled = ink / np.maximum(1, width * height)
    high = (height >= _LOWEST * usual) & (height <= _HIGHEST * usual)
    marks = marks[high & (width <= _WIDEST * usual) & (filled >= _THINNEST) & (filled <= _FULLEST)]
    order = np.argsort(marks[:, 0], kind="stable") if len(marks) <= _MOST_MARKS else slice(0)
    return np.asarray(marks[order], dtype=np.int32)


def _rows(marks: _Marks, usual: float) -> list[_Marks]:
    """Marks side by side, those that are long enough for writing."""
    done: list[list[_Marks]] = []
    growing: list[list[_Marks]] = []
    for mark in marks:
        ended = [row for row in growing if mark[0] - row[-1][0] - row[-1][2] > _APART * usual]
        done += ended
        growing = [row for row in growing if not any(row is other for other in ended)]
        home = next((row for row in growing if _follows(row[-1], mark, usual)), None)
        if home is None:
            growing.append([mark])
        else:
            home.append(mark)
    rows = [np.array(row) for row in (*done, *growing) if len(row) >= _FEWEST]
    return [row for row in rows if _is_long(_box(row))]


def _follows(before: _Marks, mark: _Marks, usual: float) -> bool:
    shared = min(before[1] + before[3], mark[1] + mark[3]) - max(before[1], mark[1])
    low, high = sorted((int(before[3]), int(mark[3])))
    beside = mark[0] - before[0] - before[2] >= -_OVER * usual
    return bool(beside and shared > _LEVEL * low and high < _ALIKE * low)


def _box(row: _Marks) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a row."""
    ends = row[:, :2] + row[:, 2:4]
    return int(row[:, 0].min()), int(row[:, 1].min()), int(ends[:, 0].max()), int(ends[:, 1].max())


def _is_long(box: tuple[int, int, int, int]) -> bool:
    return box[2] - box[0] >= _LONG * (box[3] - box[1])


def _is_free(box: tuple[int, int, int, int], lined: _Mask) -> bool:
    x0, y0, x1, y1 = _grown(box)
    return float(lined[max(0, y0) : y1, max(0, x0) : x1].mean()) < _COVERED


def _grown(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    margin = max(1, round(_MARGIN * (y1 - y0)))
    return x0 - margin, y0 - margin, x1 + margin, y1 + margin


def _row(row: _Marks, lined: _Mask, scale: float, ink: int) -> MissedRow:
    x0, y0, x1, y1 = _grown(_box(row))
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(x1, lined.shape[1]), min(y1, lined.shape[0])
    quad = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32) / scale
    return MissedRow(quad=quad.astype(np.float32), share=float(row[:, 4].sum()) / ink)
