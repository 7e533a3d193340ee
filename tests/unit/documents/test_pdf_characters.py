"""What PDFium is asked of all characters at once is what it would say of each."""

from __future__ import annotations

import ctypes

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from octavo.documents.pdf.characters import Characters
from raw_pdf import RawPdf, text_at
from typeset import Sheets

LETTERS = {"s": "0633", "a": "0627", "m": "D835DC65", "n": "0000", "c": "0007", "h": "FFFE", "r": "200F"}
"""What some letters of a page say instead, in UTF-16: of Arabic, of formulas, nothing, a bell, no character."""


def odd(*content: str) -> bytes:
    """A page in a font whose letters say something else."""
    raw = RawPdf()
    cmap = raw.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Odd def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(LETTERS)} beginbfchar\n"
        + "\n".join(f"<{ord(code):02x}> <{letter}>" for code, letter in LETTERS.items())
        + "\nendbfchar\nendcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding"
    raw.add(f"{font} /ToUnicode {cmap} 0 R >>", raw.font)
    raw.page("\n".join(content))
    return raw.data()


def plain() -> bytes:
    """Lines of several objects each, with a word cut at the end of one."""
    paper = Sheets()
    for row in range(12):
        for column in range(6):
            paper.text(60 + 80 * column, 700 - 14 * row, "ab" * (1 + (row + column) % 5), size=10)
    paper.lines(60, 400, ["it is a rather long docu-", "ment that goes on here"])
    return paper.data()


ROWS = [text_at(60, 700 - 14 * row, text) for row, text in enumerate(["plain text of one line", "more", "of it"] * 6)]
PAGES = {
    "plain": plain(),
    "right to left among left to right": odd(*ROWS, text_at(60, 300, "x ssaas y"), text_at(120, 300, "saas z sa")),
    "right to left by a mark": odd(*ROWS, text_at(60, 300, "x r 12 y"), text_at(120, 300, "12 r z")),
    "beyond the first plane": odd(*ROWS, text_at(60, 300, "x m y mm")),
    "characters that say nothing": odd(*ROWS, text_at(60, 300, "x n y c z h w")),
    "nothing": odd(),
}


@pytest.fixture(params=PAGES)
def page(request):
    document = pypdfium2.PdfDocument(PAGES[request.param])
    yield document[0]
    document.close()


def test_codes_are_those_of_each_character(page):
    textpage = page.get_textpage()
    each = [pdfium.FPDFText_GetUnicode(textpage, place) for place in range(textpage.count_chars())]
    textpage.close()
    halves = zip(each, [*each[1:], 0], strict=False)
    whole = [
        0x10000 + ((one - 0xD800) << 10) + (other - 0xDC00) if 0xD800 <= one < 0xDC00 else one for one, other in halves
    ]
    assert Characters(page).codes.tolist() == whole


def test_objects_are_those_of_each_character(page):
    characters = Characters(page)
    places = np.flatnonzero(~np.isin(characters.codes, [0x20, 0x0D, 0x0A]))
    textpage = page.get_textpage()
    each = [pdfium.FPDFText_GetTextObject(textpage, place) for place in places.tolist()]
    textpage.close()
    assert characters.objects(places).tolist() == [ctypes.cast(one, ctypes.c_void_p).value or 0 for one in each]
