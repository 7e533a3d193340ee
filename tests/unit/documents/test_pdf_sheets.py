"""Page boxes, odd ones too: what a page measures, and where its words are."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.documents.pdf.reader import PdfReader
from octavo.documents.pdf.sheets import LONGEST_SIDE, MOST_PIXELS
from octavo.domain.errors import CorruptDocument
from octavo.domain.geometry import BBox, Size
from raw_pdf import RawPdf, text_at
from reading import page_of

LETTER, A4 = Size(612, 792), Size(595, 842)


def boxed(tmp_path, box: str, entries: str = "", *, dpi: int = 72, at: tuple[float, float] = (20, 20)):
    pdf = RawPdf()
    pdf.page(text_at(*at, "word"), box=box, entries=entries)
    return page_of(pdf.data(), tmp_path, dpi=dpi)


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ("595 842 0 0", A4),
        ("0 842 595 0", A4),
        ("0 0 0 0", LETTER),
        ("100 100 100 800", LETTER),
        ("nan nan nan nan", LETTER),
        ("0 0 1e30 1e30", LETTER),
        ("0 0 595", LETTER),
        ("(a) 0 595 842", A4),
        ("", LETTER),
    ],
)
def test_a_box_that_is_odd_or_missing_is_mended(tmp_path, box, size):
    page = boxed(tmp_path, box)
    assert (page.size, page.dpi, page.warnings) == (size, 72, ())
    assert [(word.text, round(word.box.x0)) for word in page.words] == [("word", 20)]


def test_a_box_below_zero_moves_the_page(tmp_path):
    page = boxed(tmp_path, "-100 -200 495 642")
    assert page.size == A4
    assert page.words[0].box.x0 == pytest.approx(120, abs=1)
    assert page.words[0].baseline == pytest.approx(642 - 20, abs=1)


@pytest.mark.parametrize("box", ["1000 1000 2000 2000", "-50 -50 -10 -10", "0 0 0 0", "10 10 nan 50"])
def test_a_page_that_is_cropped_to_nothing_is_shown_whole(tmp_path, box):
    pdf = RawPdf()
    pdf.page(text_at(20, 20, "word"), entries=f"/CropBox [{box}]")
    path = tmp_path / "cropped.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    page = reader.page(0, 72)
    assert (page.size, [word.text for word in page.words]) == (A4, ["word"])
    assert (page.render() < 128).any()
    reader.close()


def test_a_crop_box_beyond_the_page_ends_with_it(tmp_path):
    assert boxed(tmp_path, "0 0 595 842", "/CropBox [-500 -500 5000 500]").size == Size(595, 500)


@pytest.mark.parametrize("turned", [-90, 0, 90, 180, 270, 450, 45, 10**10])
def test_boxes_and_turns_are_inherited(tmp_path, turned):
    pdf = RawPdf()
    pdf.page(text_at(120, 220, "word"), box="")
    boxes = "/MediaBox [0 0 595 842] /CropBox [100 200 400 300]"
    tree = f"<< /Type /Pages /Count 1 /Kids [{pdf.pages[0]} 0 R] {boxes} /Rotate {turned} >>"
    page = page_of(pdf.data(tree=tree), tmp_path, dpi=72)
    turns = turned // 90 % 4 if turned % 90 == 0 and abs(turned) < 2**31 else 0
    assert page.size == (Size(300, 100) if turns % 2 == 0 else Size(100, 300))
    corner = {0: (20, 80), 1: (20, 20), 2: (280, 20), 3: (80, 280)}[turns]
    (word,) = page.words
    assert word.box.grown(2).holds(BBox(*corner, *corner))
    assert word.rotation == pytest.approx(turns * 90)


@pytest.mark.parametrize("unit", ["2", "1000", "-1", "nan"])
def test_the_unit_of_a_page_changes_no_pixel(tmp_path, unit):
    page = boxed(tmp_path, "0 0 595 842", f"/UserUnit {unit}")
    assert page.size == A4
    assert page.words[0].box.x0 == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    ("sides", "dpi"),
    [((2384, 3370), 196), ((14_400, 14_400), 38), ((20_000, 20_000), 27), ((14_401, 30), 143), ((200_000, 10), 10)],
)
def test_large_pages_are_read_at_a_lower_dpi(tmp_path, sides, dpi):
    width, height = sides
    page = boxed(tmp_path, f"0 0 {width} {height}", at=(7, 2), dpi=200)
    assert page.dpi == dpi
    assert max(page.size.width, page.size.height) <= LONGEST_SIDE
    assert page.size.area <= MOST_PIXELS * 1.01
    assert page.warnings == (f"The page is {width} x {height} points: read at {dpi} dpi instead of 200.",)
    assert page.words[0].box.x0 == pytest.approx(7 * dpi / 72, abs=1)


@pytest.mark.parametrize("sides", ["2147483647 2147483647", "3000000 20", "1000000 1000000"])
def test_pages_of_no_real_size_are_refused(tmp_path, sides):
    with pytest.raises(CorruptDocument, match="no real size"):
        boxed(tmp_path, f"0 0 {sides}")


@pytest.mark.parametrize("sides", ["0.5 0.5", "1 3000", "3000 1"])
def test_the_smallest_pages_have_pixels(tmp_path, sides):
    pdf = RawPdf()
    pdf.page("0 0 9999 9999 re f", box=f"0 0 {sides}")
    path = tmp_path / "small.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    page = reader.page(0, 72)
    assert page.render().shape == (page.size.height, page.size.width, 3)
    assert np.all(page.render()[0, 0] < 255)
    reader.close()


@pytest.mark.parametrize("entries", ["", "/Rotate 90", "/Rotate 180"])
@pytest.mark.parametrize("box", ["0 0 595.28 841.89", "-100 -200 495 642"])
def test_a_part_of_a_page_looks_as_it_does_in_the_whole(tmp_path, box, entries):
    pdf, path = RawPdf(), tmp_path / "page.pdf"
    pdf.page(text_at(30, 50, "word"), box=box, entries=entries)
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    whole, alone = (reader.page(0, 200) for _ in range(2))
    width, height = int(whole.size.width), int(whole.size.height)
    parts = [BBox(0, 0, width, 300), BBox(7, height // 2, width - 11, height), BBox(width - 400, 0, width, height)]
    pixels = whole.render()
    assert (pixels < 100).any()
    for part in parts:
        x0, y0, x1, y1 = (int(side) for side in (part.x0, part.y0, part.x1, part.y1))
        assert np.abs(alone.pixels_in(part).astype(int) - pixels[y0:y1, x0:x1]).max() <= 2
        assert (whole.pixels_in(part) == pixels[y0:y1, x0:x1]).all()
    reader.close()
