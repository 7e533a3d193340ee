"""Lattices from rules and drawn boxes.

After the method of img2table and pdfplumber: edges that lie on one line are joined, edges that meet form a
component, and the lines of a component part the page into squares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import Drawing, Rule
from octavo.domain.geometry import BBox, Size
from octavo.structure.tables.fills import telling
from octavo.structure.tables.ink import Flags, Floats, Ink

SNAP = 0.4
"""Edges closer than this (in ems) lie on one line: double rules, and the gap between two drawn boxes."""
TOUCH = 0.5
"""Edges that come this close (in ems) to one another meet."""
TOUCHING = 0.2
"""A stroke that ends this close (in ems) to another line is no underline."""
SMALLEST_BOX = 0.7
"""Drawn boxes with a side shorter than this (in ems) are bullets or parts of glyphs."""
COVERED = 0.6
"""An edge parts two squares when it covers this share of their common side."""
PADDING = 1.2
"""Strips without words up to this wide (in ems) are double lines or the padding of drawn boxes."""
STITCH = 3.0
"""Parts of a lattice stand at most this far (in ems) apart: one row without a fill of its own."""
PAGE_WIDE = 0.96
"""Rules across this share of the page's width decorate it, or are the lines of a notebook,"""
TRIMMED = 2.5
"""unless the page has no margins: left of, above and below its words is no more space than this (in ems)."""
CORE = 0.25
"""A stroke that keeps this share of the words' height away from their tops and bottoms is a part of letters."""
MOST_EDGES = 6000
"""Pages with more edges are drawings, not tables."""
MOST_PAIRS = 1_000_000
"""Comparisons of all with all stop here."""

Stroke: TypeAlias = tuple[float, float, float]
"""An edge: position across, start and end along."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Straight edges, each array n x 3 of float64: position across, start and end along, in page pixels.

    `horizontal` has y, x0, x1; `vertical` has x, y0, y1.
    """

    horizontal: Floats
    vertical: Floats

    @property
    def box(self) -> BBox:
        """Around all edges; there is at least one of both directions."""
        flat, steep = self.horizontal, self.vertical
        return BBox(
            min(flat[:, 1].min(), steep[:, 0].min()),
            min(flat[:, 0].min(), steep[:, 1].min()),
            max(flat[:, 2].max(), steep[:, 0].max()),
            max(flat[:, 0].max(), steep[:, 2].max()),
        )


@dataclass(frozen=True, slots=True)
class Lattice:
    """Squares between lines, and where an edge is drawn between two of them.

    Attributes:
        xs, ys: the lines, in page pixels.
        right: rows x (columns - 1), an edge parts a square from the next one.
        below: (rows - 1) x columns, an edge parts a square from the one below.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    right: Flags
    below: Flags

    @property
    def box(self) -> BBox:
        """What the lattice covers."""
        return BBox(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def drawn(self) -> float:
        """Share of the inner sides that have an edge."""
        return float(self.right.sum() + self.below.sum()) / max(1, self.right.size + self.below.size)


def edges_of(rules: Iterable[Rule], drawings: Iterable[Drawing], size: Size, ink: Ink) -> Edges:
    """Rules and the sides of drawn boxes, with those on one line joined; underlines of the words of `ink` are none."""
    em = ink.em
    trimmed = _is_trimmed(size, ink)
    strokes = [rule for rule in rules if trimmed or rule.box.width < PAGE_WIDE * size.width]
    boxes = [
        drawing.box
        for drawing in telling(drawings, ink)
        if not drawing.curved
        and min(drawing.box.width, drawing.box.height) >= SMALLEST_BOX * em
        and not _is_sheet(drawing.box, size)
    ]
    if len(strokes) + len(boxes) > MOST_EDGES:
        return Edges(np.zeros((0, 3)), np.zeros((0, 3)))
    flat = [(rule.box.center_y, rule.box.x0, rule.box.x1) for rule in strokes if rule.horizontal]
    steep = [(rule.box.center_x, rule.box.y0, rule.box.y1) for rule in strokes if not rule.horizontal]
    for box in _no_insets(boxes, em):
        flat += [(box.y0, box.x0, box.x1), (box.y1, box.x0, box.x1)]
        steep += [(box.x0, box.y0, box.y1), (box.x1, box.y0, box.y1)]
    plumb = _joined(steep, em)
    return Edges(_joined(_no_underlines(flat, plumb, ink), em), plumb)


def _is_trimmed(size: Size, ink: Ink) -> bool:
    """Whether a page is cut close around its words, as an image of a table is."""
    if not ink.words:
        return False
    box = ink.box()
    return max(box.x0, box.y0, size.height - box.y1) <= TRIMMED * ink.em


def _no_underlines(strokes: list[Stroke], steep: Floats, ink: Ink) -> list[Stroke]:
    """Horizontal strokes without those through words, or right below them, as far as the words go.

    Strokes below words that end at another line are sides of cells.
    """
    if not strokes or len(strokes) * max(len(ink.words), len(steep)) > MOST_PAIRS:
        return strokes
    y, x0, x1 = np.array(strokes).T[:, :, None]
    below = (y > ink.y1 - 0.4 * ink.size) & (y < ink.y1 + 0.1 * ink.size)
    shared = np.minimum(x1, ink.x1 + 0.35 * ink.size) - np.maximum(x0, ink.x0)
    under = np.where(below & (shared > 0.35 * ink.size), shared, 0).sum(axis=1) >= 0.85 * (x1 - x0)[:, 0]
    core = CORE * (ink.y1 - ink.y0)
    struck = np.where((y > ink.y0 + core) & (y < ink.y1 - core) & (shared > 0), shared, 0).sum(axis=1)
    through = struck >= 0.7 * (x1 - x0)[:, 0]
    near = TOUCHING * ink.em
    passes = (steep[:, 1] - near < y) & (y < steep[:, 2] + near)
    held = ((np.abs(steep[:, 0] - x0) < near) | (np.abs(steep[:, 0] - x1) < near)) & passes
    free = through | (under & ~held.any(axis=1))
    return [stroke for stroke, line in zip(strokes, free.tolist(), strict=True) if not line]


def _no_insets(boxes: list[BBox], em: float) -> list[BBox]:
    """Boxes without those that only pad the writing of a cell: as wide as a larger one, save for its margins."""
    if len(boxes) ** 2 > MOST_PAIRS:
        return boxes
    table = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes]).reshape(-1, 4)
    left = table[:, None, 0] - table[None, :, 0]
    right = table[None, :, 2] - table[:, None, 2]
    slack = 0.1 * em
    inset = (left > 0.5 * slack) & (left < em) & (right > 0.5 * slack) & (right < em)
    within = (table[:, None, 1] >= table[None, :, 1] - slack) & (table[:, None, 3] <= table[None, :, 3] + slack)
    padded = (inset & within).any(axis=1)
    return [box for box, pads in zip(boxes, padded, strict=True) if not pads]


def _is_sheet(box: BBox, size: Size) -> bool:
    """Whether a box is the page's background or frame."""
    return box.width > 0.9 * size.width and box.height > 0.9 * size.height


