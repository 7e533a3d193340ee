"""Reads lines with Tesseract, where it is installed: its library in this process, for workers may start no program.

Of Tesseract's C interface (`tesseract/capi.h`, the same since 4.0). What is confined and limited is the worker itself.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from octavo.domain.document import Image
from octavo.engines.pixels import gray_of
from octavo.engines.tesseract_data import data_folder, tesseract_library
from octavo.engines.text_words import Piece

_ONE_LINE = 7
"""Page segmentation mode: the image is a single line of text."""
_WORD = 5
"""Level of words in Tesseract's table."""
_MARGIN = 0.1
"""White paper around a line, as a share of its height: Tesseract loses letters that touch the edge."""
_HEIGHT = 36
"""Lines that are lower than this are enlarged to it. (Margin and height: the best of nine, on a newspaper page.)"""
_INK, _PAPER = 2, 65
"""Percentiles of a line's pixels that become black and white: photographs are grey in grey."""
_LEAST_CONTRAST = 30.0
"""Grey levels between them are taken to be so many at least."""
_OVER = 0.5
"""A word that covers more than this share of the one before it was given a box for both."""
_DPI = b"300"
_AM = (("\u0e4d", "\u0e32", "\u0e33"), ("\u0ecd", "\u0eb2", "\u0eb3"))
"""A ring, and the vowel that it joins to one letter."""


class TesseractLines:
    """Reads single lines; each thread has Tesseract's models of its own."""

    def __init__(self) -> None:
        """Loads nothing before the first line."""
        self._kept = threading.local()

    def read(self, crop: Image, models: str) -> tuple[Piece, ...]:
        """The words on `crop` (RGB, one level line) in reading order, which runs from the right in some scripts.

        Args:
            crop: pixels of the line.
            models: names of language data, joined by `+`; they must be installed.
        """
        library, api = tesseract_library(), self._api(models)
        if library is None or api is None:
            return ()
        image, margin, scale = _prepared(crop)
        library.TessBaseAPISetImage(api, image.ctypes.data, image.shape[1], image.shape[0], 1, image.shape[1])
        text = library.TessBaseAPIGetTsvText(api, 0)
        try:
            table = ctypes.string_at(text).decode("utf-8", "replace") if text else ""
        finally:
            library.TessDeleteText(text)
            library.TessBaseAPIClear(api)
        return _apart(_pieces(table, margin, scale, crop.shape[1]))

    def _api(self, models: str) -> int | None:
        kept: dict[str, int | None] = self._kept.__dict__
        if models not in kept:
            kept[models] = _opened(models)
        return kept[models]


def _opened(models: str) -> int | None:
    """Tesseract with its models loaded; it is kept as long as the process lives. None where they cannot be loaded."""
    library, folder = tesseract_library(), data_folder()
    if library is None or folder is None:
        return None
    api: int | None = library.TessBaseAPICreate()
    if library.TessBaseAPIInit3(api, os.fsencode(folder), models.encode()) != 0:
        library.TessBaseAPIDelete(api)
        return None
    atexit.register(library.TessBaseAPIDelete, api)  # or it complains on standard error
    library.TessBaseAPISetPageSegMode(api, _ONE_LINE)
    library.TessBaseAPISetVariable(api, b"user_defined_dpi", _DPI)
    return api


def _prepared(crop: Image) -> tuple[Image, int, float]:
    """The line in grey with paper around it, the width of that paper, and by how much it was enlarged."""
    gray = _dark_on_light(gray_of(crop))
    scale = max(1.0, _HEIGHT / gray.shape[0])
    if scale > 1.0:
        size = (round(gray.shape[1] * scale), round(gray.shape[0] * scale))
        gray = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    gray = _stretched(gray)
    margin = round(_MARGIN * gray.shape[0])
    paper = int(np.median(gray))
    framed = cv2.copyMakeBorder(gray, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(paper,))
    return np.ascontiguousarray(framed, dtype=np.uint8), margin, scale


def _dark_on_light(gray: Image) -> Image:
    """The line with dark letters: most of it is paper."""
    dark, paper, light = np.percentile(gray, [_INK, 50, 100 - _INK])
    return gray if paper - dark >= light - paper else np.asarray(255 - gray, dtype=np.uint8)


def _stretched(gray: Image) -> Image:
    """The line in black and white, with all greys between."""
    ink, paper = np.percentile(gray, [_INK, _PAPER])
    levels = (gray.astype(np.float32) - ink) * (255.0 / max(_LEAST_CONTRAST, paper - ink))
    return np.asarray(np.clip(levels, 0, 255), dtype=np.uint8)


def spelled(text: str) -> str:
    """Thai and Lao as they are typed: one sign for the vowel `am`, which Tesseract gives as two around a tone."""
    for ring, tail, whole in _AM:
        text = re.sub(f"{ring}([\u0e48-\u0e4b\u0ec8-\u0ecb]?){tail}", rf"\1{whole}", text)
    return text


def _apart(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The words without what a box covers of the word before: of two short words Tesseract gives the second both."""
    found: list[Piece] = []
    for piece in pieces:
        found.append(_beside(piece, found[-1]) if found and _covers(piece, found[-1]) else piece)
    return tuple(found)


def _covers(piece: Piece, before: Piece) -> bool:
    return min(piece.end, before.end) - max(piece.start, before.start) > _OVER * (before.end - before.start)


def _beside(piece: Piece, before: Piece) -> Piece:
    """What of `piece` lies on the side of the word `before` where there is more of it; all of it without any."""
    left, right = before.start - piece.start, piece.end - before.end
    if max(left, right) < 1.0:
        return piece
    return replace(piece, end=before.start) if left >= right else replace(piece, start=before.end)


def _pieces(table: str, margin: int, scale: float, width: int) -> Iterator[Piece]:
    for row in table.splitlines():
        level, *_, left, _, wide, _, confidence, text = (*row.split("\t", 11), "")[:12]
        if level != str(_WORD) or not text.strip():
            continue
        start = min(max(0.0, (int(left) - margin) / scale), width - 1.0)
        end = min(max(start + 1.0, (int(left) + int(wide) - margin) / scale), float(width))
        yield Piece(text=spelled(text), start=start, end=end, confidence=min(1.0, max(0.0, float(confidence) / 100)))
