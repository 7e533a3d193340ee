"""The frames of a TIFF that are pages: its chain of directories walked once (TIFF 6.0, section 2; BigTIFF).

Pillow's own count compares each directory with all before it: a chain of a hundred thousand would take minutes. And it
makes an object of each strip: a picture in a million strips would take gigabytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from octavo.documents.images.metered_file import MeteredFile
from octavo.domain.errors import CorruptDocument

MOST_FRAMES = 100_000
"""Where counting stops: far above any limit of pages."""

MOST_PIECES = 200_000
"""Strips or tiles of a frame. Scanners write strips of at least one row, and viewers tiles of at least 16 x 16."""

_BIG = 43
_MOST_ENTRIES = 65_535
_NEW_SUBFILE_TYPE, _STRIP_OFFSETS, _TILE_OFFSETS = 254, 273, 324
_PREVIEW, _MASK = 1, 4


def page_frames(path: Path) -> tuple[int, ...]:
    """Places in the main chain of the frames that are pages, of the first `MOST_FRAMES`.

    Frames that say that they are a smaller copy or a transparency mask of another frame are none, unless nothing
    else is there. A chain that runs in a circle ends where it closes.

    Raises:
        EOFError: the chain leads out of the file.
        CorruptDocument: directories lie over each other, or a frame has more than `MOST_PIECES`.
    """
    with MeteredFile(path, reads=10 * MOST_FRAMES) as file:
        kinds = list(_kinds(file))
    pages = tuple(place for place, kind in enumerate(kinds) if not kind & (_PREVIEW | _MASK))
    return pages or tuple(range(len(kinds)))


def _kinds(file: BinaryIO) -> Iterator[int]:
    """The tag `NewSubfileType` of each frame."""
    order = "<" if file.read(2) == b"II" else ">"
    big = _number(file, f"{order}H") == _BIG
    # Offsets, entry counts and entries are wider in a BigTIFF.
    offset, count, entry = (
        (f"{order}Q", f"{order}Q", f"{order}HHQI4x") if big else (f"{order}I", f"{order}H", f"{order}HHII")
    )
    file.seek(8 if big else 4)
    seen: set[int] = set()
    place = _number(file, offset)
    while place and place not in seen and len(seen) < MOST_FRAMES:
        seen.add(place)
        file.seek(place)
        yield _kind(_exactly(file, min(_number(file, count), _MOST_ENTRIES) * struct.calcsize(entry)), entry)
        place = _number(file, offset)


def _kind(directory: bytes, entry: str) -> int:
    kind = 0
    for tag, _, count, value in struct.iter_unpack(entry, directory):
        if tag == _NEW_SUBFILE_TYPE:
            kind = value
        if tag in (_STRIP_OFFSETS, _TILE_OFFSETS) and count > MOST_PIECES:
            raise CorruptDocument(
                f"The TIFF has a picture in {count} strips or tiles, more than the {MOST_PIECES} that are read here. "
                "Save it anew as TIFF or PNG."
            )
    return kind


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, _exactly(file, struct.calcsize(form)))[0])


def _exactly(file: BinaryIO, width: int) -> bytes:
    data = file.read(width)
    if len(data) < width:
        raise EOFError
    return data
