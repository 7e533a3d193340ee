"""What bytes are, by their own marks: a file's name and a sender's label are never believed."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import Path

from octavo.domain.errors import UnsupportedDocument

HEAD_BYTES = 4096
TAIL_BYTES = 65_536
PDF_HEADER_WITHIN = 1024
"""PDF readers accept other bytes before the header, within the first 1024 (PDF 1.7 reference, appendix H.3.4.1)."""

ACCEPTED = "PDF, PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, JPEG 2000 and HEIC"


class MediaType(StrEnum):
    """The kinds of document that are read."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    BMP = "image/bmp"
    TIFF = "image/tiff"
    AVIF = "image/avif"
    JPEG2000 = "image/jp2"
    HEIC = "image/heic"


_IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), MediaType.PNG),
    (re.compile(rb"\xff\xd8\xff"), MediaType.JPEG),
    (re.compile(rb"GIF8[79]a"), MediaType.GIF),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), MediaType.WEBP),
    (re.compile(rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"), MediaType.JPEG2000),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), MediaType.TIFF),
    # Two letters prove nothing: the size of the header that follows (BITMAPINFOHEADER and its kin) must fit.
    (re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), MediaType.BMP),
)

_STRANGERS = (
    (re.compile(rb"\x1f\x8b"), "gzip data; unpack it first"),
    (
        re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9]|\x28\xb5\x2f\xfd"),
        "an archive; unpack it first",
    ),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Office file (DOC, XLS, PPT); save it as PDF first"),
    (re.compile(rb"\{\\rtf"), "an RTF text; save it as PDF first"),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), "PostScript; convert it to PDF first"),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), "a JPEG XL image; convert it to PNG or JPEG first"),
    (re.compile(rb"8BPS"), "a Photoshop image; convert it to PNG or JPEG first"),
    (re.compile(rb"P[1-6]\s+[#\d]|P7\n"), "a PNM image (PBM, PGM, PPM); convert it to PNG first"),
    (re.compile(rb"AT&TFORM"), "a DjVu document; convert it to PDF first"),
    (re.compile(rb"\0\0[\1\2]\0[^\0]"), "an icon; convert it to PNG first"),
)

_ZIP_MEMBERS = (
    (b"word/document", "a Word document (DOCX); save it as PDF first"),
    (b"xl/workbook", "an Excel workbook (XLSX); save it as PDF first"),
    (b"ppt/presentation", "a PowerPoint presentation (PPTX); save it as PDF first"),
    (b"mimetypeapplication/epub+zip", "an EPUB book; convert it to PDF first"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file (ODT, ODS, ODP); save it as PDF first"),
)

_TEXTS = (
    (re.compile(r"data:[\w/+.;=-]*,", re.IGNORECASE), "the text of a data URI: it was encoded twice; encode it once"),
    (
        re.compile(r"JVBERi0|iVBORw0KGgo|/9j/4|R0lGOD|UklGR|SUkqA|TU0AK"),
        "base64 text: it was encoded twice; encode it once",
    ),
    (re.compile(r"<!doctype\s+html|<(html|head|body|title|meta|script)\b", re.IGNORECASE), "a web page (HTML)"),
    (
        re.compile(r"(<\?xml[^>]*>\s*)?(?>(?><!--.*?-->)\s*)*(<!DOCTYPE\s+svg[^>]*>\s*)?<svg\b", re.DOTALL),
        "an SVG drawing",
    ),
    (re.compile(r"<\?xml\b"), "XML"),
    (re.compile(r'\{\s*(["}]|$)|\[\s*([\[{"\]\d-]|true|false|null|$)'), "JSON"),
)

_BRANDS = {
    MediaType.AVIF: {b"avif", b"avis"},
    MediaType.HEIC: {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"},
}
"""Images among ISO base media files (ISO/IEC 23008-12, annex B; AV1 Image File Format, 6). AVIF may say `mif1`, too."""


def sniff(path: Path) -> MediaType:
    """What the file is, by its first bytes.

    Raises:
        UnsupportedDocument: it is empty or nothing that is read; the message names what it is.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        known = sniff_bytes(head)
        if known:
            return known
        file.seek(max(0, file.seek(0, 2) - TAIL_BYTES))
        stranger = name_stranger(head, file.read(TAIL_BYTES))
    raise UnsupportedDocument(f"The document is {stranger}. Accepted are {ACCEPTED}.")


def sniff_bytes(head: bytes) -> MediaType | None:
    """The kind of document that begins with `head`, or None.

    The marks of images and archives stand at the very start and outrank a PDF header further on: a picture or an
    archive may well hold one.
    """
    if image := next((kind for mark, kind in _IMAGES if mark.match(head)), None):
        return image
    if head[4:8] == b"ftyp":
        return next((kind for kind, names in _BRANDS.items() if _brands(head) & names), None)
    if _is_zip(head) or any(mark.match(head) for mark, _ in _STRANGERS):
        return None
    return MediaType.PDF if b"%PDF-" in head[:PDF_HEADER_WITHIN] else None


def name_stranger(head: bytes, tail: bytes) -> str:
    """What bytes that are no document seem to be, in words; `tail` are the last bytes, where archives list names."""
    if not head:
        return "empty (0 bytes)"
    if head[4:8] == b"ftyp":
        return "a film (MP4 or QuickTime)"
    if _is_zip(head):
        return next(
            (name for mark, name in _ZIP_MEMBERS if mark in head or mark in tail), "a ZIP archive; unpack it first"
        )
    if name := next((name for mark, name in _STRANGERS if mark.match(head)), None):
        return name
    text = _as_text(head)
    if text is None:
        return "of an unknown kind, or damaged at its start"
    return next((name for mark, name in _TEXTS if mark.match(text)), "plain text, which needs no reading")


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\3\4", b"PK\5\6", b"PK\x07\x08"))


def _brands(head: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[start : start + 4] for start in range(16, end - 3, 4))}


def _as_text(head: bytes) -> str | None:
    """The beginning as text without leading blanks, or None where it is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").lstrip()
    try:
        # A character that the end of `head` cuts in two is no error.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
    return None if controls else text.lstrip()
