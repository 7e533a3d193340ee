"""Letters in fonts that neither the file nor, perhaps, this machine has."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont

from octavo.documents.pdf.reader import PdfReader
from typeset import Sheets

WRITING = {
    "HeiseiMin-W3": "取締役会御中ひびき監査法人",
    "STSong-Light": "单位名称及股东情况",
    "MSung-Light": "單位名稱及股東情況",
    "HYSMyeongJo-Medium": "대한민국헌법제일조",
}


@pytest.mark.parametrize("font", WRITING)
def test_letters_that_are_set_one_by_one_are_all_read(tmp_path: Path, font: str) -> None:
    registerFont(UnicodeCIDFont(font))
    sheets = Sheets()
    for place, letter in enumerate(WRITING[font]):
        sheets.text(60 + 15 * place, 100, letter, font=font)
    path = sheets.save(tmp_path / "letters.pdf")
    page = PdfReader(path).page(0, 150)
    assert "".join(word.text for word in page.words) == WRITING[font]
    assert all(word.box.width > 10 for word in page.words)


def test_they_are_seen_on_the_page(tmp_path: Path) -> None:
    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    sheets = Sheets()
    sheets.text(60, 100, "監査", font="HeiseiMin-W3", size=20)
    page = PdfReader(sheets.save(tmp_path / "seen.pdf")).page(0, 72)
    assert page.render()[80:104, 60:100].min() < 100
