"""Boxes gathered with those that they touch."""

from __future__ import annotations

from collections.abc import Sequence

from octavo.domain.geometry import BBox


def touching(boxes: Sequence[BBox], reach: float) -> list[list[int]]:
    """Places of boxes, grouped by whether they lie within `reach` of one another (sweep from left to right)."""
    parent = list(range(len(boxes)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    order = sorted(range(len(boxes)), key=lambda place: boxes[place].x0)
    active: list[int] = []
    for place in order:
        box = boxes[place].grown(reach)
        active = [other for other in active if boxes[other].x1 >= box.x0]
        for other in active:
            if boxes[other].y0 <= box.y1 and boxes[other].y1 >= box.y0:
                parent[root(other)] = root(place)
        active.append(place)
    groups: dict[int, list[int]] = {}
    for place in order:
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())
