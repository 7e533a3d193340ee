"""Figures: raster images, and vector drawings gathered from their paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octavo.domain.block import Drawing, PlacedImage, Rule, Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.figures.drawings import FEWEST_WORDS, REACH, is_background, pictures_of
from octavo.structure.figures.labels import along_axes, labels_of, marks_of_axes, touches
from octavo.structure.figures.touching import touching

SMALLEST_SIDE = 0.012
"""A figure is at least so wide and high, as a share of the page's longer side (2 cm of an A4 page are .07)."""


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
    """Figures, none inside another; each word belongs to one at most, those printed over a raster image to none."""
    side = max(size.width, size.height)
    rasters = [
        each.box
        for each in images
        if each.unread
        or (min(each.box.width, each.box.height) >= SMALLEST_SIDE * side and not is_background(each.box, size))
    ]
    merged = _merged([*_joined(rasters, REACH * side / 2), *pictures_of(drawings, rules, words, size)], words)
    if not merged:
        return ()
    bare = [each.box for each in images if not each.holds_text]
    taken: set[int] = {
        place for place, word in enumerate(words) if any(box.holds(word.box) for box in bare if box in merged)
    }
    figures = []
    labels, marks = labels_of(words, size), marks_of_axes(words)
    for box in merged:
        axes = along_axes(box, marks, words)
        inside = [
            place
            for place, word in enumerate(words)
            if place not in taken and (box.holds(word.box) or place in axes or (place in labels and touches(box, word)))
        ]
        taken.update(inside)
        whole = union_of([box, *(words[place].box for place in inside)]).clipped(size)
        figures.append(FoundFigure(whole, tuple(words[place] for place in inside)))
    return tuple(figures)


def _joined(boxes: Sequence[BBox], reach: float) -> list[BBox]:
    """Tiles of one picture made one box."""
    return [union_of(boxes[place] for place in group) for group in touching(boxes, reach)]


def _merged(boxes: Sequence[BBox], words: Sequence[Word]) -> list[BBox]:
    """Boxes that lie largely in one another united, unless that would take in text between them."""
    done: list[BBox] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        home = next((place for place, other in enumerate(done) if box.inside_share(other) > 0.3), None)
        if home is None:
            done.append(box)
        elif not _takes_in(done[home], box, words):
            done[home] = done[home].union(box)
    return done


def _takes_in(one: BBox, other: BBox, words: Sequence[Word]) -> bool:
    whole = one.union(other)
    new = [word for word in words if whole.holds(word.box) and not one.holds(word.box) and not other.holds(word.box)]
    return len(new) >= FEWEST_WORDS
