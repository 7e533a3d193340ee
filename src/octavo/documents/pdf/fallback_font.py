"""A font for Chinese, Japanese and Korean where neither the PDF nor the machine has one.

Without the shape of a letter PDFium knows no extent of it, and leaves text that is set letter by letter out of the text
of a page: it would be lost, and nobody told. Such documents are common (filings in Japan embed no fonts).
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

FILE = Path(__file__).parents[2] / "fonts" / "wqy-microhei.ttf"
NAME = b"WenQuanYi Micro Hei\0"

_CHARSETS = frozenset(
    (
        pdfium.FXFONT_SHIFTJIS_CHARSET,
        pdfium.FXFONT_HANGEUL_CHARSET,
        pdfium.FXFONT_GB2312_CHARSET,
        pdfium.FXFONT_CHINESEBIG5_CHARSET,
    )
)
_WHOLE = 0
"""What PDFium asks for when it wants all of a font, and not one of its tables."""
_HANDLE = ctypes.create_string_buffer(NAME)
_OWN = ctypes.addressof(_HANDLE)


def install() -> None:
    """Have PDFium take it where it finds no other font; for Linux, since other systems bring such fonts."""
    if sys.platform == "linux":
        _WithFallback(pypdfium2.PdfSysfontBase.SINGLETON).setup()


class _WithFallback(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """The fonts of the machine, and ours; names and arguments are those of PDFium's `fpdf_sysfontinfo.h`."""

    def MapFont(self, _: object, *wanted: object) -> object:  # noqa: N802
        """The machine's font for (weight, italic, charset, pitch, face, exact), or else ours."""
        found = self.default.MapFont(self.default, *wanted)
        return found or (_OWN if wanted[2] in _CHARSETS else None)

    def GetFontData(self, _: object, font: int, table: int, buffer: object, size: int) -> int:  # noqa: N802
        """How many bytes there are; they are written where there is room."""
        if font != _OWN:
            return int(self.default.GetFontData(self.default, font, table, buffer, size))
        return _given(_content(), buffer, size) if table == _WHOLE else 0

    def GetFaceName(self, _: object, font: int, buffer: object, size: int) -> int:  # noqa: N802
        """As above, of the name."""
        if font != _OWN:
            return int(self.default.GetFaceName(self.default, font, buffer, size))
        return _given(NAME, buffer, size)

    def GetFontCharset(self, _: object, font: int) -> int:  # noqa: N802
        """One that the font is for."""
        if font != _OWN:
            return int(self.default.GetFontCharset(self.default, font))
        return int(pdfium.FXFONT_SHIFTJIS_CHARSET)

    def DeleteFont(self, _: object, font: int) -> None:  # noqa: N802
        """Ours stays."""
        if font != _OWN:
            self.default.DeleteFont(self.default, font)


@cache
def _content() -> bytes:
    return FILE.read_bytes()


def _given(content: bytes, buffer: object, size: int) -> int:
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))  # type: ignore[arg-type]
    return len(content)
