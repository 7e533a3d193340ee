"""Grids from rules and drawn boxes.

After the method of img2table and pdfplumber: edges that lie on one line are joined, edges that meet form a
component, and the squares between its lines grow into cells wherever no edge parts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Drawing, Rule
from octavo.domain.geometry import BBox, Size
from octavo.structure.tables.grid import Grid, Place
from octavo.structure.tables.ink import Floats

SNAP = 0.4
"""Edges closer than this (in ems) lie on one line: double rules, and the gap between two drawn boxes."""
TOUCH = 0.35
"""Edges that come this close (in ems) to one another meet."""
SMALLEST_BOX = 0.7
"""Drawn boxes with a side shorter than this (in ems) are bullets or parts of glyphs."""
COVERED = 0.6
"""An edge parts two squares when it covers this share of their common side."""
MOST_EDGES = 6000
"""Pages with more edges are drawings, not tables."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Straight edges, each array n x 3 of float64: position across, start and end along, in page pixels.

    `horizontal` has y, x0, x1; `vertical` has x, y0, y1.
    """

    horizontal: Floats
    vertical: Floats


def edges_of(rules: Iterable[Rule], drawings: Iterable[Drawing], size: Size, em: float) -> Edges:
    """Rules and the sides of drawn boxes, with those on one line joined."""
    flat: list[tuple[float, float, float]] = []
    steep: list[tuple[float, float, float]] = []
    for rule in rules:
        box = rule.box
        if rule.horizontal:
            flat.append((box.center_y, box.x0, box.x1))
        else:
            steep.append((box.center_x, box.y0, box.y1))
    for drawing in drawings:
        box = drawing.box
        if drawing.curved or min(box.width, box.height) < SMALLEST_BOX * em or _is_sheet(box, size):
            continue
        flat += [(box.y0, box.x0, box.x1), (box.y1, box.x0, box.x1)]
        steep += [(box.x0, box.y0, box.y1), (box.x1, box.y0, box.y1)]
    if len(flat) + len(steep) > MOST_EDGES:
        return Edges(np.zeros((0, 3)), np.zeros((0, 3)))
    return Edges(_joined(flat, em), _joined(steep, em))


def _is_sheet(box: BBox, size: Size) -> bool:
    """Whether a box is the page's background or frame."""
    return box.width > 0.9 * size.width and box.height > 0.9 * size.height


