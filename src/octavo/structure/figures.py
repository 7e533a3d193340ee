"""Figures: raster images, and vector drawings gathered from their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.domain.block import Drawing, PlacedImage, Rule, Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.headings import LARGER
from octavo.structure.kinds import CAPTION
from octavo.structure.lines import SPLIT_GAP, dominant_size

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
MOST_LABEL_WORDS = 3
"""A label at the edge of a drawing has at most so many words,"""
SMALL = 0.88
"""is set in type at most so large as a share of the body's,"""
LABEL_REACH = 0.7
"""and stands within so many of its ems of the drawing."""
AXIS_REACH = 1.0
"""Numbers of any size stand within so many ems of the axis that they belong to,"""
FEWEST_NUMBERS = 3
"""and are at least so many."""
FEWEST_WORDS = 4
"""From so many words on, what stands between paths is text rather than labels."""
MOST_CUTS = 3
"""So many large paths are taken from a cluster at most."""


_NUMBER = re.compile(r"^[^\w\s]*\d[\d.,:/\-\u2013]*\s?(?:[%\u2030°kKmM]|bn|[^\w\s])?\)?$|^\(\w{1,6}\.?\)$")


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure on the page with the words that stand in it."""

    box: BBox
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Paths that touch one another, and the box around them."""

    box: BBox
    paths: tuple[Drawing, ...]


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
        if min(each.box.width, each.box.height) >= SMALLEST_SIDE * side and not _is_background(each.box, size)
    ]
    merged = _merged([*_joined(rasters, REACH * side / 2), *_sound_drawings(drawings, rules, words, size)], words)
    if not merged:
        return ()
    bare = [each.box for each in images if not each.holds_text]
    taken: set[int] = {
        place for place, word in enumerate(words) if any(box.holds(word.box) for box in bare if box in merged)
    }
    figures = []
    labels, marks = _labels(words, size), _marks(words)
    for box in merged:
        axes = _axes(box, marks, words)
        inside = [
            place
            for place, word in enumerate(words)
            if place not in taken
            and (box.holds(word.box) or place in axes or (place in labels and _touches(box, word)))
        ]
        taken.update(inside)
        whole = union_of([box, *(words[place].box for place in inside)]).clipped(size)
        figures.append(FoundFigure(whole, tuple(words[place] for place in inside)))
    return tuple(figures)


def _labels(words: Sequence[Word], size: Size) -> set[int]:
    """Places of words on short lines in small type: what stands at the edge of a drawing and names its parts."""
    body = dominant_size(words)
    lines: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        lines.setdefault(word.line, []).append(place)
    short = (places for places in lines.values() if len(places) <= MOST_LABEL_WORDS)
    return {
        place
        for places in short
        if union_of(words[place].box for place in places).width < 0.25 * size.width
        for place in places
        if words[place].font.size < SMALL * body
    }


def _marks(words: Sequence[Word]) -> list[list[int]]:
    """Places of words that stand by few on their lines, as the numbers and names along an axis do."""
    lines: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        lines.setdefault(word.line, []).append(place)
    rows = (list(_parts(places, words)) for places in lines.values())
    return [part for row in rows if all(_is_mark(part, words) for part in row) for part in row]


def _is_mark(part: Sequence[int], words: Sequence[Word]) -> bool:
    if len(part) > MOST_LABEL_WORDS:
        return False
    text = " ".join(words[place].text for place in part)
    is_part_of_text = text.endswith((".", ",")) or ":" in text or CAPTION.match(text)
    return not is_part_of_text or _is_number(part, words)


def _is_number(part: Sequence[int], words: Sequence[Word]) -> bool:
    return all(_NUMBER.match(words[place].text) for place in part)


def _parts(places: Sequence[int], words: Sequence[Word]) -> Iterable[list[int]]:
    """A line cut at its gaps."""
    part = [places[0]]
    for place in places[1:]:
        if words[place].box.x0 - words[part[-1]].box.x1 > SPLIT_GAP * words[place].font.size:
            yield part
            part = []
        part.append(place)
    yield part


