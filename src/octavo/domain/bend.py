"""Paper that does not lie flat: how its lines sink and rise, as a camera or a scanner sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.geometry import BBox, Size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bend:
    """Where on a bent page lies what stands somewhere on it when it is flat.

    Attributes:
        size: of the page, in pixels.
        sunk: by how many pixels lower (rows x columns), in the middles of cells that cover the page evenly.
    """

    size: Size
    sunk: NDArray[np.float32]

    def at(self, x: float, y: float) -> float:
        """By how many pixels lower a point lies on the bent page; between middles of cells as is usual of images."""
        rows, columns = self.sunk.shape
        row, down = _place(y / self.size.height * rows - 0.5, rows)
        column, across = _place(x / self.size.width * columns - 0.5, columns)
        near = self.sunk[row : row + 2, column : column + 2]
        upper, lower = (
            near[0, 0] * (1 - across) + near[0, -1] * across,
            near[-1, 0] * (1 - across) + near[-1, -1] * across,
        )
        return float(upper * (1 - down) + lower * down)

    def box(self, flat: BBox) -> BBox:
        """Where a box of the flat page lies on the bent one: upright, around all of it."""
        sunk = [(self.at(x, flat.y0), self.at(x, flat.y1)) for x in (flat.x0, flat.center_x, flat.x1)]
        return BBox(flat.x0, flat.y0 + min(y for y, _ in sunk), flat.x1, flat.y1 + max(y for _, y in sunk))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flattened:
    """A page that was bent, made flat, and how it was bent."""

    image: Image
    bend: Bend


def _place(place: float, count: int) -> tuple[int, float]:
    whole = min(max(int(place), 0), max(count - 2, 0))
    return whole, min(max(place - whole, 0.0), 1.0)
