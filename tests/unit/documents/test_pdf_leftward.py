"""Arabic in PDFs: its letters are read in one order, whichever way the file has them."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.documents.pdf.leftward import as_read
from octavo.documents.pdf.reader import PdfReader
from raw_pdf import RawPdf, text_at

LETTERS = {"s": "\u0633", "a": "\u0627", "b": "\u0628", "q": "\u0642", "t": "\u0629"}
"""What the glyphs of these Latin letters stand for."""
LIGATURE = "l"
"""This one is lam and alef."""
NOTHING = "n"
"""This one stretches the letters beside it, and says nothing."""


def sheet(content: str) -> bytes:
    """A page of text in a font that has Arabic letters."""
    raw = RawPdf()
    codes = [f"<{ord(code):02x}> <{ord(letter):04x}>" for code, letter in LETTERS.items()]
    codes += [f"<{ord(LIGATURE):02x}> <06440627>", f"<{ord(NOTHING):02x}> <0002>"]
    cmap = raw.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Odd def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n"
        + "\n".join(codes)
        + "\nendbfchar\nendcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding"
    raw.add(f"{font} /ToUnicode {cmap} 0 R >>", raw.font)
    raw.page(content)
    return raw.data()


def words_of(data: bytes, path) -> list[str]:
    path.write_bytes(data)
    reader = PdfReader(path)
    try:
        return [word.text for word in reader.page(0, 200).words]
    finally:
        reader.close()


def one_by_one(codes: str, ends: float) -> str:
    """Letters of Courier at 12 points, each placed by itself, the first one at the right."""
    return "\n".join(text_at(ends - 7.2 * place, 700, code) for place, code in enumerate(codes, 1))


PREVIOUS = "".join(LETTERS.values())


@pytest.mark.parametrize(
    "content",
    [text_at(200, 700, "tqbas"), one_by_one("sabqt", 236), one_by_one("sabqt", 236) + text_at(150, 700, " ")],
    ids=["left to right", "right to left", "right to left, then a space"],
)
def test_letters_are_read_from_the_right(tmp_path, content):
    assert words_of(sheet(content), tmp_path / "page.pdf") == [PREVIOUS]


def test_a_word_that_comes_from_the_left_is_turned():
    """As browsers print it: PDFium gives such words from the left, and others of the same line from the right."""
    texts = list("ab" + PREVIOUS + PREVIOUS[::-1] + "1" + PREVIOUS[0])
    x = np.array([0, 6, 50, 44, 38, 32, 26, 60, 66, 72, 78, 84, 100, 106], float)
    boxes = np.stack([x, 0 * x, x + 6, 0 * x + 10], axis=1)
    leftward = np.array([text > "\u0600" for text in texts])
    read = "".join(as_read(texts, boxes, leftward, np.array([0, 2, 7, 12])))
    assert read == "ab" + PREVIOUS + PREVIOUS + "1" + PREVIOUS[0]


def test_a_ligature_reads_lam_first(tmp_path):
    assert words_of(sheet(text_at(200, 700, "ql")), tmp_path / "page.pdf") == ["\u0644\u0627\u0642"]


def test_what_stretches_a_word_says_nothing_and_parts_nothing(tmp_path):
    assert words_of(sheet(text_at(200, 700, "tqnbas")), tmp_path / "page.pdf") == [PREVIOUS]