def _axes(box: BBox, marks: Sequence[Sequence[int]], words: Sequence[Word]) -> frozenset[int]:
    """Places of what is written along the edges of a drawing that is a chart: numbers stand there, and maybe names."""
    near: list[Sequence[int]] = []
    for _ in range(2):  # The mark at the end of an axis stands beside its neighbours more than beside the drawing.
        near = [part for part in marks if any(_reaches(box, words[place]) for place in part)]
        sizes = [words[part[0]].font.size for part in near if _is_number(part, words)]
        if len(sizes) < FEWEST_NUMBERS:
            return frozenset()
        near = [part for part in near if words[part[0]].font.size < LARGER * max(sizes)]
        box = union_of([box, *(words[place].box for part in near for place in part)])
    return frozenset(place for part in near for place in part)


def _reaches(box: BBox, mark: Word) -> bool:
    return box.grown(AXIS_REACH * mark.font.size).intersection(mark.box) > 0


def _touches(box: BBox, label: Word) -> bool:
    return box.grown(LABEL_REACH * label.font.size).intersection(label.box) > 0


def _is_background(box: BBox, size: Size) -> bool:
    return box.clipped(size).area > BACKGROUND * size.area


def _sound_drawings(
    drawings: Sequence[Drawing], rules: Sequence[Rule], words: Sequence[Word], size: Size
) -> Iterable[BBox]:
    """Boxes of drawings that are pictures: large enough, of several paths, not full of text."""
    side = max(size.width, size.height)
    paths = [each for each in drawings if not _is_backdrop(each, words, size)]
    strokes = [each.box for each in rules if max(each.box.width, each.box.height) < 0.6 * side]
    for cluster in _clusters(paths, strokes, REACH * side):
        for part in _without_text(cluster, words, REACH * side):
            if _is_picture(part, words, size):
                yield part.box


def _is_picture(cluster: _Cluster, words: Sequence[Word], size: Size) -> bool:
    box = cluster.box
    if min(box.width, box.height) < SMALLEST_DRAWING * max(size.width, size.height) or _is_background(box, size):
        return False
    if len(cluster.paths) < FEWEST_PATHS and not any(each.curved for each in cluster.paths):
        return False
    inside = [word for word in words if box.holds(word.box)]
    covered = sum(word.box.area for word in inside)
    return covered <= PROSE_SHARE * box.area and len(inside) <= MOST_WORDS


def _without_text(cluster: _Cluster, words: Sequence[Word], reach: float) -> Iterable[_Cluster]:
    """The cluster, or its parts without its largest path, when that only ties text to ornaments."""
    rest = [cluster]
    for _ in range(MOST_CUTS):
        if not any(_encloses_text(each, words) for each in rest):
            break
        rest = [part for each in rest for part in (_parted(each, reach) if _encloses_text(each, words) else [each])]
    return rest


def _encloses_text(cluster: _Cluster, words: Sequence[Word]) -> bool:
    """Whether lines of text stand in the cluster's box, but on none of its paths, as between ornaments."""
    inside = [word.box for word in words if cluster.box.holds(word.box)]
    if len(inside) < FEWEST_WORDS:
        return False
    alone = [box for box in inside if not any(path.box.holds(box) for path in cluster.paths)]
    reach = sum(box.width for box in alone) / cluster.box.width
    return len(alone) >= FEWEST_WORDS and reach > 0.8 and len(cluster.paths) < 40


def _parted(cluster: _Cluster, reach: float) -> list[_Cluster]:
    largest = max(cluster.paths, key=lambda each: each.box.area)
    return _clusters([each for each in cluster.paths if each is not largest], [], reach)


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


def _clusters(paths: Sequence[Drawing], strokes: Sequence[BBox], reach: float) -> list[_Cluster]:
    """Paths that touch one another, with the strokes that touch them. Strokes join, never begin."""
    boxes = [each.box for each in paths] + list(strokes)
    clusters = []
    for group in _touching(boxes, reach):
        own = tuple(paths[place] for place in group if place < len(paths))
        lines = tuple(Drawing(box=boxes[place], stroked=True) for place in group if place >= len(paths))
        if own:
            clusters.append(_Cluster(union_of(boxes[place] for place in group), own + lines))
    return clusters


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