def _joined(edges: Sequence[tuple[float, float, float]], em: float) -> Floats:
    """Edges on one line that overlap or touch, made one."""
    if not edges:
        return np.zeros((0, 3))
    table = np.array(edges, dtype=np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    group = snapped(table[:, 0], SNAP * em)
    order = np.lexsort((table[:, 1], group))
    table, group = table[order], group[order]
    made: list[list[float]] = []
    last = -1
    for (position, start, end), home in zip(table.tolist(), group.tolist(), strict=True):
        if made and home == last and start <= made[-1][2] + SNAP * em:
            if end - start > made[-1][2] - made[-1][1]:
                made[-1][0] = position
            made[-1][2] = max(made[-1][2], end)
        else:
            made.append([position, start, end])
        last = home
    return np.array(made)


def snapped(values: Floats, tolerance: float) -> NDArray[np.intp]:
    """Group numbers of sorted `values`: a group is never wider than `tolerance`."""
    groups = np.zeros(len(values), dtype=np.intp)
    start, group = 0, 0
    for place, value in enumerate(values.tolist()):
        if value - values[start] > tolerance:
            group += 1
            start = place
        groups[place] = group
    return groups


def components(edges: Edges, em: float) -> list[Edges]:
    """Sets of edges that meet one another, each with at least one of both directions."""
    flat, steep = edges.horizontal, edges.vertical
    if not len(flat) or not len(steep):
        return []
    near = TOUCH * em
    meets = (
        (flat[:, None, 1] - near <= steep[None, :, 0])
        & (steep[None, :, 0] <= flat[:, None, 2] + near)
        & (steep[None, :, 1] - near <= flat[:, None, 0])
        & (flat[:, None, 0] <= steep[None, :, 2] + near)
    )
    left = np.ones(len(flat), dtype=bool)
    found: list[Edges] = []
    for seed in range(len(flat)):
        if not left[seed] or not meets[seed].any():
            continue
        rows, columns = _reached(meets, seed)
        left &= ~rows
        found.append(Edges(flat[rows], steep[columns]))
    return found


def _reached(meets: NDArray[np.bool_], seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    rows = np.zeros(meets.shape[0], dtype=bool)
    rows[seed] = True
    columns = meets[seed].copy()
    while True:
        more = meets[:, columns].any(axis=1)
        if (more == rows).all():
            return rows, columns
        rows = more | rows
        columns = meets[rows].any(axis=0)


def lattice(edges: Edges, em: float) -> Grid | None:
    """The grid that a component of edges draws; None when it parts nothing.

    An open side (rules that stick out beyond the last line across) is closed where the longest edge ends.
    """
    flat, steep = edges.horizontal, edges.vertical
    xs = _lines(steep[:, 0], flat[:, 1].min(), flat[:, 2].max(), em)
    ys = _lines(flat[:, 0], steep[:, 1].min(), steep[:, 2].max(), em)
    if len(xs) < 2 or len(ys) < 2:
        return None
    right = _parted(steep, xs, ys, em)
    below = _parted(flat, ys, xs, em).T
    drawn = (right.sum() + below.sum()) / max(1, right.size + below.size)
    return Grid(tuple(xs), tuple(ys), tuple(_merged(right, below)), ruled=float(drawn))


def _lines(positions: Floats, low: float, high: float, em: float) -> list[float]:
    """Positions of lattice lines: edges close together are one; open ends are closed."""
    ordered = np.sort(positions)
    groups = snapped(ordered, SNAP * em)
    lines = [float(ordered[groups == group].mean()) for group in range(int(groups[-1]) + 1)]
    if low < lines[0] - em:
        lines.insert(0, float(low))
    if high > lines[-1] + em:
        lines.append(float(high))
    return lines


def _parted(edges: Floats, across: Sequence[float], along: Sequence[float], em: float) -> NDArray[np.bool_]:
    """For each stretch of `along` (rows) and each inner line of `across` (columns): whether an edge parts there."""
    inner = np.array(across[1:-1])
    starts, ends = np.array(along[:-1]), np.array(along[1:])
    covered = np.zeros((len(starts), len(inner)))
    for position, start, end in edges.tolist():
        near = np.flatnonzero(np.abs(inner - position) <= SNAP * em)
        if len(near):
            shared = np.clip(np.minimum(ends, end) - np.maximum(starts, start), 0, None)
            covered[:, near[np.argmin(np.abs(inner[near] - position))]] += shared
    return covered >= COVERED * (ends - starts)[:, None]


def _merged(right: NDArray[np.bool_], below: NDArray[np.bool_]) -> Iterable[Place]:
    """Cells of more than one square: each grows to the right, then down, until an edge stops it.

    `right` is rows x (columns - 1), `below` is (rows - 1) x columns.
    """
    rows, columns = right.shape[0], below.shape[1]
    taken = np.zeros((rows, columns), dtype=bool)
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            width = 1
            while column + width < columns and not right[row, column + width - 1] and not taken[row, column + width]:
                width += 1
            height = 1
            while row + height < rows and _goes_on(right, below, (row + height, column), width):
                height += 1
            taken[row : row + height, column : column + width] = True
            if width > 1 or height > 1:
                yield Place(row, column, height, width)


def _goes_on(right: NDArray[np.bool_], below: NDArray[np.bool_], square: tuple[int, int], width: int) -> bool:
    """Whether the squares from `square` on, `width` of them, belong to the cell above them."""
    row, column = square
    if below[row - 1, column : column + width].any() or right[row, column : column + width - 1].any():
        return False
    before = column == 0 or right[row, column - 1]
    after = column + width - 1 >= right.shape[1] or right[row, column + width - 1]
    return bool(before and after)
