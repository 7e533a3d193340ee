"""Drawn pages in many scripts: told by their looks, whichever way up, and read where Tesseract has the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from drawn_pages import Share, pixels, sheet, text_of
from PIL import ImageFont, features

from octavo.engines.orientation import PageOrientation
from octavo.engines.tesseract_data import tesseract_languages
from octavo.engines.upright import UprightPage

FONTS = Path("/usr/share/fonts/truetype")
DEJAVU = "dejavu/DejaVuSans.ttf"
ARABIC = (
    "يولد جميع الناس أحرارا متساوين في الكرامة",
    "والحقوق. وقد وهبوا عقلا وضميرا، وعليهم",
    "أن يعامل بعضهم بعضا بروح الإخاء. لكل إنسان",
    "حق التمتع بكافة الحقوق والحريات، دون تمييز",
)
HEBREW = (
    "כל בני האדם נולדו בני חורין ושווים",
    "בערכם ובזכויותיהם כולם חוננו בתבונה",
    "ובמצפון לפיכך חובה עליהם לנהוג איש",
)
GREEK = (
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι",
    "και ίσοι στην αξιοπρέπεια και τα δικαιώματα",
    "Είναι προικισμένοι με λογική και συνείδηση",
)
THAI = (
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน",
    "ในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม",
    "และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
)
HINDI = (
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में",
    "जन्मजात स्वतन्त्रता और समानता प्राप्त है",
    "उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है",
)
PAGES = [
    pytest.param(ARABIC, DEJAVU, "Arabic", id="Arabic"),
    pytest.param(HEBREW, DEJAVU, "Hebrew", id="Hebrew"),
    pytest.param(GREEK, DEJAVU, "Greek", id="Greek"),
    pytest.param(THAI, "tlwg/Garuda.ttf", "Thai", id="Thai"),
    pytest.param(HINDI, "lohit-devanagari/Lohit-Devanagari.ttf", "Devanagari", id="Hindi"),
]


def page(lines: tuple[str, ...], font: str) -> np.ndarray:
    """Lines in a font of Debian, one below the other."""
    if not (FONTS / font).exists() or not features.check("raqm"):
        pytest.skip(f"{font} is not installed, or Pillow cannot shape it: sh scripts/test-programs")
    image, draw, ink = sheet(height=100 + 90 * len(lines))
    face = ImageFont.truetype(str(FONTS / font), 36)
    from_right = "\u0590" <= lines[0][0] <= "\u06ff"
    for place, text in enumerate(lines):
        x, anchor = (940, "ra") if from_right else (60, "la")
        draw.text((x, 50 + 90 * place), text, fill=ink, font=face, anchor=anchor)
    return pixels(image)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As if no language data were installed."""
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    tesseract_languages.cache_clear()
    yield
    tesseract_languages.cache_clear()


@pytest.mark.usefixtures("without_tesseract")
@pytest.mark.parametrize(("lines", "font", "script"), PAGES)
def test_without_tesseract_no_line_is_guessed_at(text_lines, lines, font, script):
    read = text_lines.recognize(page(lines, font))
    assert set(read.unread) == {script}
    assert len(lines) <= read.unread[script] <= len(lines) + 1  # marks above a line may be found by themselves
    assert read.words == ()


@pytest.mark.parametrize(("lines", "font", "script"), PAGES)
def test_an_upright_page_stays(lines, font, script):
    assert UprightPage(PageOrientation().turn, Share(1)).turn(page(lines * 4, font)) == 0, script


@pytest.mark.parametrize(("lines", "font"), [(ARABIC, DEJAVU), (GREEK, DEJAVU), (THAI, "tlwg/Garuda.ttf")])
def test_a_page_is_set_upright(lines, font):
    turned = np.ascontiguousarray(np.rot90(page(lines * 4, font), 2))
    assert UprightPage(PageOrientation().turn, Share(1)).turn(turned) == 180


def test_arabic_is_read_with_its_commas(text_lines):
    if "ara" not in tesseract_languages():
        pytest.skip("Tesseract with its Arabic data is not installed: sh scripts/test-programs")
    read = text_of(text_lines.recognize(page(ARABIC, DEJAVU)).words)
    assert read == list(ARABIC)
