"""What bytes are, whatever they are called."""

import gzip
import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from octavo.documents.media_type import MediaType, sniff, sniff_bytes
from octavo.domain.errors import UnsupportedDocument

FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000"]


def encoded(kind, **options):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, kind, **options)
    return buffer.getvalue()


def zipped(*names, mimetype=None, padding=0):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        archive.writestr("filler.bin", b"\xaa" * padding)
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def ftyp(major, *compatible):
    brands = major + b"\0\0\0\0" + b"".join(compatible)
    return (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands + bytes(100)


def refusal(tmp_path, data):
    path = tmp_path / "innocent.pdf"
    path.write_bytes(data)
    with pytest.raises(UnsupportedDocument) as caught:
        sniff(path)
    return str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_images_are_known_under_any_name(tmp_path, kind):
    path = tmp_path / "report.docx"
    path.write_bytes(encoded(kind))
    assert sniff(path) is MediaType[kind]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\xef\xbb\xbf%PDF-1.4", MediaType.PDF),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%PDF-1.4", MediaType.PDF),
        (b"\0" * 1019 + b"%PDF-", MediaType.PDF),
        (b"\0" * 1020 + b"%PDF-", None),
        (b"MM\0*\0\0\0\x08", MediaType.TIFF),
        (b"II+\0\x08\0\0\0", MediaType.TIFF),
        (b"GIF87a", MediaType.GIF),
        (b"BM are two letters, no bitmap", None),
        (ftyp(b"avis"), MediaType.AVIF),
        (ftyp(b"mif1", b"avif"), MediaType.AVIF),
        (ftyp(b"heic"), MediaType.HEIC),
        (ftyp(b"mif1", b"heic"), MediaType.HEIC),
        (ftyp(b"msf1", b"hevc"), MediaType.HEIC),
        (ftyp(b"isom", b"mp42"), None),
        (b"\0\0\0\x0cjP  \r\n\x87\n", MediaType.JPEG2000),
        (b"\xff\x4f\xff\x51\0", MediaType.JPEG2000),
    ],
)
def test_marks(data, expected):
    assert sniff_bytes(data) is expected


def test_an_image_or_archive_that_holds_a_pdf_is_no_pdf():
    assert sniff_bytes(encoded("PNG")[:8] + b"%PDF-1.4") is MediaType.PNG
    assert sniff_bytes(zipped() + b"%PDF-1.4") is None


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "empty (0 bytes)"),
        (zipped("[Content_Types].xml", "word/document.xml"), "DOCX"),
        (zipped("[Content_Types].xml", "word/document.xml", padding=100_000), "DOCX"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "XLSX"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "PPTX"),
        (zipped(mimetype="application/epub+zip"), "EPUB"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument"),
        (zipped("a.pdf"), "ZIP archive"),
        (gzip.compress(b"%PDF-1.4"), "gzip"),
        (b"Rar!\x1a\x07\x01\0", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"%!PS-Adobe-3.0\n", "PostScript"),
        (b"\xff\x0a\xff", "JPEG XL"),
        (b"P6\n# made by a scanner\n3 4\n255\n", "PNM"),
        (b"AT&TFORM\0\0\0\0DJVM", "DjVu"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\1\0\1\0", "icon"),
        (ftyp(b"isom", b"mp42"), "film"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", "web page"),
        ("<html>".encode("utf-16"), "web page"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "SVG"),
        (b"<?xml version='1.0'?><note/>", "XML"),
        (json.dumps({"detail": "Not Found"}).encode(), "JSON"),
        (b"[]", "JSON"),
        (b"data:application/pdf;base64,JVBERi0", "encoded twice"),
        (b"JVBERi0xLjQK", "encoded twice"),
        ("Grüße aus dem Dokument".encode(), "plain text"),
        (b"\x01\x02\x03 nothing known \xff\xfe", "unknown kind"),
        (b"\0" * 5000, "unknown kind"),
    ],
)
def test_what_is_no_document_is_named_with_what_is_accepted(tmp_path, data, named):
    message = refusal(tmp_path, data)
    assert named in message
    assert "Accepted are PDF, PNG, JPEG" in message


def test_a_letter_cut_in_two_at_the_end_of_the_head_is_still_text(tmp_path):
    assert "plain text" in refusal(tmp_path, ("a" * 4095 + "ü" * 10).encode())


def test_text_of_comments_alone_is_named_at_once(tmp_path):
    assert "plain text" in refusal(tmp_path, b"<!---->" * 580)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_a_typed_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    with suppress(UnsupportedDocument):
        assert sniff(path) in MediaType
