"""PDF through PDFium: facts and pixels here, text in `pdf_text.py`, the rest of a page in `pdf_graphics.py`.

PDFium is not thread-safe: one document at a time in a process, one thread at a time.
"""

from __future__ import annotations

import atexit
import ctypes
import math
from functools import cache
from pathlib import Path
from weakref import WeakSet

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf_glyphs import glyphs_of
from octavo.documents.pdf_graphics import Affine, graphics_of, links_of, signature_fields
from octavo.documents.pdf_text import words_of
from octavo.domain.block import Word
from octavo.domain.document import DocumentFacts, Image, Page
from octavo.domain.errors import CorruptDocument, EncryptedDocument, InvalidPageRange
from octavo.domain.geometry import Size

POINTS_PER_INCH = 72
LONGEST_SIDE = 14_400 * 2
"""Pages are measured and rendered with at most so many pixels a side: 144 inches at 200 dpi."""
MOST_PIXELS = 60_000_000
"""And with at most so many pixels in all; larger pages get a lower dpi."""


class PdfReader:
    """An open PDF. Pages are read and rendered when asked for.

    Raises:
        EncryptedDocument: a password is needed, or `password` is wrong.
        CorruptDocument: PDFium cannot open the file.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._document = _open(path, password)
        _OPEN.add(self)
        self._sheet: tuple[int, pypdfium2.PdfPage] | None = None
        self._facts = DocumentFacts(
            media_type="application/pdf",
            page_count=len(self._document),
            encrypted=pdfium.FPDF_GetSecurityHandlerRevision(self._document) >= 0,
        )

    @property
    def facts(self) -> DocumentFacts:
        """Media type and number of pages."""
        return self._facts

    def page(self, index: int, dpi: int) -> Page:
        """What lies on page `index`; boxes are pixels at the dpi that the page tells (clamped for huge pages).

        Raises:
            InvalidPageRange: there is no such page.
            CorruptDocument: the page cannot be loaded.
        """
        if not 0 <= index < self._facts.page_count:
            raise InvalidPageRange(f"Page {index} is out of range: the document has {self._facts.page_count} pages.")
        sheet = self._load(index)
        width, height = sheet.get_size()
        real_dpi = clamped_dpi(width, height, dpi)
        size = pixel_size(width, height, real_dpi)
        affine = to_pixels(sheet, real_dpi / POINTS_PER_INCH)
        found = words_of(sheet, affine)
        words = tuple(word for word in found if _is_on(word, size))
        graphics = graphics_of(sheet, affine, size)
        warnings = []
        if real_dpi < dpi:
            warnings.append(f"The page is {width:.0f} x {height:.0f} points: read at {real_dpi} dpi instead of {dpi}.")
        if len(words) < len(found):
            warnings.append(f"{len(found) - len(words)} words lie outside the visible page and were left out.")
        return Page(
            index=index,
            size=size,
            dpi=real_dpi,
            words=words,
            rules=tuple(graphics.rules),
            bars=tuple(graphics.bars),
            images=tuple(graphics.images),
            drawings=tuple(graphics.drawings),
            links=tuple(links_of(sheet, affine)),
            signatures=tuple(signature_fields(sheet, affine)),
            has_text_layer=bool(words),
            warnings=tuple(warnings),
            render=cache(lambda: self._render(index, size, real_dpi)),
            glyphs=cache(lambda: glyphs_of(self._load(index), affine)),
        )

    def close(self) -> None:
        """Release the file."""
        self._document.close()

    def _load(self, index: int) -> pypdfium2.PdfPage:
        """The page; the last one stays loaded, for loading parses all that is drawn on it."""
        if self._sheet is not None and self._sheet[0] == index:
            return self._sheet[1]
        try:
            self._sheet = (index, self._document[index])
            return self._sheet[1]
        except pypdfium2.PdfiumError as error:
            raise CorruptDocument(f"Page {index} of the PDF cannot be loaded: {error}.") from error

    def _render(self, index: int, size: Size, dpi: int) -> Image:
        bitmap = self._load(index).render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
        pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
        bitmap.close()
        return _fitted(pixels, int(size.width), int(size.height))


_OPEN: WeakSet[PdfReader] = WeakSet()


@atexit.register
def _close_all() -> None:
    """A program that ends without closing its documents would be told so by PDFium, on standard error."""
    for reader in list(_OPEN):
        reader.close()


def _is_on(word: Word, size: Size) -> bool:
    return 0 <= word.box.center_x <= size.width and 0 <= word.box.center_y <= size.height


def _open(path: Path, password: str | None) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(
                "The PDF is protected by a password."
                if password is None
                else "The password does not open the PDF."
                " Give the right one as `octavo.password`, or with --password-file on the command line."
            ) from error
        raise CorruptDocument("Document is not a valid PDF: it is cut off or damaged.") from error


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
    return pixels


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
