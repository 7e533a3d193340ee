"""A page of a PDF before anything of it is read: loaded, measured, drawn."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.graphics import Affine
from octavo.domain.document import Image
from octavo.domain.errors import CorruptDocument
from octavo.domain.geometry import BBox, Size
from octavo.domain.grey import without_colours

POINTS_PER_INCH = 72
LONGEST_SIDE = 14_400 * 2
"""Pages are measured and rendered with at most so many pixels a side: 144 inches at 200 dpi."""
MOST_PIXELS = 60_000_000
"""And with at most so many pixels in all; larger pages get a lower dpi."""


def loaded(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """A page of a document. One that is cropped to nothing has its crop box taken away.

    Raises:
        CorruptDocument: the page cannot be loaded.
    """
    try:
        sheet = document[index]
    except pypdfium2.PdfiumError as error:
        raise CorruptDocument(f"Page {index} of the PDF cannot be loaded: {error}.") from error
    if not all(sheet.get_size()):
        sheet.set_cropbox(*sheet.get_mediabox())
    return sheet


class Drawn:
    """A page in pixels: all of them, which are drawn when they are asked for first and then kept, or a part alone."""

    def __init__(self, shown: Callable[[], pypdfium2.PdfPage], size: Size, dpi: int) -> None:
        """`shown` loads the page; it has `size` pixels at `dpi`."""
        self._shown = shown
        self._width, self._height = int(size.width), int(size.height)
        self._scale = dpi / POINTS_PER_INCH
        self._whole: Image | None = None

    def whole(self) -> Image:
        """All pixels, read-only."""
        if self._whole is None:
            self._whole = _fitted(_rendered(self._shown(), self._scale), self._width, self._height)
        return self._whole

    def part(self, box: BBox) -> Image:
        """The pixels in a box of whole pixels on the page, the same as they are in the whole; they may be read-only."""
        x0, y0, x1, y1 = (int(side) for side in (box.x0, box.y0, box.x1, box.y1))
        if self._whole is None:
            sheet = self._shown()
            right, below = (
                math.ceil(side * self._scale) - end for side, end in zip(sheet.get_size(), (x1, y1), strict=True)
            )
            if right >= 0 and below >= 0:
                return _rendered(sheet, self._scale, (x0, below, right, y0))
        return self.whole()[y0:y1, x0:x1]


def drawn(sheet: pypdfium2.PdfPage, times: float, dpi: int) -> Image:
    """A page in pixels, read-only, so many `times` as large as it is at `dpi`."""
    width, height = sheet.get_size()
    size = pixel_size(width, height, dpi)
    pixels = _rendered(sheet, times * dpi / POINTS_PER_INCH)
    return _fitted(pixels, max(1, round(size.width * times)), max(1, round(size.height * times)))


def _rendered(sheet: pypdfium2.PdfPage, scale: float, crop: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Image:
    """The pixels of a page, without so many at its left, foot, right and head."""
    # In points, of which pypdfium2 makes pixels again, rounded up.
    points = tuple(max(0.0, (pixels - 0.5) / scale) for pixels in crop)
    bitmap = sheet.render(scale=scale, crop=points, rev_byteorder=True)
    pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return pixels


def clamped_dpi(width: float, height: float, dpi: int) -> int:
    """The highest dpi up to `dpi` at which a page of so many points stays within bounds; at least 1.

    Raises:
        CorruptDocument: it is out of bounds even at 1 dpi, larger than a football field.
    """
    inches = max(width, 1) / POINTS_PER_INCH, max(height, 1) / POINTS_PER_INCH
    most = min(LONGEST_SIDE / max(inches), math.sqrt(MOST_PIXELS / (inches[0] * inches[1])))
    if most < 1:
        raise CorruptDocument(f"The page claims to measure {width:.0f} x {height:.0f} points, which is no real size.")
    return min(dpi, int(most))


def pixel_size(width: float, height: float, dpi: int) -> Size:
    """Pixels of a page of so many points, rounded up (a Letter page at 200 dpi is 1700 x 2200)."""
    scale = dpi / POINTS_PER_INCH
    return Size(max(1, math.ceil(width * scale - 1e-4)), max(1, math.ceil(height * scale - 1e-4)))


def _fitted(pixels: Image, width: int, height: int) -> Image:
    """`pixels` cut or filled up with white to exactly `width` x `height`, read-only."""
    if pixels.shape[:2] != (height, width):
        sheet = np.full((height, width, 3), 255, np.uint8)
        rows, columns = min(height, pixels.shape[0]), min(width, pixels.shape[1])
        sheet[:rows, :columns] = pixels[:rows, :columns]
        pixels = sheet
    pixels.flags.writeable = False
    return without_colours(pixels)


def to_pixels(sheet: pypdfium2.PdfPage, scale: float) -> Affine:
    """From the page's own space (points, y upwards, unturned) to pixels of the upright page."""
    fine = 1000
    width, height = (int(side * fine) for side in sheet.get_size())

    def at(x: float, y: float) -> tuple[float, float]:
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(sheet, 0, 0, width, height, 0, x, y, left, top)
        return left.value / fine * scale, top.value / fine * scale

    (ox, oy), (rx, ry), (ux, uy) = at(0, 0), at(100, 0), at(0, 100)
    return (rx - ox) / 100, (ry - oy) / 100, (ux - ox) / 100, (uy - oy) / 100, ox, oy
