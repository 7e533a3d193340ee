"""Where a page in small looks written on, though no words are known there: lines of small dark strokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from octavo.domain.block import Word
from octavo.domain.document import Image, Page, Sketch
from octavo.domain.geometry import BBox
from octavo.structure.sketch.boxes import parts_of, parts_of_words, without_words
from octavo.structure.sketch.tiles import (
    FAR,
    NEAR,
    TILE_HEIGHT,
    TILE_WIDTH,
    Cluster,
    Flags,
    Span,
    Tiles,
    box_of,
    clusters_of,
    in_tiles,
    rules_in,
    shape_of,
    span_of,
    tiles_of,
)

FEWEST_TILES, FEWEST_DRAWN = 8, 16
"""Fewer written tiles are labels of a picture, or a logo; where the strokes are drawn, a formula."""
FEWEST_SHAPES = 100
"""Fewer shapes are too few for text."""
WRITTEN = 0.3
"""A picture is a page of text when at least so much of it is written on,"""
TEXT_INK = 0.65
"""and when at least so much of its ink is in written tiles: in charts it is in bars."""
FEWEST_INKED, INKED = 3, 0.01
"""More than the words is on a page where so many tiles have ink on so much of them."""
LOST, FEWEST_LOST = 0.05, 12
"""Text of which more than this share of the ink belongs to no word is not all decoded: tiles with so many such pixels.

Large brackets, which formulas are read from without words, make .016 at most (244 pages).
"""
PAPER = 0.4
"""At least so much of a scan is of one tone, as photographs are not."""
LABELLED = 3
"""From so many written tiles on, a picture of one tone (a chart, a diagram) has labels;"""
LEAST_LABELLED, MOST_LABELLED = 0.02, 0.8
"""it is no smaller and no larger than this, as a share of the page: neither a logo nor a ground."""


class Shapes(Enum):
    """What shapes that look like a line of writing may be."""

    WORDS = "words"
    OTHER = "a formula"


@dataclass(frozen=True, slots=True)
class Writing:
    """An area (in page pixels) that looks written on.

    Attributes:
        box: where it is.
        tiles: how many of its tiles look written on; 0 where it is not writing alone.
        picture: whether it is an image.
        labels: whether it is an image with labels on it, which stays a picture.
        shapes: what lines of shapes are; None where it is something else.
    """

    box: BBox
    tiles: int
    picture: bool
    labels: bool = False
    shapes: Shapes | None = None


def find_writing(words: Sequence[Word], page: Page, sketch: Sketch) -> tuple[Writing, ...]:
    """Areas of a page that look written on, beside the `words` that are known and seen."""
    lost = _undecoded(words, sketch)
    may_be_drawn = _may_be_drawn(page, sketch.scale)
    found = _drawn(without_words(words, sketch), lost, page, sketch) if may_be_drawn else []
    found = [each for each in found if not (each.labels and any(each.box.holds(word.box) for word in words))]
    return (*found, *(_area(each, page, sketch.scale) for each in clusters_of(lost)))


def written_area(writing: Sequence[Writing], sketch: Sketch) -> float:
    """Square pixels of the page that look written on."""
    return sum(each.tiles for each in writing) * TILE_WIDTH * TILE_HEIGHT / sketch.scale**2


def is_paper(box: BBox, sketch: Sketch) -> bool:
    """Whether an image could be a scan: much of it is of one tone, or nearly."""
    (part,) = parts_of([box], sketch)
    return _ground(sketch.textless[part])[1] >= PAPER


def has_more(words: Sequence[Word], sketch: Sketch) -> bool:
    """Whether anything but rules is on the page beside these words."""
    tiles = tiles_of(without_words(words, sketch), FEWEST_INKED)
    return int(np.count_nonzero(tiles.ink > INKED * TILE_WIDTH * TILE_HEIGHT)) >= FEWEST_INKED


def explained(box: BBox, words: Sequence[Word], sketch: Sketch) -> float:
    """Share of an area's ink that these words account for, 0 to 1; long straight strokes do not count."""
    (part,) = parts_of([box], sketch)
    tone, _ = _ground(sketch.looks[part])
    inked = np.abs(sketch.looks.astype(np.int16) - tone) > NEAR
    ink = np.zeros_like(inked)
    ink[part] = inked[part] & ~rules_in(inked[None, *part])[0]
    total = np.count_nonzero(ink)
    for place in parts_of([word.box for word in words], sketch, margin=1.0):
        ink[place] = False
    return 1.0 - np.count_nonzero(ink) / total if total else 1.0


