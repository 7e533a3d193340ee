"""A file on disk to an open document, by what its bytes are."""

from __future__ import annotations

from pathlib import Path

from octavo.documents.images.reader import DEFAULT_MAX_PIXELS, ImageReader
from octavo.documents.media_type import MediaType, sniff
from octavo.domain.ports import DocumentReader


def open_document(path: Path, password: str | None = None, max_pixels: int = DEFAULT_MAX_PIXELS) -> DocumentReader:
    """Open a PDF or an image; the caller closes it. `password` is for PDFs, `max_pixels` for images.

    Raises:
        UnsupportedDocument: the bytes are neither.
        CorruptDocument: they break off or contradict themselves.
        EncryptedDocument: a password is needed, or the one given is wrong.
        FileTooLarge: an image has more than `max_pixels`.
    """
    if sniff(path) is MediaType.PDF:
        # PDFium is loaded for PDFs only.
        from octavo.documents.pdf.reader import PdfReader

        return PdfReader(path, password)
    return ImageReader(path, max_pixels)
