"""Drawings: vector paths that touch one another, where they make a picture and no ornament, frame or text box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.domain.block import Drawing, Rule, Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.figures.drawn_writing import FEWEST as FEWEST_SHAPES
from octavo.structure.figures.drawn_writing import drawn_writing
from octavo.structure.figures.touching import touching
from octavo.structure.text.lines import words_in

BACKGROUND = 0.82
"""An image or shape that covers more of the page than this is its background."""
SMALLEST_DRAWING = 0.035
"""A drawing, which could be an ornament, is at least so wide and high, as a share of the page's longer side."""
REACH = 0.006
"""Paths nearer than this (share of the longer side) belong to one drawing."""
FEWEST_PATHS = 4
"""A drawing of fewer paths is an ornament or a frame, unless it is curved."""
PROSE_SHARE = 0.42
"""A drawing of whose area more than this is covered by words is a text box."""
MOST_WORDS = 140
"""More words than any figure's labels: a text box."""
FEWEST_WORDS = 4
"""From so many words on, what stands between paths is text rather than labels."""
PARAGRAPH_STEP = 0.8
"""Lines with less space between them than this (in ems) are one paragraph."""
LEAST_LAYER, MOST_LAYER = 0.1, 0.85
"""A shape that covers this share of the one below it is a part of a picture; what covers more leaves a frame."""
MOST_CUTS = 3
"""So many large paths are taken from a cluster at most."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Paths that touch one another, and the box around them."""

    box: BBox
    paths: tuple[Drawing, ...]


def pictures_of(drawings: Sequence[Drawing], rules: Sequence[Rule], words: Sequence[Word], size: Size) -> list[BBox]:
    """Boxes of drawings that are pictures: large enough, of several paths, not full of text."""
    pictures, lines = _pictures_and_lines(drawings, rules, words, size)
    for line in lines:
        near = _beside(line, pictures)
        if near < 0:
            pictures.append(line)
        else:  # what is written along an axis
            pictures[near] = pictures[near].union(line)
    return pictures


def lines_of_shapes(
    drawings: Sequence[Drawing], rules: Sequence[Rule], words: Sequence[Word], size: Size
) -> list[BBox]:
    """Boxes of drawings that look like lines of writing, and belong to no picture."""
    if sum(each.filled and each.curved for each in drawings) < FEWEST_SHAPES:
        return []
    pictures, lines = _pictures_and_lines(drawings, rules, words, size)
    return [line for line in lines if _beside(line, pictures) < 0]


def _pictures_and_lines(
    drawings: Sequence[Drawing], rules: Sequence[Rule], words: Sequence[Word], size: Size
) -> tuple[list[BBox], list[BBox]]:
    side = max(size.width, size.height)
    paths = [each for each in drawings if not _is_backdrop(each, words, size)]
    strokes = [each.box for each in rules if max(each.box.width, each.box.height) < 0.6 * side]
    pictures = []
    for cluster in _clusters(paths, strokes, REACH * side):
        whole = _without_text(cluster, words, REACH * side)
        pictures += [part.box for part in whole if _is_picture(part, words, size)]
    return pictures, drawn_writing(paths, pictures, words, side)


def _beside(line: BBox, pictures: Sequence[BBox]) -> int:
    """The picture that a line stands at; -1 for none."""
    reach = line.grown(line.height)
    return next((place for place, box in enumerate(pictures) if reach.intersection(box) > 0), -1)


def _is_picture(cluster: _Cluster, words: Sequence[Word], size: Size) -> bool:
    box = cluster.box
    if is_background(box, size):
        return False
    inside = [word for word in words if box.holds(word.box)]
    side = max(size.width, size.height)
    if min(box.width, box.height) < SMALLEST_DRAWING * side:
        return False
    if len(cluster.paths) < FEWEST_PATHS and not any(each.curved for each in cluster.paths):
        return not inside and _is_layered(cluster)
    if _frames_text(cluster, inside):
        return False
    covered = sum(word.box.area for word in inside)
    return covered <= PROSE_SHARE * box.area and words_in(inside) <= MOST_WORDS


