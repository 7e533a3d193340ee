"""Bent pages made flat: a smooth sheet is laid through the slopes of their lines, and unrolled.

Pages of open books, paper that got wet or was folded. The models for lines want them straight: they take a line that
swings by half its height for a straight one, and read pieces of its neighbours. Scans of flat paper are left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import cv2
import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from octavo.domain.bend import Bend, Flattened
from octavo.domain.document import Image
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane
from octavo.engines.pixels import Floats
from octavo.engines.streaks import SIDE, Slopes, ink_on, slopes_of

_ACROSS, _DOWN = 9, 3
"""Degrees of the sheet: how often lines may swing, and how much those at the top and the bottom may differ."""
_LOOKS = 3
"""A bent page is looked at so often, each time made flatter."""
_ROUNDS, _OUTLIER, _LEAST_OUTLIER = 4, 1.5, 0.01
"""Slopes that differ from the sheet by more than so many times the usual count less and less, in so many rounds."""
_EMPTY = 0.01
"""Where there is no text the sheet slopes as usual; that weighs so much of what text does."""
_STIFF = 2e-6
"""How much the sheet is kept from swinging where nothing tells."""
_BENT = 0.9
"""A page is bent when lines leave the straight by so many pixels (root of the mean square; lines of a dense page are
14 apart). On flat paper it is .2 to .6,"""
_EXPLAINED = 0.7
"""and the sheet leaves less than this share of the slopes."""
_ORDERLY = 0.06
"""Slopes that are left are as small as this, at most: lines of drawings run all ways."""
_FEWEST = 0.05
"""Share of the page that has text, at least: through less no sheet can be laid."""
_CELLS = 64
"""Cells of the grid along each side in which a bend is told."""

_BAND = 256
"""Rows that are unrolled at a time."""
_LARGEST = 32767
"""Longer images cannot be warped; no page of a book is one."""

_Doubles = NDArray[np.float64]
_Value = TypeVar("_Value", np.uint8, np.float32)


def flattened(image: Image) -> Flattened | None:
    """The page on `image` (RGB, upright) flat, and how it was bent; None where it lies flat."""
    if max(image.shape[:2]) > _LARGEST:
        return None
    ink = ink_on(image)
    slopes = slopes_of(ink)
    sheet = _Sheet(slopes.slope.shape[0], slopes.slope.shape[1], ink.shape[1])
    if _tells_little(slopes):
        return None
    form = sheet.laid(slopes)
    if sheet.swing(form, slopes) < _BENT:
        return None
    rest = slopes
    for _ in range(_LOOKS - 1):
        rest = slopes_of(_unrolled(ink, sheet.sunk(form)))
        if _tells_little(rest):  # A stroke of a drawing or a formula: it has become too steep for a line of text.
            return None
        form = form + sheet.laid(rest)
    if sheet.swing(form, slopes) < _BENT or _usual(rest) > min(_EXPLAINED * _usual(_level(slopes)), _ORDERLY):
        return None
    height, width = image.shape[:2]
    sunk = (sheet.sunk(form) * (max(height, width) / SIDE)).astype(np.float32)
    return Flattened(
        image=per_plane(image, lambda pixels: _unrolled(pixels, sunk)), bend=Bend(size=Size(width, height), sunk=sunk)
    )


@dataclass(frozen=True)
class _Sheet:
    """Sheets over a page of `width` pixels in `rows` x `columns` squares; a form is the coefficients of one."""

    rows: int
    columns: int
    width: int

    def laid(self, slopes: Slopes) -> _Doubles:
        """The form that slopes like the lines do (weighted least squares, outliers weighed down)."""
        usual_slope = float(np.average(slopes.slope, weights=slopes.weight))
        empty = slopes.weight < _EMPTY * slopes.weight.max()
        told = np.where(empty, usual_slope, slopes.slope).ravel().astype(np.float64)
        weight = np.maximum(slopes.weight / slopes.weight.max(), _EMPTY).ravel()
        trust = np.ones_like(told)
        form = np.zeros(self._slants.shape[1])
        for _ in range(_ROUNDS):
            form = self._solved(told, np.sqrt(weight * trust))
            wrong = np.abs(_product(self._slants, form) - told)
            usual = math.sqrt(float(np.average(wrong**2, weights=weight * trust + 1e-9)))
            trust = 1.0 / (1.0 + (wrong / max(_LEAST_OUTLIER, _OUTLIER * usual)) ** 2)
        return form

    def _solved(self, told: _Doubles, counts: _Doubles) -> _Doubles:
        # By OpenCV, which keeps to one thread: what numpy calls takes all cores for so little.
        counted = self._slants * counts[:, None]
        square = cv2.mulTransposed(counted, aTa=True, dtype=cv2.CV_64F)
        return np.asarray(np.linalg.solve(square + self._stiffness, _product(counted.T, told * counts)))

    def sunk(self, form: _Doubles) -> Floats:
        """By how many pixels lines sink, on a grid of cells."""
        middles = (np.arange(_CELLS) + 0.5) / _CELLS * 2 - 1
        return self._heights(form, middles, middles).astype(np.float32)

    def swing(self, form: _Doubles, slopes: Slopes) -> float:
        """By how many pixels lines leave the straight, where text is: root of the mean square."""
        heights = self._heights(form, *self._middles)
        weight = slopes.weight / slopes.weight.sum()
        in_row = weight.sum(axis=1, keepdims=True) + 1e-12
        across = np.broadcast_to(self._middles[0], heights.shape)
        heights = heights - (heights * weight).sum(axis=1, keepdims=True) / in_row
        across = across - (across * weight).sum(axis=1, keepdims=True) / in_row
        slant = (heights * across * weight).sum() / ((across**2 * weight).sum() + 1e-12)
        return math.sqrt(float((weight * (heights - slant * across) ** 2).sum()))

    @property
    def _middles(self) -> tuple[_Doubles, _Doubles]:
        return (np.arange(self.columns) + 0.5) / self.columns * 2 - 1, (np.arange(self.rows) + 0.5) / self.rows * 2 - 1

    @cached_property
    def _slants(self) -> _Doubles:
        """The slope in each square that each coefficient makes."""
        x, y = self._middles
        across = np.stack([chebyshev.chebval(x, chebyshev.chebder(_unit(degree))) for degree in range(1, _ACROSS + 1)])
        down = np.stack([chebyshev.chebval(y, _unit(degree)) for degree in range(_DOWN + 1)])
        slants = np.einsum("iw,jh->hwij", across, down).reshape(len(x) * len(y), -1)
        return np.asarray(slants * (2.0 / self.width))

    @cached_property
    def _stiffness(self) -> _Doubles:
        """Higher degrees are held back more."""
        swings = [i**2 + 4 * j**2 for i in range(1, _ACROSS + 1) for j in range(_DOWN + 1)]
        return np.diag(np.array(swings, np.float64)) * _STIFF * (2.0 / self.width) ** 2 * self.rows * self.columns

    @staticmethod
    def _heights(form: _Doubles, x: _Doubles, y: _Doubles) -> _Doubles:
        """Of each row the mean is zero: nothing moves that need not."""
        even = np.linspace(-1.0, 1.0, 201)
        across = [
            chebyshev.chebval(x, _unit(degree)) - float(np.mean(chebyshev.chebval(even, _unit(degree))))
            for degree in range(1, _ACROSS + 1)
        ]
        down = [chebyshev.chebval(y, _unit(degree)) for degree in range(_DOWN + 1)]
        return np.asarray(np.einsum("ij,iw,jh->hw", form.reshape(_ACROSS, _DOWN + 1), np.stack(across), np.stack(down)))


def _product(matrix: _Doubles, vector: _Doubles) -> _Doubles:
    nothing = np.zeros((len(matrix), 1))
    return np.asarray(cv2.gemm(np.ascontiguousarray(matrix), vector[:, None], 1.0, nothing, 0.0)[:, 0])


def _unit(degree: int) -> list[float]:
    return [0.0] * degree + [1.0]


def _tells_little(slopes: Slopes) -> bool:
    return float(np.count_nonzero(slopes.weight)) < _FEWEST * slopes.weight.size


def _level(slopes: Slopes) -> Slopes:
    """Slopes without what all have in common: a page askew is not bent."""
    skew = float(np.average(slopes.slope, weights=slopes.weight))
    return Slopes(slopes.slope - np.float32(skew), slopes.weight)


def _usual(slopes: Slopes) -> float:
    return math.sqrt(float(np.average(slopes.slope**2, weights=slopes.weight)))


def _unrolled(pixels: NDArray[_Value], sunk: Floats) -> NDArray[_Value]:
    """An image with everything moved up by what it has sunk; what comes from outside is what lies at the edge."""
    height, width = pixels.shape[:2]
    cells = len(sunk)
    wide = np.asarray(cv2.resize(sunk, (width, cells), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    moved = np.empty_like(pixels)
    # Band by band: the places of all pixels of a large page would take three times its memory.
    for top in range(0, height, _BAND):
        rows = np.arange(top, min(height, top + _BAND), dtype=np.float32)
        cell = np.clip((rows + 0.5) / height * cells - 0.5, 0.0, cells - 1.0)
        upper = cell.astype(np.intp)
        share = (cell - upper).astype(np.float32)[:, None]
        y = wide[upper] * (1.0 - share) + wide[np.minimum(upper + 1, cells - 1)] * share + rows[:, None]
        x = np.ascontiguousarray(np.broadcast_to(np.arange(width, dtype=np.float32), y.shape))
        moved[top : top + _BAND] = cv2.remap(
            pixels, x, y.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
    moved.flags.writeable = False
    return moved
