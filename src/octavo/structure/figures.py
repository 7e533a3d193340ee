"""Figures: raster images, and vector drawings gathered from their paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.domain.block import Drawing, PlacedImage, Rule, Word
from octavo.domain.geometry import BBox, Size, union_of

BACKGROUND = 0.82
"""An image or shape that covers more of the page than this is its background."""
SMALLEST_SIDE = 0.012
"""A figure is at least so wide and high, as a share of the page's longer side (2 cm of an A4 page are .07)."""
SMALLEST_DRAWING = 0.035
"""A drawing, which could be an ornament, has to be larger."""
REACH = 0.006
"""Paths nearer than this (share of the longer side) belong to one drawing."""
FEWEST_PATHS = 4
"""A drawing of fewer paths is an ornament or a frame, unless it is curved."""
PROSE_SHARE = 0.42
"""A drawing of whose area more than this is covered by words is a text box."""
MOST_WORDS = 140
"""More words than any figure's labels: a text box."""


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure on the page with the words that stand in it."""

    box: BBox
    words: tuple[Word, ...]


def find_figures(
    images: Sequence[PlacedImage],
    drawings: Sequence[Drawing],
    rules: Sequence[Rule],
    words: Sequence[Word],
    size: Size,
) -> tuple[FoundFigure, ...]:
    """Figures, none inside another; each word belongs to one at most."""
    side = max(size.width, size.height)
    rasters = [
        each.box
        for each in images
        if min(each.box.width, each.box.height) >= SMALLEST_SIDE * side and not _is_background(each.box, size)
    ]
    merged = _merged([*_joined(rasters, REACH * side / 2), *_sound_drawings(drawings, rules, words, size)])
    taken: set[int] = set()
    figures = []
    for box in merged:
        inside = [place for place, word in enumerate(words) if place not in taken and box.holds(word.box)]
        taken.update(inside)
        whole = union_of([box, *(words[place].box for place in inside)]).clipped(size)
        figures.append(FoundFigure(whole, tuple(words[place] for place in inside)))
    return tuple(figures)


def _is_background(box: BBox, size: Size) -> bool:
    return box.clipped(size).area > BACKGROUND * size.area


def _sound_drawings(
    drawings: Sequence[Drawing], rules: Sequence[Rule], words: Sequence[Word], size: Size
) -> Iterable[BBox]:
    """Boxes of drawings that are pictures: large enough, of several paths, not full of text."""
    side = max(size.width, size.height)
    paths = [each for each in drawings if not _is_backdrop(each, words, size)]
    strokes = [each.box for each in rules if max(each.box.width, each.box.height) < 0.6 * side]
    for box, count, curves in _clusters(paths, strokes, REACH * side):
        if min(box.width, box.height) < SMALLEST_DRAWING * side or _is_background(box, size):
            continue
        if count < FEWEST_PATHS and curves == 0:
            continue
        inside = [word for word in words if box.holds(word.box)]
        covered = sum(word.box.area for word in inside)
        if covered <= PROSE_SHARE * box.area and len(inside) <= MOST_WORDS:
            yield box


def _is_backdrop(drawing: Drawing, words: Sequence[Word], size: Size) -> bool:
    """A plain area behind text: a page's ground, a tinted box, a table's shading."""
    if drawing.box.area < 0.002 * size.area:
        return False
    if _is_background(drawing.box, size) or drawing.box.area <= 0:
        return True
    if drawing.curved and not drawing.filled:
        return False
    inside = sum(word.box.area for word in words if drawing.box.holds(word.box))
    return inside > 0.12 * drawing.box.area


def _clusters(paths: Sequence[Drawing], strokes: Sequence[BBox], reach: float) -> Iterable[tuple[BBox, int, int]]:
    """Paths that touch one another: box, number of paths, how many of them curved. Strokes join, never begin."""
    boxes = [each.box for each in paths] + list(strokes)
    groups = _touching(boxes, reach)
    for group in groups:
        own = [paths[place] for place in group if place < len(paths)]
        if own:
            yield union_of(boxes[place] for place in group), len(group), sum(each.curved for each in own)


def _touching(boxes: Sequence[BBox], reach: float) -> list[list[int]]:
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


def _joined(boxes: Sequence[BBox], reach: float) -> list[BBox]:
    """Tiles of one picture made one box."""
    return [union_of(boxes[place] for place in group) for group in _touching(boxes, reach)]


def _merged(boxes: Sequence[BBox]) -> list[BBox]:
    """Boxes that lie largely in one another united, until none does."""
    rest = sorted(boxes, key=lambda box: -box.area)
    done: list[BBox] = []
    for box in rest:
        home = next((place for place, other in enumerate(done) if box.inside_share(other) > 0.3), None)
        if home is None:
            done.append(box)
        else:
            done[home] = done[home].union(box)
    return done
