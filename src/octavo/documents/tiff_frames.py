"""How many frames a TIFF has: its chain of directories walked once (TIFF 6.0, section 2; BigTIFF).

Pillow's own count compares each directory with all before it: a chain of a hundred thousand would take minutes.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_BIG = 43


def count_frames(path: Path) -> int:
    """Directories of the main chain; a chain that runs in a circle ends where it closes.

    Raises:
        EOFError: the chain leads out of the file.
    """
    with path.open("rb") as file:
        order = "<" if file.read(2) == b"II" else ">"
        big = _number(file, order, "H") == _BIG
        # Offsets, entry counts and entries are wider in a BigTIFF.
        offset, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
        file.seek(8 if big else 4)
        seen: set[int] = set()
        place = _number(file, order, offset)
        while place and place not in seen:
            seen.add(place)
            file.seek(place)
            file.seek(_number(file, order, count) * entry, 1)
            place = _number(file, order, offset)
    return len(seen)


def _number(file: BinaryIO, order: str, form: str) -> int:
    width = struct.calcsize(order + form)
    data = file.read(width)
    if len(data) < width:
        raise EOFError
    return int(struct.unpack(order + form, data)[0])
