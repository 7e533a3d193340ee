from __future__ import annotations

import numpy as np
import pytest

from octavo.documents.pdf.reader import PdfReader
from raw_pdf import RawPdf
from typeset import Sheets


@pytest.fixture
def sketch(tmp_path):
    """Sketches the first page of a document, and tells how the page looks before and after."""
    readers = []

    def sketch(document):
        path = tmp_path / "page.pdf"
        path.write_bytes(document if isinstance(document, bytes) else document.data())
        readers.append(PdfReader(path))
        page = readers[-1].page(0, 100)
        return page, page.sketch()

    yield sketch
    for reader in readers:
        reader.close()


def dotted(width: float = 595, height: float = 842) -> Sheets:
    """A page without text."""
    sheets = Sheets((width, height))
    sheets.box(10, 10, 20, 20, fill="#000000")
    return sheets


def test_a_sketch_has_a_pixel_for_each_point(sketch):
    page, drawn = sketch(dotted())
    assert drawn.looks.shape == drawn.textless.shape == (842, 595)
    assert drawn.scale == pytest.approx(0.72)
    assert page.size.width * drawn.scale == pytest.approx(595, abs=1)


@pytest.mark.parametrize(("side", "pixels"), [(100, 400), (500, 707), (3000, 1414)])
def test_small_pages_are_enlarged_and_large_ones_reduced(sketch, side, pixels):
    _, drawn = sketch(dotted(side, side))
    assert abs(drawn.looks.shape[0] - pixels) <= 1


def test_text_is_left_out_of_one_of_both_wherever_it_stands(sketch):
    sheets = Sheets()
    sheets.box(50, 50, 150, 150, fill="#808080")
    sheets.text(60, 100, "on a box")
    with sheets.form("inner"):
        sheets.text(60, 300, "in a form")
    _, drawn = sketch(sheets)
    changed = drawn.looks != drawn.textless
    rows = np.flatnonzero(changed.any(axis=1))
    assert rows.min() > 90
    assert rows.max() < 306
    assert set(np.unique(drawn.textless)) == {128, 255}


def test_the_page_looks_as_before(sketch):
    sheets = Sheets()
    sheets.text(60, 100, "still here")
    page, drawn = sketch(sheets)
    assert (drawn.looks != drawn.textless).any()
    assert page.render().min() < 128


def test_what_fields_and_annotations_show_is_text_too(sketch):
    raw = RawPdf()
    shown = raw.form("BT /F1 12 Tf 2 4 Td (In a box) Tj ET", "0 0 100 20")
    raw.page(annotations=[raw.annotation("FreeText", "72 700 172 720", "/Contents (In a box)", appearance=shown)])
    _, drawn = sketch(raw.data())
    assert drawn.looks.min() < 128
    assert drawn.textless.min() == 255


def test_fonts_that_the_file_lacks_are_known(sketch):
    sheets = Sheets()
    sheets.text(60, 100, "standard", font="Times-Roman")
    assert sketch(sheets)[1].fonts() == {"Times-Roman": False}
    assert sketch(dotted())[1].fonts() == {}
