"""A sketch in tiles: which of them are written on, and how much ink each has. What writing looks like in small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.domain.geometry import BBox

TILE_WIDTH, TILE_HEIGHT = 40, 48
"""Sketches are looked at in tiles of so many pixels: some four lines of seven characters."""
CONTRAST = 60
"""A tile with less difference between its lightest and its darkest pixel is empty."""
NEAR, FAR = 24, 40
"""So near its median a pixel is ground, so far from it ink; on ground of less contrast than that .35 of the most."""
GROUND = 0.45
"""At least so much of a written tile is ground."""
LONGEST_STROKE, THICKEST_RULE = 22, 4
"""Straight strokes at least so long, and no thicker, are rules: neither writing nor picture."""
FEWEST_LINES, MOST_LINES = 2, 9
BLANK = 0.12
"""Share of a tile's rows that are blank, at least."""
STROKES = 2.2
"""Strokes that an inked row of a tile crosses on average, at least."""
LEAST_INK, MOST_INK = 0.03, 0.4
LOWEST = 2.5
"""Lines are at least so high on average."""

Flags: TypeAlias = NDArray[np.bool_]
Span: TypeAlias = tuple[slice, slice]
"""Rows and columns of tiles."""
Pixel = TypeVar("Pixel", np.uint8, np.bool_)


class Cluster(NamedTuple):
    """Tiles that touch one another: the span around them, and how many they are."""

    span: Span
    tiles: int


class Tiles(NamedTuple):
    """One value a tile, rows by columns: whether it is written on, and its inked pixels."""

    written: Flags
    ink: NDArray[np.intp]


def tiles_of(rest: Image, fewest: int) -> Tiles:
    """The tiles of a sketch; all count as empty where fewer than `fewest` have anything on them."""
    tiles = in_tiles(rest)
    busy = tiles.max(axis=2).max(axis=2) - tiles.min(axis=2).min(axis=2) > CONTRAST
    written, ink = np.zeros(busy.shape, bool), np.zeros(busy.shape, np.intp)
    if np.count_nonzero(busy) >= fewest:
        written[busy], ink[busy] = _judged(tiles[busy].astype(np.int16))
    return Tiles(written, ink)


def _judged(tiles: NDArray[np.int16]) -> tuple[Flags, NDArray[np.intp]]:
    """Of each tile whether it is written on, and how much ink it has; long straight strokes do not count."""
    distance = np.abs(tiles - np.median(tiles, axis=(1, 2)).astype(np.int16)[:, None, None])
    most = distance.max(axis=(1, 2))[:, None, None]
    ink = distance > np.maximum(FAR, 0.35 * most)
    ink &= ~rules_in(ink)
    amount: NDArray[np.intp] = ink.sum(axis=(1, 2))
    inked = ink.any(axis=2)
    rows = np.maximum(1, inked.sum(axis=1))
    lines = inked[:, 0] + (inked[:, 1:] & ~inked[:, :-1]).sum(axis=1)
    strokes = (ink[:, :, 1:] & ~ink[:, :, :-1]).sum(axis=(1, 2)) / rows
    share = amount / (TILE_WIDTH * TILE_HEIGHT)
    written = (
        ((distance < NEAR).mean(axis=(1, 2)) > GROUND)
        & (lines >= FEWEST_LINES)
        & (lines <= MOST_LINES)
        & (rows <= (1 - BLANK) * TILE_HEIGHT)
        & (rows >= LOWEST * lines)
        & (strokes >= STROKES)
        & (share > LEAST_INK)
        & (share < MOST_INK)
    )
    return written, amount


def rules_in(ink: Flags) -> Flags:
    """Of images (number x height x width) the pixels of long straight strokes that are thin."""
    down, across = _long(ink, 1, LONGEST_STROKE), _long(ink, 2, LONGEST_STROKE)
    if not (down.any() or across.any()):
        return down
    thick = THICKEST_RULE + 1
    return (across & ~_long(ink, 1, thick)) | (down & ~_long(ink, 2, thick))


def _long(ink: Flags, axis: int, length: int) -> Flags:
    """Pixels of runs along `axis` that are at least so long."""
    starts = _windows(ink.swapaxes(axis, 2), length, np.logical_and)
    if not starts.any():
        return np.zeros_like(ink)
    padded = np.pad(starts, ((0, 0), (0, 0), (length - 1, length - 1)))
    return _windows(padded, length, np.logical_or).swapaxes(axis, 2)


def _windows(flags: Flags, length: int, joined: np.ufunc) -> Flags:
    """All windows of a length along the last axis, each made one flag; by doubling."""
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        flags = joined(flags[:, :, :-step], flags[:, :, step:])
        reach += step
    return flags


def shape_of(pixels: NDArray[Pixel]) -> tuple[int, int]:
    """Rows and columns of tiles."""
    height, width = pixels.shape
    return -(-height // TILE_HEIGHT), -(-width // TILE_WIDTH)


def in_tiles(pixels: NDArray[Pixel]) -> NDArray[Pixel]:
    """Pixels as tiles: rows x columns x height x width; what is missing at the right and below repeats the edge."""
    (height, width), (rows, columns) = pixels.shape, shape_of(pixels)
    whole = np.pad(pixels, ((0, rows * TILE_HEIGHT - height), (0, columns * TILE_WIDTH - width)), mode="edge")
    return whole.reshape(rows, TILE_HEIGHT, columns, TILE_WIDTH).swapaxes(1, 2)


def clusters_of(flags: Flags) -> Iterator[Cluster]:
    """Flagged tiles gathered with their neighbours."""
    left = set(zip(*(places.tolist() for places in np.nonzero(flags)), strict=True))
    while left:
        group = _grown(left.pop(), left)
        ys, xs = [y for y, _ in group], [x for _, x in group]
        yield Cluster((slice(min(ys), max(ys) + 1), slice(min(xs), max(xs) + 1)), len(group))


def _grown(start: tuple[int, int], left: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The tile and all that touch it, or touch one that does; they are taken from `left`."""
    group = [start]
    for y, x in group:
        near = [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (y + dy, x + dx) in left]
        left.difference_update(near)
        group += near
    return group


def box_of(span: Span, scale: float) -> BBox:
    """Where tiles lie on the page; half a tile more on each side, where lines may begin and end."""
    ys, xs = span
    tile = BBox(
        (xs.start - 0.5) * TILE_WIDTH,
        (ys.start - 0.5) * TILE_HEIGHT,
        (xs.stop + 0.5) * TILE_WIDTH,
        (ys.stop + 0.5) * TILE_HEIGHT,
    )
    return tile.scaled(1 / scale)


def span_of(box: BBox, scale: float, tiles: Tiles) -> Span:
    """The tiles whose middles lie in a box."""
    rows, columns = tiles.written.shape
    on = box.scaled(scale)
    y0, y1 = (min(max(0, round(y / TILE_HEIGHT)), rows) for y in (on.y0, on.y1))
    x0, x1 = (min(max(0, round(x / TILE_WIDTH)), columns) for x in (on.x0, on.x1))
    return slice(y0, y1), slice(x0, x1)
