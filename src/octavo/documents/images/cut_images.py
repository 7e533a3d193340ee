"""Images whose bytes end too early or are damaged: which rows of the picture arrived.

A picture of which at least nine tenths of the rows arrived is worth reading, with a warning; of less one cannot know
what it said, so it is an error. Only kinds that are written row after row can be read in part: progressive, interlaced
and tiled ones, GIF, WebP, AVIF, HEIC and JPEG 2000 cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile as PillowFile
from PIL.ImageFile import ImageFile

LEAST_PART = 0.9

_JPEG = frozenset({"JPEG", "MPO"})
_ROW_AFTER_ROW = _JPEG | {"PNG", "BMP", "TIFF"}
_TILE_WIDTH, _ORIENTATION = 322, 274
_BAND_PIXELS = 1 << 22
_MISSING_GREY, _BLOCK = 128, 8
"""What the JPEG decoder paints where coefficients are missing although the file has an end; rows of a block."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a picture: from `top` to `bottom` (not included), of `height`."""

    top: int
    bottom: int
    height: int

    @property
    def missing(self) -> int:
        """How many rows are outside."""
        return self.height - (self.bottom - self.top)


def load(frame: ImageFile) -> Rows:
    """Decode a frame; the rows that arrived, which are nearly all.

    Raises:
        Exception: whatever the decoder raises when too little arrived.
    """
    try:
        frame.load()
    except (OSError, SyntaxError, ValueError):
        rows = _arrived(frame)
        if rows is None or rows.missing > (1 - LEAST_PART) * rows.height:
            raise
        return rows
    return Rows(0, frame.height, frame.height)


def whiten(stored: NDArray[np.uint8], rows: Rows) -> None:
    """Paint the rows white that did not arrive: what the decoder left there is no picture."""
    stored[: rows.top] = 255
    stored[rows.bottom :] = 255


def doubts(frame: ImageFile, rows: Rows) -> tuple[str, ...]:
    """What the reader of the answer must know about a decoded frame."""
    if rows.missing:
        return (f"The image is cut off or damaged: {_share(rows.missing, rows.height)} are missing and left white.",)
    grey = _grey_bottom(frame)
    if grey:
        return (f"The image may be cut off: the lowest {_share(grey, rows.height)} are the grey of missing data.",)
    return ()


def _share(count: int, height: int) -> str:
    return f"{count} of its {height} rows of pixels"


def _grey_bottom(frame: ImageFile) -> int:
    """Rows at the bottom without data, in a JPEG that was cut and then given an end by whoever passed it on."""
    if frame.format not in _JPEG:
        return 0
    for bottom in range(frame.height, 0, -_BLOCK):
        if (np.asarray(frame.crop((0, max(0, bottom - _BLOCK), frame.width, bottom))) != _MISSING_GREY).any():
            return frame.height - bottom
    return frame.height


def _arrived(frame: ImageFile) -> Rows | None:
    """The rows between the first and the last that hold anything: memory is empty where the decoder never wrote."""
    tags = getattr(frame, "tag_v2", {})
    scattered = frame.info.get("progressive") or frame.info.get("interlace") or _TILE_WIDTH in tags
    if frame.format not in _ROW_AFTER_ROW or scattered or tags.get(_ORIENTATION, 1) != 1:
        return None
    tiles, frame.tile = frame.tile, []
    written = np.flatnonzero(np.concatenate([_holds_anything(band) for band in _bands(frame)]))
    if frame.format in _JPEG and frame.mode != "CMYK":
        frame.tile = tiles
        _load_closed(frame)
        if not _lacks_corner(frame):
            return Rows(0, frame.height, frame.height)
    return Rows(int(written[0]), int(written[-1]) + 1, frame.height) if written.size else None


def _load_closed(frame: ImageFile) -> None:
    """Decode a JPEG as if its end mark were there: the decoder holds back some rows until it has seen more.

    The switch is global in Pillow; whoever loads images holds a lock.
    """
    PillowFile.LOAD_TRUNCATED_IMAGES = True
    try:
        frame.load()
    finally:
        PillowFile.LOAD_TRUNCATED_IMAGES = False


def _lacks_corner(frame: ImageFile) -> bool:
    """Whether the last block of a JPEG, at the bottom right, is the grey of missing data; colours may run into it."""
    width, height = frame.size
    corner = frame.crop((max(0, width - _BLOCK), max(0, height - _BLOCK), width, height)).convert("L")
    return bool((np.abs(np.asarray(corner).astype(int) - _MISSING_GREY) <= 1).all())


def _bands(frame: ImageFile) -> Iterator[NDArray[Any]]:
    step = max(1, _BAND_PIXELS // frame.width)
    for top in range(0, frame.height, step):
        yield np.asarray(frame.crop((0, top, frame.width, min(top + step, frame.height))))


def _holds_anything(band: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(band.reshape(len(band), -1).any(axis=1))
