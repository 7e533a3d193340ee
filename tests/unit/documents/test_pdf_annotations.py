"""What is laid over a page: comments, stamps and marks, seen or not."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.documents.pdf.annotations import MOST_ANNOTATIONS
from octavo.documents.pdf.reader import PdfReader
from octavo.domain.geometry import BBox
from raw_pdf import RawPdf, text_at
from reading import page_of

SCALE = 200 / 72
LOOK = text_at(2, 5, "WORDS HERE")


def annotated(tmp_path, kind: str, entries: str = "", *, look: str = LOOK, catalog: str = ""):
    """A page with `base` and one annotation."""
    pdf = RawPdf()
    pdf.catalog = catalog
    shown = pdf.form(look, "0 0 200 20") if look else 0
    note = pdf.annotation(kind, "100 700 300 720", entries, appearance=shown)
    pdf.page(text_at(20, 800, "base"), annotations=[note])
    return page_of(pdf.data(), tmp_path)


def said(page) -> str:
    return " ".join(word.text for word in page.words)


@pytest.mark.parametrize("kind", ["FreeText", "Stamp", "Watermark", "Line", "Square", "Redact"])
def test_text_that_is_seen_on_the_page_is_read_where_it_stands(tmp_path, kind):
    page = annotated(tmp_path, kind, "/Contents (WORDS HERE)")
    assert said(page) == "base WORDS HERE"
    box = BBox(100, 842 - 720, 300, 842 - 700).scaled(SCALE)
    assert all(word.box.inside_share(box) > 0.9 for word in page.words[1:])


def test_text_without_an_appearance_is_read(tmp_path):
    page = annotated(tmp_path, "FreeText", "/Contents (typed over the page) /DA (/F1 9 Tf)", look="")
    assert said(page) == "base typed over the page"


@pytest.mark.parametrize(("name", "text"), [("NotApproved", "Not Approved"), ("Draft", "Draft"), ("MyOwnStamp", "")])
def test_stamps_that_viewers_know_by_name_say_it(tmp_path, name, text):
    assert said(annotated(tmp_path, "Stamp", f"/Name /{name}", look="")) == f"base {text}".strip()


@pytest.mark.parametrize("flags", [2, 32])
@pytest.mark.parametrize("kind", ["FreeText", "Stamp", "Watermark"])
def test_hidden_annotations_are_not_read(tmp_path, kind, flags):
    assert said(annotated(tmp_path, kind, f"/F {flags} /Contents (WORDS HERE)")) == "base"


def test_an_annotation_that_must_be_known_to_be_seen_is_known(tmp_path):
    assert said(annotated(tmp_path, "FreeText", "/F 1")) == "base WORDS HERE"


@pytest.mark.parametrize("kind", ["Text", "Popup", "FileAttachment", "Sound"])
def test_notes_that_must_be_opened_are_not_read(tmp_path, kind):
    assert said(annotated(tmp_path, kind, "/Contents (a remark) /Open true")) == "base"


@pytest.mark.parametrize("kind", ["Highlight", "Underline", "StrikeOut", "Squiggly"])
def test_marked_text_is_read_once_and_remarks_on_it_are_not(tmp_path, kind):
    pdf = RawPdf()
    quads = "/QuadPoints [20 810 60 810 20 798 60 798] /C [1 1 0] /Contents (a remark)"
    pdf.page(text_at(20, 800, "base"), annotations=[pdf.annotation(kind, "20 798 60 810", quads)])
    page = page_of(pdf.data(), tmp_path)
    assert (said(page), page.drawings, page.rules) == ("base", (), ())


def test_what_is_clipped_away_is_not_read(tmp_path):
    look = text_at(2, 5, "seen") + text_at(2, 60, "clipped") + text_at(230, 5, "beside")
    assert said(annotated(tmp_path, "Stamp", look=look)) == "base seen"


def test_links_add_nothing(tmp_path):
    page = annotated(tmp_path, "Link", "/A << /S /URI /URI (https://example.org) >> /Border [0 0 3]")
    assert said(page) == "base"
    assert len(page.links) == 1


def test_pictures_and_strokes_of_stamps_are_on_the_page(tmp_path):
    pdf = RawPdf()
    raster = pdf.stream(
        bytes(range(48)), "/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    )
    look = pdf.form("q 80 0 0 20 0 0 cm /I Do Q", "0 0 200 20", f"/XObject << /I {raster} 0 R >>")
    ink = pdf.form("0 0 m 30 40 60 -40 100 20 c S", "0 0 100 20")
    notes = [
        pdf.annotation("Stamp", "100 700 300 720", appearance=look),
        pdf.annotation("Ink", "100 600 200 620", appearance=ink),
    ]
    pdf.page(text_at(20, 800, "base"), annotations=notes)
    path = tmp_path / "stamped.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    page = reader.page(0, 72)
    (image,), (drawing,) = page.images, page.drawings
    assert (image.box.x0, image.box.x1) == (pytest.approx(100, abs=1), pytest.approx(180, abs=1))
    assert drawing.curved
    assert (page.render()[842 - 720 : 842 - 700, 100:180] < 250).any()
    assert (page.render()[842 - 620 : 842 - 600, 100:200] < 128).any()
    reader.close()


def test_the_rendering_leaves_out_what_is_hidden(tmp_path):
    pdf = RawPdf()
    look = pdf.form("0 0 200 20 re f", "0 0 200 20")
    notes = [pdf.annotation("Stamp", "100 700 300 720", f"/F {flags}", appearance=look) for flags in (2, 32)]
    notes += [pdf.annotation("Stamp", "100 600 300 620", appearance=look)]
    pdf.page(annotations=notes)
    path = tmp_path / "stamped.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    rows = np.nonzero((reader.page(0, 72).render() < 128).any(axis=(1, 2)))[0]
    assert (rows.min(), rows.max()) == (842 - 620, 842 - 601)
    reader.close()


def test_more_annotations_than_are_read_are_told(tmp_path):
    pdf = RawPdf()
    look = pdf.form(text_at(0, 5, "x"), "0 0 10 20")
    note = pdf.annotation("Stamp", "100 700 110 720", appearance=look)
    pdf.page(text_at(20, 800, "base"), annotations=[note] * (MOST_ANNOTATIONS + 7))
    page = page_of(pdf.data(), tmp_path)
    assert page.words[0].text == "base"
    assert page.warnings[0] == f"7 annotations were left out: no more than {MOST_ANNOTATIONS} of a page are read."


def test_an_annotation_of_no_size_or_kind_harms_nothing(tmp_path):
    pdf = RawPdf()
    look = pdf.form(LOOK, "0 0 0 0")
    notes = [
        pdf.annotation("Stamp", "100 700 100 700", appearance=look),
        pdf.annotation("Stamp", "100 700 300 720", appearance=look),
        pdf.annotation("Unheard", "1e9 -1e9 1e9 3", appearance=look),
        pdf.add("<< /Type /Annot >>"),
        pdf.add("[1 2 3]"),
        pdf.add("null"),
        999,
    ]
    pdf.page(text_at(20, 800, "base"), annotations=notes)
    assert page_of(pdf.data(), tmp_path).words[0].text == "base"
