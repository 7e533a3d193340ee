"""Lines as two looks at one page found them, plain and stretched, put together.

Stretched across their lines, lines that stand close are parted, which a plain look merges or misses; but entries that
stand side by side in narrow columns are merged, and small ones lost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from octavo.engines.pixels import Floats, Quad

_POINTS, _ROWS = 16, 3
"""So many points along a line, in so many rows, tell in which others it lies."""
_WITHIN = 0.6
"""A line lies in another with this share of its middle row."""
_FULL = 0.7
"""Two lines or more that make this share of the length of another one are its parts, side by side."""
_ALONE = 0.3
"""What the plain look alone found is covered by less than this share."""


def united(plain: Sequence[Quad], tall: Sequence[Quad]) -> list[Quad]:
    """The stretched look's lines, but where the plain one found parts of them; and what that one alone found."""
    if not plain or not tall:
        return [*plain, *tall]
    shares = np.stack([_held(quad, plain) for quad in tall])
    home = _homes(shares[:, :, _ROWS // 2].mean(axis=2))
    whole = {number for number, quad in enumerate(tall) if not _has_parts(quad, [plain[each] for each in home[number]])}
    parts = [plain[each] for number, places in enumerate(home) if number not in whole for each in places]
    covered = shares.any(axis=0).mean(axis=(1, 2))
    alone = [quad for quad, share in zip(plain, covered, strict=True) if share < _ALONE]
    return [*(tall[number] for number in sorted(whole)), *parts, *alone]


def _has_parts(quad: Quad, parts: Sequence[Quad]) -> bool:
    return len(parts) > 1 and sum(map(_length, parts)) >= _FULL * _length(quad)


def _homes(shares: Floats) -> list[list[int]]:
    """For each stretched line the plain ones that lie in it; `shares` are those of their middles, stretched x plain."""
    best = shares.argmax(axis=0)
    found = [place for place in range(shares.shape[1]) if shares[best[place], place] >= _WITHIN]
    return [[place for place in found if best[place] == number] for number in range(len(shares))]


def _held(quad: Quad, others: Sequence[Quad]) -> NDArray[np.bool_]:
    """Which points of the others lie in `quad`: others x rows x points along each."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    points = _points(others) - quad[0]
    across, below = points @ along / max(1.0, along @ along), points @ down / max(1.0, down @ down)
    return np.asarray((across >= 0) & (across <= 1) & (below >= 0) & (below <= 1))


def _points(quads: Sequence[Quad]) -> Floats:
    """Points in rows over each quad: quads x rows x points x 2."""
    corners = np.stack(quads)
    along, down = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    steps, rows = _places(_POINTS)[None, None, :, None], _places(_ROWS)[None, :, None, None]
    first = corners[:, 0][:, None, None]
    return np.asarray(first + steps * along[:, None, None] + rows * down[:, None, None], dtype=np.float32)


def _places(count: int) -> Floats:
    return np.asarray((np.arange(count) + 0.5) / count, dtype=np.float32)


def _length(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))
