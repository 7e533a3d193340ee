"""Text that is on a page, but not in its text layer: it joins the words of the layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from factories import make_line, make_word, prose
from octavo.documents.pdf.reader import PdfReader
from octavo.domain.block import BlockKind, Font, Rule, Word
from octavo.domain.geometry import BBox
from octavo.domain.result import Recognition, RecognizedPage, TextSource
from octavo.domain.work import ReadOptions
from octavo.pipeline import text_layer, unread
from octavo.pipeline.composite import CompositeRecognizer
from octavo.pipeline.unread import beside
from reading import Blind
from typeset import Sheets, photograph, scanned

AUTO = ReadOptions(model="octavo-1")
SCALE = 200 / 72


@dataclass
class Scripted:
    """A text recogniser that finds the same words on every image, and remembers what it was asked."""

    words: tuple[Word, ...]
    confidence: float = 0.95
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    kinds = frozenset({BlockKind.TEXT})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        assert not words
        self.shapes.append(image.shape)
        return Recognition(words=self.words, confidence=self.confidence)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Sheets, Scripted], RecognizedPage]:
    """Reads the first page of a document with a scripted text recogniser."""

    def read(sheets: Sheets, text: Scripted) -> RecognizedPage:
        blind = Blind()
        recognizer = CompositeRecognizer(
            text=text,
            layout=Nothing(),
            tables=blind,
            turn_of=lambda _: 0,
            rules_of=lambda _: (Rule(box=BBox(0, 0, 9, 1)),),
            flat_of=blind.refuse,
            rotated=blind.refuse,
            begin=cache,
        )
        reader = PdfReader(sheets.save(tmp_path / "page.pdf"))
        try:
            return recognizer.recognize(reader.page(0, 200), AUTO, tmp_path)
        finally:
            reader.close()

    return read


class Nothing:
    """A layout detector that sees nothing."""

    def detect(self, _: np.ndarray) -> tuple[()]:
        return ()


def lines_at(x: float, y: float, step: float, lines: Sequence[str], size: float) -> tuple[Word, ...]:
    """Words of lines below one another, those of each with a line of their own."""
    return tuple(
        word
        for place, line in enumerate(lines)
        for word in make_line(line, x, y + place * step, font=Font(size=size), confidence=0.9, line=place)
    )


def with_insert() -> Sheets:
    """A digital page with a piece of a scanned page on it: 1111 x 556 pixels at (200, 833)."""
    sheets = Sheets()
    sheets.lines(72, 100, prose(12, width=60))
    sheets.picture(72, 300, 472, 500, scanned(prose(12, width=60), 800, 400, size=20))
    return sheets


def words_of_insert() -> tuple[Word, ...]:
    """What a recogniser would see on the insert: lines with their boxes around the ink."""
    return lines_at(40, 50, 41.6, prose(12, width=60), 28)


def texts(page: RecognizedPage, kind: BlockKind = BlockKind.TEXT) -> list[str]:
    return [block.text for block in page.blocks if block.kind is kind]


def test_a_scanned_insert_becomes_text(read):
    text = Scripted(words_of_insert())
    page = read(with_insert(), text)
    assert page.source is TextSource.BOTH
    assert page.warnings == (unread.READ,)
    (shape,) = text.shapes
    assert abs(shape[0] - 556) <= 1
    assert abs(shape[1] - 1111) <= 1
    read_words = [word for block in page.blocks for word in block.words if word.confidence < 1]
    assert [word.text for word in read_words] == [word.text for word in text.words]
    assert read_words[0].box.x0 == pytest.approx(72 * SCALE + 40, abs=1)
    assert read_words[0].box.y0 == pytest.approx(300 * SCALE + 50, abs=1)
    assert not texts(page, BlockKind.IMAGE)


def test_a_picture_with_more_than_text_stays_a_picture_and_tells_its_text(read):
    page = read(with_insert(), Scripted(lines_at(40, 60, 42, ["Only the first line of it"], 28)))
    (picture,) = (block for block in page.blocks if block.kind is BlockKind.IMAGE)
    assert picture.text == "Only the first line of it"
    assert picture.figure is not None
    assert (page.source, page.warnings) == (TextSource.BOTH, (unread.READ,))


def test_writing_that_cannot_be_read_is_told_and_stays_a_picture(read):
    page = read(with_insert(), Scripted(words_of_insert(), confidence=0.3))
    assert (page.source, page.warnings) == (TextSource.TEXT_LAYER, (unread.UNREAD,))
    assert [block.kind for block in page.blocks].count(BlockKind.IMAGE) == 1


def test_text_drawn_as_shapes_becomes_text(read):
    sheets = Sheets()
    sheets.lines(72, 100, prose(12, width=60))
    sheets.lines(72, 260, prose(12, width=60, start=5))
    sheets.outlines(72, 500, prose(16, width=60))
    page = read(sheets, Scripted(lines_at(140, 118, 33.3, prose(16, width=75), 30)))
    assert page.source is TextSource.BOTH
    assert page.warnings == (unread.READ,)
    assert not texts(page, BlockKind.IMAGE)


def with_shapes(*texts: str) -> Sheets:
    """Text, and lines of 18 points drawn as shapes."""
    sheets = Sheets()
    sheets.lines(72, 100, prose(12, width=60))
    for place, text in enumerate(texts):
        sheets.shapes(72, 400 + 60 * place, text, size=18)
    return sheets


def test_a_title_drawn_as_shapes_becomes_text(read):
    title = Scripted(lines_at(20, 45, 50, ["Tides of the harbour"], 54))
    page = read(with_shapes("Tides of the harbour"), title)
    assert (page.source, page.warnings) == (TextSource.BOTH, (unread.READ,))
    assert "Tides of the harbour" in [block.text for block in page.blocks]
    assert not texts(page, BlockKind.IMAGE)


@pytest.mark.parametrize("found", ["s=gbp+c", "25 008", "gs"])
def test_shapes_that_do_not_read_like_words_are_told_and_stay_a_picture(read, found):
    page = read(with_shapes("s=gbp+c"), Scripted(lines_at(50, 60, 50, [found], 50)))
    assert (page.source, page.warnings) == (TextSource.TEXT_LAYER, (unread.DRAWN,))
    assert [block.kind for block in page.blocks].count(BlockKind.IMAGE) == 1


def test_shapes_that_are_hard_to_read_are_told_and_stay_a_picture(read):
    page = read(with_shapes("Tides of the harbour"), Scripted(lines_at(50, 60, 50, ["Tides"], 50), confidence=0.3))
    assert (page.source, page.warnings) == (TextSource.TEXT_LAYER, (unread.DRAWN,))


def test_a_page_with_pictures_only_asks_nothing(read):
    sheets = Sheets()
    sheets.lines(72, 100, prose(12, width=60))
    sheets.picture(72, 300, 472, 500, photograph())
    text = Scripted(())
    page = read(sheets, text)
    assert (page.source, page.warnings, text.shapes) == (TextSource.TEXT_LAYER, (), [])


def chart() -> Image.Image:
    """A bar chart as pixels: numbers and names along its axes, a key below it."""
    sheet = Image.new("RGB", (800, 500), "white")
    brush, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=18)
    for place in range(8):
        brush.text((40, 20 + 45 * place), f"{1000 * (8 - place):,}", fill="#404040", font=font)
        brush.rectangle((130 + 80 * place, 60 + 35 * (place % 4), 180 + 80 * place, 380), fill="#3060c0")
        brush.text((135 + 80 * place, 390), f"{2014 + place}", fill="#404040", font=font)
        brush.text((40 + 190 * (place % 4), 425 + 30 * (place // 4)), f"Series {place}", fill="#404040", font=font)
    return sheet


def with_chart() -> Sheets:
    """A digital page with a chart between two paragraphs: 1111 x 694 pixels at (200, 722)."""
    sheets = Sheets()
    sheets.lines(72, 100, prose(12, width=60))
    sheets.picture(72, 260, 472, 510, chart())
    sheets.lines(72, 540, prose(8, width=60, start=9))
    return sheets


def test_the_labels_of_a_raster_chart_stand_after_it(read):
    labels = lines_at(60, 30, 62, ["8,000", "7,000", "6,000", "2014 2015 2016", "Series 0"], 25)
    page = read(with_chart(), Scripted(labels))
    kinds = [block.kind for block in page.blocks if block.kind in (BlockKind.TEXT, BlockKind.IMAGE)]
    assert kinds == [BlockKind.TEXT, BlockKind.IMAGE, BlockKind.TEXT]
    (picture,) = (block for block in page.blocks if block.kind is BlockKind.IMAGE)
    assert picture.text == "8,000\n7,000\n6,000\n2014 2015 2016\nSeries 0"
    assert picture.figure is not None
    assert (page.source, page.warnings) == (TextSource.BOTH, (unread.READ,))


def test_a_chart_of_which_nothing_can_be_read_is_a_picture_without_a_word_about_it(read):
    page = read(with_chart(), Scripted(lines_at(60, 30, 62, ["8,000"], 25), confidence=0.3))
    (picture,) = (block for block in page.blocks if block.kind is BlockKind.IMAGE)
    assert (picture.text, page.source, page.warnings) == ("", TextSource.TEXT_LAYER, ())


def test_a_picture_that_text_is_printed_over_is_not_read(read):
    sheets = with_chart()
    sheets.text(300, 300, "Printed over it", size=10)
    text = Scripted(())
    assert read(sheets, text).source is TextSource.TEXT_LAYER
    assert text.shapes == []


def test_a_logo_is_not_read(read):
    sheets = Sheets()
    sheets.lines(72, 300, prose(12, width=60))
    sheets.picture(72, 50, 132, 88, chart())
    text = Scripted(())
    assert read(sheets, text).source is TextSource.TEXT_LAYER
    assert text.shapes == []


def test_a_stamp_on_a_scan_is_neither_lost_nor_doubled(read):
    sheets = Sheets()
    sheets.picture(0, 0, 595, 842, scanned(prose(40, width=60)))
    sheets.text(480, 820, "ACME 000017", size=9)
    seen = (
        *lines_at(133, 134, 50, prose(3, width=60), 34),
        *make_line("AGME OOOO17", 1333, 2256, font=Font(size=25), confidence=0.6, line=40),
    )
    page = read(sheets, Scripted(seen))
    assert (page.source, page.warnings) == (TextSource.BOTH, (text_layer.MISSING,))
    said = " ".join(word.text for block in page.blocks for word in block.words)
    assert said.count("000017") == 1
    assert "AGME" not in said
    assert prose(1, width=60)[0] in said


def test_nothing_is_called_missing_when_the_pixels_say_no_more(read):
    sheets = Sheets()
    sheets.picture(0, 0, 595, 842, scanned(prose(1, width=60), size=60))
    sheets.text(480, 820, "ACME 000017", size=9)
    page = read(sheets, Scripted(make_line("ACME 000017", 1333, 2256, font=Font(size=25))))
    assert (page.source, page.warnings) == (TextSource.TEXT_LAYER, ())


@pytest.mark.parametrize(("text", "left"), [("Xyes", "yes"), ("yesX", "yes"), ("XXXy", None), ("X", None)])
def test_a_word_that_holds_a_known_one_keeps_what_is_new(text, left):
    """`X` is what the recogniser makes of a known mark; a letter is ten pixels wide."""
    marks = [place for place, letter in enumerate(text) if letter == "X"]
    known = [replace(make_word("☒"), box=BBox(100 + 10 * place, 100, 110 + 10 * place, 120)) for place in marks]
    found = replace(make_word(text), box=BBox(100, 100, 100 + 10 * len(text), 120))
    kept = beside([found], known)
    assert [word.text for word in kept] == ([left] if left else [])
    assert all(word.box.width == 10 * len(word.text) for word in kept)


def test_words_beside_known_ones_are_kept_and_their_lines_follow():
    known = make_line("already known", 100, 100, line=3)
    found = (
        *make_line("alreadv", 100, 100, line=0),
        make_word("more", 400, 100, line=0),
        make_word("last", line=-1, y=300),
    )
    kept = beside(found, known)
    assert [(word.text, word.line) for word in kept] == [("more", 4), ("last", -1)]
    assert [word.line for word in beside(found, ())] == [0, 0, -1]
