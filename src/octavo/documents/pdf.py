"""PDF: facts and pixels through pypdfium2, contents through liteparse (`pdf_content.py`).

PDFium is not thread-safe: one document at a time in a process, one thread at a time.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf_content import PdfContent
from octavo.domain.block import PlacedImage
from octavo.domain.document import DocumentFacts, Image, Page
from octavo.domain.errors import CorruptDocument, EncryptedDocument, InvalidPageRange
from octavo.domain.geometry import BBox, Size

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
        self._content = PdfContent(path, password)
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
        content = self._content.page(index, real_dpi / POINTS_PER_INCH)
        warnings = list(content.warnings)
        if real_dpi < dpi:
            warnings.append(f"The page is {width:.0f} x {height:.0f} points: read at {real_dpi} dpi instead of {dpi}.")
        return Page(
            index=index,
            size=size,
            dpi=real_dpi,
            words=content.words,
            rules=content.rules,
            images=tuple(_placed_images(sheet, size)),
            drawings=content.drawings,
            links=content.links,
            has_text_layer=bool(content.words),
            warnings=tuple(warnings),
            render=cache(lambda: self._render(index, size, real_dpi)),
        )

    def close(self) -> None:
        """Release the file."""
        self._document.close()

    def _load(self, index: int) -> pypdfium2.PdfPage:
        try:
            return self._document[index]
        except pypdfium2.PdfiumError as error:
            raise CorruptDocument(f"Page {index} of the PDF cannot be loaded: {error}.") from error

    def _render(self, index: int, size: Size, dpi: int) -> Image:
        bitmap = self._load(index).render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
        pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
        bitmap.close()
        return _fitted(pixels, int(size.width), int(size.height))


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
    """The highest dpi up to `dpi` at which a page of so many points stays within bounds; at least 1."""
    inches = max(width, 1) / POINTS_PER_INCH, max(height, 1) / POINTS_PER_INCH
    most = min(LONGEST_SIDE / max(inches), math.sqrt(MOST_PIXELS / (inches[0] * inches[1])))
    return max(1, min(dpi, int(most)))


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


def _placed_images(sheet: pypdfium2.PdfPage, size: Size) -> Iterator[PlacedImage]:
    """Boxes of raster images, those inside form objects included, in page pixels."""
    for image in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        matrix, container = image.get_matrix(), image.container
        while container is not None:
            matrix, container = matrix.multiply(container.get_matrix()), container.container
        corners = [_to_pixels(sheet, size, *matrix.on_point(x, y)) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        xs, ys = zip(*corners, strict=True)
        box = BBox(min(xs), min(ys), max(xs), max(ys)).clipped(size)
        if box.area > 0:
            yield PlacedImage(box=box)


def _to_pixels(sheet: pypdfium2.PdfPage, size: Size, x: float, y: float) -> tuple[int, int]:
    """A point of the page's own space in pixels of the upright page."""
    left, top = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(sheet, 0, 0, int(size.width), int(size.height), 0, x, y, left, top)
    return left.value, top.value
