"""How an image lies: EXIF orientation, read from the bytes, and pixels that are written upright."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_ORIENTATION, _SHORT = 0x112, 3
_UPRIGHT = 1
SIDEWAYS = frozenset({5, 6, 7, 8})
"""Orientations by which width and height change places."""


def exif_orientation(exif: bytes) -> int | None:
    """The orientation, 1 to 8, that EXIF data tell; 1 where they tell none, None where they cannot be read.

    Only the first directory is looked at, entry by entry: a full parser follows every pointer, which hostile data
    let lead to gigabytes (TIFF 6.0, section 2; EXIF 2.32, 4.6.4).
    """
    body = exif.removeprefix(b"Exif\0\0")
    if not body:
        return _UPRIGHT
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    if order is None:
        return None
    try:
        return _found(body, order)
    except struct.error:
        return None


def _found(body: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}I", body, 4)
    (count,) = struct.unpack_from(f"{order}H", body, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", body, place)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return value if 1 <= value <= 8 else _UPRIGHT
    return _UPRIGHT


def as_stored(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """A view of upright pixels as the file stores them: what is written into the view lies right in `upright`."""
    # In the file, row 0 is the top (1, 2), bottom (3, 4), left (5, 8) or right (6, 7) side of the picture.
    view = upright.swapaxes(0, 1) if orientation in SIDEWAYS else upright
    rows = slice(None, None, -1 if orientation in (3, 4, 6, 7) else 1)
    columns = slice(None, None, -1 if orientation in (2, 3, 7, 8) else 1)
    return view[rows, columns]
