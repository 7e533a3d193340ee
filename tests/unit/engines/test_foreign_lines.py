"""Lines in scripts that the model of lines cannot read, on drawn pages, with and without Tesseract."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import pytest
from drawn_pages import LINES, Share, pixels, sheet, text_of
from PIL import Image, ImageFont

from octavo.engines.tesseract_data import data_folder, tesseract_languages, tesseract_version
from octavo.engines.upright import UprightPage

RUSSIAN = (
    "Все люди рождаются свободными и равными",
    "в своем достоинстве и правах. Они наделены",
    "разумом и совестью и должны поступать",
    "в отношении друг друга в духе братства.",
)
KOREAN = (
    "모든 인간은 태어날 때부터 자유로우며",
    "그 존엄과 권리에 있어 동등하다",
    "인간은 천부적으로 이성과 양심을 부여받았으며",
)
GREEK = ("Ολοι οι ανθρωποι γεννιουνται ελευθεροι", "και ισοι στην αξιοπρεπεια", "και τα δικαιωματα")
JAPANESE = (
    "すべての人間は、生まれながらにして",
    "自由であり、かつ、尊厳と権利とについて",
    "平等である。人間は、理性と良心とを",
)


def page(*lines: str) -> np.ndarray:
    """Lines in the font that ships with Octavo, one below the other."""
    image, draw, ink = sheet(height=100 + 90 * len(lines))
    font = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), 36)
    for place, text in enumerate(lines):
        draw.text((60, 50 + 90 * place), text, fill=ink, font=font)
    return pixels(image)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[None]:
    """As if no language data were installed."""
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    tesseract_languages.cache_clear()
    yield
    tesseract_languages.cache_clear()


@pytest.fixture
def russian() -> None:
    if "rus" not in tesseract_languages():
        pytest.skip("Tesseract with its Russian data is not installed: sh scripts/test-programs")


@pytest.mark.usefixtures("without_tesseract")
@pytest.mark.parametrize(("lines", "script"), [(RUSSIAN, "Cyrillic"), (KOREAN, "Hangul"), (GREEK, "Greek")])
def test_without_tesseract_lines_are_left_out_and_counted(text_lines, lines, script):
    read = text_lines.recognize(page(*lines))
    assert read.unread == {script: len(lines)}
    assert read.words == ()


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_the_other_lines_of_a_page_are_read(text_lines):
    read = text_lines.recognize(page(*RUSSIAN, *LINES))
    assert text_of(read.words) == list(LINES)
    assert read.unread == {"Cyrillic": len(RUSSIAN)}
    assert read.confidence > 0.9


@pytest.mark.parametrize("lines", [LINES, JAPANESE, (LINES[0],), ("2026-11-22", "1,250.00", "(14)")])
def test_what_the_model_reads_is_never_taken_away(text_lines, lines):
    read = text_lines.recognize(page(*lines))
    assert not read.unread
    assert "".join(text_of(read.words)).replace(" ", "") == "".join(lines).replace(" ", "")


@pytest.mark.usefixtures("russian")
def test_tesseract_reads_what_the_model_cannot(text_lines):
    read = text_lines.recognize(page(*RUSSIAN, *LINES))
    assert text_of(read.words) == [*RUSSIAN, *LINES]
    assert not read.unread
    first, second = read.words[:2]
    assert first.box.x0 == pytest.approx(60, abs=8)
    assert second.box.x0 > first.box.x1
    assert all(0.5 < word.confidence <= 1 for word in read.words)


@pytest.mark.usefixtures("russian")
def test_latin_words_within_a_line_are_read_too(text_lines):
    mixed = ("Программа Octavo Reader читает", *RUSSIAN)
    assert text_of(text_lines.recognize(page(*mixed)).words) == list(mixed)


@pytest.mark.usefixtures("russian")
def test_expected_languages_overrule_what_lines_look_like(text_lines):
    picture = page(*RUSSIAN)
    assert text_of(text_lines.recognize(picture, languages=("ru",)).words) == list(RUSSIAN)
    assert text_of(text_lines.recognize(picture, languages=("en",)).words) != list(RUSSIAN)


@pytest.mark.usefixtures("russian")
def test_installed_languages_are_told():
    assert tesseract_version().split(".")[0] in {"4", "5"}
    assert {"rus", "eng"} <= tesseract_languages()
    assert data_folder() is not None


def test_a_line_of_noise_is_in_no_script(text_lines):
    noise = np.random.default_rng(7).integers(0, 255, (200, 600, 3), dtype=np.uint8)
    assert not text_lines.recognize(np.asarray(Image.fromarray(noise))).unread


@pytest.mark.parametrize(
    ("lines", "turned_by", "believed", "turn"),
    [
        (RUSSIAN, 0, 180, 0),
        (RUSSIAN, 2, 180, 180),
        (KOREAN, 1, 270, 90),
        (LINES, 2, 180, 180),
        (LINES, 0, 180, 180),
        (RUSSIAN, 0, 0, 0),
    ],
)
def test_a_page_in_another_script_is_not_turned_on_its_head(lines, turned_by, believed, turn):
    """`turned_by` quarter turns clockwise, of which the orientation model believes something."""
    picture = np.ascontiguousarray(np.rot90(page(*(lines * 5)[:14]), -turned_by))
    assert UprightPage(lambda _: believed, Share(1)).turn(picture) == turn
