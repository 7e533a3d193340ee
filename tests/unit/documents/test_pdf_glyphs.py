"""Single glyphs of a PDF page: what formulas are read from."""

import pytest

from octavo.documents.pdf.reader import PdfReader
from octavo.structure.equations import read_math
from typeset import Sheets

SCALE = 200 / 72


@pytest.fixture
def page(tmp_path):
    def read(sheets: Sheets):
        path = tmp_path / "glyphs.pdf"
        sheets.save(path)
        return PdfReader(path).page(0, 200)

    return read


def test_letters_of_one_font_are_one_piece_and_signs_stand_alone(page):
    sheets = Sheets()
    sheets.text(72, 100, "twice f(x, 42) = y.", size=12)
    pieces = page(sheets).glyphs()
    assert [piece.text for piece in pieces] == ["twice", "f", "(", "x", ",", "42", ")", "=", "y", "."]
    assert [piece.text for piece in pieces if piece.space_before] == ["twice", "f", "42", "=", "y"]
    assert {round(piece.baseline) for piece in pieces} == {round(100 * SCALE)}


def test_boxes_surround_the_ink(page):
    sheets = Sheets()
    sheets.text(72, 100, "x", size=72)
    (letter,) = page(sheets).glyphs()
    em = 72 * SCALE
    assert letter.box.y1 == pytest.approx(100 * SCALE, abs=0.02 * em)
    assert letter.box.height == pytest.approx(0.52 * em, abs=0.04 * em)


def test_letters_of_a_font_for_formulas_stand_alone(page):
    sheets = Sheets()
    sheets.text(72, 100, "αβ", font="Symbol", size=12)
    assert [piece.text for piece in page(sheets).glyphs()] == ["α", "β"]


def test_a_blank_page_has_no_glyphs(page):
    sheets = Sheets()
    sheets.next_page()
    sheets.text(72, 100, "the second page")
    assert page(sheets).glyphs() == ()


def test_a_page_is_read_with_its_formulas(page):
    sheets = Sheets()
    end = sheets.text(72, 100, "The angle ", font="Times-Roman", size=12)
    end = sheets.text(end, 100, "α", font="Symbol", size=12)
    end = sheets.text(end, 98 - 2.5, "2", font="Times-Roman", size=8)
    sheets.text(end, 100, " is small", font="Times-Roman", size=12)
    assert [word.text for word in read_math(page(sheets)).words] == ["The", "angle", r"$\alpha^{2}$", "is", "small"]


def test_glyphs_outside_the_page_are_none(page):
    sheets = Sheets()
    sheets.text(72, 100, "x")
    sheets.text(700, 100, "y")
    assert [piece.text for piece in page(sheets).glyphs()] == ["x"]