def _ground(area: Image) -> tuple[int, float]:
    """The tone that most pixels are near to, and their share."""
    counts = np.bincount(area.ravel(), minlength=256)
    near = np.convolve(counts, np.ones(2 * NEAR + 1, np.intp), mode="same")
    tone = int(near.argmax())
    return tone, float(near[tone] / area.size)


def _may_be_drawn(page: Page, scale: float) -> bool:
    """Whether text could be there that is no text to the document: in a picture, or as many shapes."""
    least = FEWEST_TILES * TILE_WIDTH * TILE_HEIGHT / scale**2
    return len(page.drawings) >= FEWEST_SHAPES or any(image.box.area >= least for image in page.images)


def _drawn(rest: Image, lost: Flags, page: Page, sketch: Sketch) -> list[Writing]:
    """Pictures that are text, and text that is drawn as shapes; not where text is `lost`, which is known to be text."""
    tiles = tiles_of(rest, FEWEST_TILES)
    tiles.written[lost] = False
    pictures = _pictures(page, tiles, sketch)
    shapes = (each for each in clusters_of(tiles.written) if _is_text(tiles, each.span, FEWEST_DRAWN))
    return [*pictures, *(_area(each, page, sketch.scale) for each in shapes)]


def _area(cluster: Cluster, page: Page, scale: float) -> Writing:
    return Writing(box_of(cluster.span, scale).clipped(page.size), cluster.tiles, picture=False)


def _pictures(page: Page, tiles: Tiles, sketch: Sketch) -> list[Writing]:
    """Images that are text, or have labels; the tiles of all images are done with."""
    found = []
    for image in page.images:
        span = span_of(image.box, sketch.scale, tiles)
        count = int(tiles.written[span].sum())
        if _is_text(tiles, span, FEWEST_TILES):
            found.append(Writing(image.box, count, picture=True))
        elif count >= LABELLED and _is_graphic(image.box, page, sketch):
            found.append(Writing(image.box, 0, picture=True, labels=True))
        tiles.written[span] = False
    return found


def _is_graphic(box: BBox, page: Page, sketch: Sketch) -> bool:
    """Whether an image is as large as charts are, and of one tone where nothing is drawn."""
    share = box.clipped(page.size).area / page.size.area
    return LEAST_LABELLED < share < MOST_LABELLED and is_paper(box, sketch)


def _is_text(tiles: Tiles, span: Span, fewest: int) -> bool:
    written, ink = tiles.written[span], tiles.ink[span]
    count = int(written.sum())
    return count >= fewest and count >= WRITTEN * written.size and int(ink[written].sum()) >= TEXT_INK * int(ink.sum())


def _undecoded(words: Sequence[Word], sketch: Sketch) -> Flags:
    """Tiles with text that is drawn as text, but of whose characters the text layer knows nothing."""
    lost: Flags = sketch.changed > FAR
    least = max(FEWEST_LOST, LOST * np.count_nonzero(lost))
    for part in parts_of_words(words, sketch):
        lost[part] = False
    if np.count_nonzero(lost) < least:
        return np.zeros(shape_of(lost), bool)
    found: Flags = in_tiles(lost).sum(axis=2, dtype=np.uint8).sum(axis=2) >= FEWEST_LOST
    return found
