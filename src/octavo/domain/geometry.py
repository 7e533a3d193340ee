"""Boxes and sizes in page pixels; the origin is the top left corner, y grows downwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height, in square pixels."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class BBox:
    """An upright rectangle: left, top, right, bottom in page pixels (right and bottom exclusive)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent, never negative."""
        extent = self.x1 - self.x0
        return extent if extent > 0 else 0.0

    @property
    def height(self) -> float:
        """Vertical extent, never negative."""
        extent = self.y1 - self.y0
        return extent if extent > 0 else 0.0

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height

    @property
    def center_x(self) -> float:
        """Middle between left and right."""
        return (self.x0 + self.x1) / 2

    @property
    def center_y(self) -> float:
        """Middle between top and bottom."""
        return (self.y0 + self.y1) / 2

    def intersection(self, other: BBox) -> float:
        """Area that both boxes cover."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        if width <= 0:
            return 0.0
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return width * height if height > 0 else 0.0

    def iou(self, other: BBox) -> float:
        """Intersection over union, 0 to 1."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def inside_share(self, other: BBox) -> float:
        """Share of this box's area that lies inside `other`, 0 to 1."""
        area = self.area
        return self.intersection(other) / area if area > 0 else float(other.holds(self))

    def holds(self, other: BBox) -> bool:
        """Whether the center of `other` lies inside this box."""
        x, y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def x_overlap(self, other: BBox) -> float:
        """Pixels that both share horizontally; negative is the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def y_overlap(self, other: BBox) -> float:
        """Pixels that both share vertically; negative is the gap between them."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def union(self, other: BBox) -> BBox:
        """The smallest box around both."""
        return BBox(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def scaled(self, factor: float) -> BBox:
        """Every coordinate times `factor`."""
        return BBox(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def shifted(self, dx: float, dy: float) -> BBox:
        """Moved right by `dx` and down by `dy`."""
        return BBox(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grown(self, margin: float) -> BBox:
        """`margin` pixels more on every side."""
        return BBox(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def clipped(self, size: Size) -> BBox:
        """The part of this box that lies on a page of `size`."""
        return BBox(
            min(max(self.x0, 0.0), size.width),
            min(max(self.y0, 0.0), size.height),
            min(max(self.x1, 0.0), size.width),
            min(max(self.y1, 0.0), size.height),
        )


def union_of(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of `boxes`.

    Raises:
        ValueError: there are none.
    """
    every = list(boxes)
    if len(every) == 1:  # most are words that stand alone
        return every[0]
    return BBox(
        min([box.x0 for box in every]),
        min([box.y0 for box in every]),
        max([box.x1 for box in every]),
        max([box.y1 for box in every]),
    )