def _joined(edges: Sequence[Stroke], em: float) -> Floats:
    """Edges on one line that overlap or touch, made one."""
    if not edges:
        return np.zeros((0, 3))
    table = np.array(edges, dtype=np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    group = snapped(table[:, 0], SNAP * em)
    order = np.lexsort((table[:, 1], group))
    made: list[list[float]] = []
    last = -1
    for (position, start, end), home in zip(table[order].tolist(), group[order].tolist(), strict=True):
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
    first, group = float(values[0]) if len(values) else 0.0, 0
    for place, value in enumerate(values.tolist()):
        if value - first > tolerance:
            group += 1
            first = value
        groups[place] = group
    return groups


def components(edges: Edges, em: float) -> list[Edges]:
    """Sets of edges that meet one another, each with at least one of both directions."""
    flat, steep = edges.horizontal, edges.vertical
    if not len(flat) or not len(steep):
        return []
    near = TOUCH * em
    meets: Flags = (
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


def _reached(meets: Flags, seed: int) -> tuple[Flags, Flags]:
    rows = np.zeros(meets.shape[0], dtype=bool)
    rows[seed] = True
    columns = meets[seed].copy()
    while True:
        more = meets[:, columns].any(axis=1)
        if not (more & ~rows).any():
            return rows, columns
        rows |= more
        columns = meets[rows].any(axis=0)


def stitched(parts: Sequence[Edges], ink: Ink) -> list[Edges]:
    """Components that go on with each other's columns or rows, made one.

    Every other row of a table may be filled, and columns may be drawn as boxes of their own.
    """
    made: list[Edges] = []
    for part in sorted(parts, key=lambda part: (part.box.y0, part.box.x0)):
        home = next(
            (
                place
                for place, other in enumerate(made)
                if _go_on(other, part, ink) or _stand_beside(other, part, ink.em)
            ),
            None,
        )
        if home is None:
            made.append(part)
        else:
            flat = np.concatenate([made[home].horizontal, part.horizontal])
            made[home] = Edges(flat, np.concatenate([made[home].vertical, part.vertical]))
    return made


def _go_on(upper: Edges, lower: Edges, ink: Ink) -> bool:
    """Whether `lower` has the columns of `upper`, with no more between them than one row of words."""
    em, above, below = ink.em, upper.box, lower.box
    gap = below.y0 - above.y1
    if not -em < gap < STITCH * em or abs(above.x0 - below.x0) > em or abs(above.x1 - below.x1) > em:
        return False
    here, there = np.unique(upper.vertical[:, 0]), np.unique(lower.vertical[:, 0])
    if len(here) < 3 or len(there) < 3 or not _matched(here, there, em):
        return False
    between = (ink.y > above.y1) & (ink.y < below.y0) & (ink.x > above.x0) & (ink.x < above.x1)
    more = here if len(here) > len(there) else there
    cut = ((ink.x0[between, None] + 0.2 * em < more) & (more < ink.x1[between, None] - 0.2 * em)).any()
    if cut or (between.any() and _is_titled(upper, lower, np.searchsorted(more, ink.x[between]))):
        return False
    return bool(between.any() or gap < em)


def _is_titled(upper: Edges, lower: Edges, columns: NDArray[np.intp]) -> bool:
    """Whether words in one column alone, between two lattices of several rows each, are the title of the lower one."""
    rows = [len(np.unique(edges.horizontal[:, 0])) - 1 for edges in (upper, lower)]
    return min(rows) > 1 and len(np.unique(columns)) == 1


def _stand_beside(one: Edges, other: Edges, em: float) -> bool:
    """Whether two components have the same rows, right beside each other."""
    left, right = sorted((one.box, other.box), key=lambda box: box.x0)
    if not -em < right.x0 - left.x1 < 1.5 * em or abs(left.y0 - right.y0) > em or abs(left.y1 - right.y1) > em:
        return False
    here, there = np.unique(one.horizontal[:, 0]), np.unique(other.horizontal[:, 0])
    return len(here) > 2 and len(there) > 2 and _matched(here, there, em)


def _matched(here: Floats, there: Floats, em: float) -> bool:
    """Whether most of the fewer positions are among the others."""
    fewer, more = (here, there) if len(here) < len(there) else (there, here)
    return bool((np.abs(fewer[:, None] - more[None, :]) < SNAP * em).any(axis=1).mean() > 0.7)


def lattice(edges: Edges, ink: Ink) -> Lattice | None:
    """The lattice that a component of edges draws over `ink`; None when it encloses nothing.

    An open side (rules that stick out beyond the last line across) is closed where the longest edge ends.
    """
    flat, steep = edges.horizontal, edges.vertical
    box = edges.box
    inside = ink.inside(box)
    if not inside.any():
        return None
    xs = _lines(steep[:, 0], (box.x0, box.x1), ink.x[inside], ink.em)
    ys = _lines(flat[:, 0], (box.y0, box.y1), ink.y[inside], ink.em)
    if len(xs) < 2 or len(ys) < 2:
        return None
    right = _parted(steep, xs, ys, ink.em)
    below = _parted(flat, ys, xs, ink.em).T
    return Lattice(tuple(_middle(each) for each in xs), tuple(_middle(each) for each in ys), right, below)


def parts_columns(drawn: Lattice, edges: Edges, em: float) -> bool:
    """Whether `edges` part columns of text: from lines down the page rules go off to one side, never to both.

    Nothing closes such columns above or below.
    """
    ends = np.array([drawn.ys[0], drawn.ys[-1]])
    closed = (np.abs(edges.horizontal[:, :1] - ends) < TOUCH * em).any()
    crossed = (drawn.below[:, 1:] & drawn.below[:, :-1]).any()
    return bool(drawn.below.any() and drawn.right.all() and not closed and not crossed)


Strand: TypeAlias = tuple[float, float]
"""Where the edges of one lattice line lie: from, to."""


def _middle(strand: Strand) -> float:
    return (strand[0] + strand[1]) / 2


def _lines(positions: Floats, ends: tuple[float, float], words: Floats, em: float) -> list[Strand]:
    """The lines of a lattice: edges with no word between them and little space are one; open ends are closed."""
    ordered = sorted({*positions.tolist(), *ends})
    centers = np.sort(words)
    lines: list[Strand] = []
    for value in ordered:
        if lines:
            start, end = lines[-1]
            held = np.searchsorted(centers, value) - np.searchsorted(centers, end)
            if value - end <= SNAP * em or (
                held == 0 and value - end <= PADDING * em and value - start < 2 * PADDING * em
            ):
                lines[-1] = (start, value)
                continue
        lines.append((value, value))
    return lines


def _parted(edges: Floats, across: Sequence[Strand], along: Sequence[Strand], em: float) -> Flags:
    """For each stretch of `along` (rows) and each inner line of `across` (columns): whether an edge parts there."""
    inner = across[1:-1]
    starts = np.array([strand[1] for strand in along[:-1]])
    ends = np.array([strand[0] for strand in along[1:]])
    covered = np.zeros((len(starts), len(inner)))
    slack = 0.1 * em
    for column, (low, high) in enumerate(inner):
        for _, start, end in edges[(edges[:, 0] >= low - slack) & (edges[:, 0] <= high + slack)].tolist():
            shared = np.clip(np.minimum(ends, end) - np.maximum(starts, start), 0, None)
            covered[:, column] = np.maximum(covered[:, column], shared) if low < high else covered[:, column] + shared
    flags: Flags = covered >= COVERED * (ends - starts)[:, None]
    return flags