def _frames_text(cluster: _Cluster, words: Sequence[Word]) -> bool:
    """Whether every path is a frame or a card around text, as none of a diagram's arrows is."""
    shapes = {path.box for path in cluster.paths if path.filled or path.curved}
    return all(sum(box.holds(word.box) for word in words) >= FEWEST_WORDS for box in shapes)


def _is_layered(cluster: _Cluster) -> bool:
    """Whether a shape of one colour lies on a larger one of another, and leaves more of it than a frame."""
    filled = sorted((each for each in cluster.paths if each.filled), key=lambda each: -each.box.area)
    return any(
        LEAST_LAYER * filled[0].box.area < each.box.area < MOST_LAYER * filled[0].box.area
        and each.color != filled[0].color
        and each.box.inside_share(filled[0].box) > 0.99
        for each in filled[1:]
    )


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
    inside = [word for word in words if cluster.box.holds(word.box)]
    if len(inside) < FEWEST_WORDS:
        return False
    alone = [word for word in inside if not any(path.box.holds(word.box) for path in cluster.paths)]
    if len(alone) < FEWEST_WORDS:
        return False
    reach = sum(word.box.width for word in alone) / cluster.box.width
    return (reach > 0.8 and len(cluster.paths) < 40) or _cuts_paragraph(alone, words, cluster.box)


def _cuts_paragraph(inside: Sequence[Word], words: Sequence[Word], box: BBox) -> bool:
    """Whether a paragraph goes on beyond the box around a drawing, below lines that stand in it."""
    held = {word.line for word in inside}
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    full = {line: union_of(word.box for word in held) for line, held in lines.items() if len(held) >= FEWEST_WORDS}
    return any(
        _goes_on(full[line], other, lines[line][0].font.size)
        for line in held & full.keys()
        for other in full.values()
        if not box.holds(other)
    )


def _goes_on(line: BBox, other: BBox, em: float) -> bool:
    """Whether a line stands below another as in one paragraph."""
    same = abs(line.x0 - other.x0) < 0.5 * em and abs(line.height - other.height) < 0.2 * em
    return same and 0 <= other.y0 - line.y1 + 0.3 * em < PARAGRAPH_STEP * em


def _parted(cluster: _Cluster, reach: float) -> list[_Cluster]:
    largest = max(cluster.paths, key=lambda each: each.box.area)
    return _clusters([each for each in cluster.paths if each is not largest], [], reach)


def _is_backdrop(drawing: Drawing, words: Sequence[Word], size: Size) -> bool:
    """A plain area behind text: a page's ground, a tinted box, a table's shading."""
    if drawing.box.area < 0.002 * size.area:
        return False
    if is_background(drawing.box, size) or drawing.box.area <= 0 or _is_bled_off(drawing.box, size):
        return True
    if drawing.curved and not drawing.filled:
        return False
    inside = sum(word.box.area for word in words if drawing.box.holds(word.box))
    return inside > 0.12 * drawing.box.area


def _is_bled_off(box: BBox, size: Size) -> bool:
    """Whether an area reaches three edges of the page: a coloured side or a banner."""
    x, y = 0.01 * size.width, 0.01 * size.height
    return sum((box.x0 < x, box.y0 < y, box.x1 > size.width - x, box.y1 > size.height - y)) >= 3


def _clusters(paths: Sequence[Drawing], strokes: Sequence[BBox], reach: float) -> list[_Cluster]:
    """Paths that touch one another, with the strokes that touch them. Strokes join, never begin."""
    boxes = [each.box for each in paths] + list(strokes)
    clusters = []
    for group in touching(boxes, reach):
        own = tuple(paths[place] for place in group if place < len(paths))
        lines = tuple(Drawing(box=boxes[place], stroked=True) for place in group if place >= len(paths))
        if own:
            clusters.append(_Cluster(union_of(boxes[place] for place in group), own + lines))
    return clusters


def is_background(box: BBox, size: Size) -> bool:
    """Whether a box is nearly as large as the page."""
    return box.clipped(size).area > BACKGROUND * size.area
