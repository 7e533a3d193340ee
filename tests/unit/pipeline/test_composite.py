from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NoReturn

import numpy as np
import pytest
from PIL import Image

from factories import A_PAGE, make_block, make_line, make_page, make_word
from octavo.documents.pdf.reader import PdfReader
from octavo.domain.bend import Bend, Flattened
from octavo.domain.block import INVISIBLE, BlockKind, Cell, Font, PlacedImage, Region, Table, Word
from octavo.domain.geometry import BBox, Size
from octavo.domain.result import Recognition, TextSource
from octavo.domain.work import ReadOptions, TextLayer
from octavo.engines.rotation import rotated
from octavo.pipeline.composite import CompositeRecognizer
from octavo.pipeline.figures import figures_cut
from octavo.pipeline.text_layer import judge
from reading import digital_recognizer
from typeset import HIDDEN, Sheets, photograph

PIXELS = ReadOptions(model="octavo-1", text_layer=TextLayer.NEVER)
AUTO = ReadOptions(model="octavo-1")
EVERYTHING = BBox(0, 0, A_PAGE.width, A_PAGE.height)


@dataclass
class Parts:
    """What models would see on any image."""

    words: tuple[Word, ...] = ()
    regions: tuple[Region, ...] = ()
    table: Table | None = None
    turn: int = 0
    flat: Flattened | None = None
    confidence: float = 0.9
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    tables_asked: list[tuple[tuple[int, ...], tuple[Word, ...]]] = field(default_factory=list)

    def recognizer(self) -> CompositeRecognizer:
        return CompositeRecognizer(
            text=_Text(self),
            layout=_Layout(self),
            tables=_Tables(self),
            turn_of=lambda _: self.turn,
            rules_of=lambda _: (),
            flat_of=lambda _: self.flat,
            rotated=rotated,
            begin=cache,
        )


@dataclass
class _Text:
    parts: Parts
    kinds = frozenset({BlockKind.TEXT})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        assert not words
        self.parts.shapes.append(image.shape)
        return Recognition(words=self.parts.words, confidence=self.parts.confidence)


@dataclass
class _Layout:
    parts: Parts

    def detect(self, image: np.ndarray) -> tuple[Region, ...]:
        self.parts.shapes.append(image.shape)
        return self.parts.regions


@dataclass
class _Tables:
    parts: Parts
    kinds = frozenset({BlockKind.TABLE})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        self.parts.tables_asked.append((image.shape, tuple(words)))
        return Recognition(table=self.parts.table)


# Which words are believed


def unasked(_: np.ndarray) -> NoReturn:
    raise AssertionError("the pixels were looked at")


def believed(words, wish: TextLayer = TextLayer.AUTO, **fields: object) -> bool:
    return judge(make_page(words, **fields), wish, unasked).believed


def test_a_sound_text_layer_is_believed():
    assert believed(make_line("running text of a page"))


def test_a_page_without_words_is_read_from_its_pixels():
    assert not believed(())


def test_the_caller_decides():
    words = make_line("running text of a page")
    assert not believed(words, TextLayer.NEVER)
    assert believed(make_line("\ufffd\ufffd \ufffd\ufffd"), TextLayer.ALWAYS)
    assert not believed((), TextLayer.ALWAYS)


def test_characters_without_a_meaning_are_not_believed():
    assert not believed(make_line("\ufffd\ue001\x02 \ufffd\ufffd text"))
    assert believed(make_line("a page with one \uf0b7 bullet among many words"))


def test_text_under_a_scan_is_not_believed():
    hidden = Font(size=20, color=INVISIBLE)
    assert not believed(make_line("text under a scan"), images=(PlacedImage(box=EVERYTHING),))
    assert not believed(make_line("text that is hidden", font=hidden))


def test_a_picture_that_covers_part_of_the_page_is_no_scan():
    half = BBox(0, 0, A_PAGE.width, A_PAGE.height / 2)
    assert believed(make_line("a caption", y=300), images=(PlacedImage(box=half),))


# What is done with them


def test_a_digital_page_is_read_without_models(tmp_path):
    page = digital_recognizer().recognize(make_page(make_line("Running text.")), AUTO, tmp_path)
    assert page.source is TextSource.TEXT_LAYER
    assert [block.text for block in page.blocks] == ["Running text."]


def test_a_scan_with_hidden_text_is_read_from_its_pixels(tmp_path):
    sheets = Sheets()
    sheets.picture(0, 0, 595, 842, photograph())
    sheets.text(72, 100, "wrong words under the scan", mode=HIDDEN)
    reader = PdfReader(sheets.save(tmp_path / "scan.pdf"))
    parts = Parts(words=make_line("What the pixels say."))
    page = parts.recognizer().recognize(reader.page(0, 100), AUTO, tmp_path)
    reader.close()
    assert page.source is TextSource.PIXELS
    assert [block.text for block in page.blocks] == ["What the pixels say."]


def test_every_model_sees_the_page_as_large_as_it_is(tmp_path):
    parts = Parts(words=make_line("word"))
    parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert set(parts.shapes) == {(1400, 1000, 3)}


def test_a_bent_page_is_read_flat_and_its_boxes_lie_where_it_is_bent(tmp_path):
    size = A_PAGE
    bend = Bend(size=size, sunk=np.tile(np.array([[0.0, 40.0]], np.float32), (2, 1)))
    image = np.full((size.height, size.width, 3), 255, np.uint8)
    parts = Parts(words=make_line("upright"), flat=Flattened(image=image, bend=bend))
    flat = Parts(words=parts.words)
    seen, meant = (
        each.recognizer().recognize(make_page(size=size, render=lambda: image), PIXELS, tmp_path).blocks[0]
        for each in (parts, flat)
    )
    assert seen.box == bend.box(meant.box)
    assert seen.words[0].box == bend.box(meant.words[0].box)
    assert bend.at(size.width, 0) == 40
    assert bend.at(size.width / 2, 10) == 20


def test_a_page_on_its_side_is_turned_upright(tmp_path):
    parts = Parts(words=make_line("upright"), turn=90)
    page = parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert (page.size, page.turned) == (Size(1400, 1000), 90)
    assert set(parts.shapes) == {(1000, 1400, 3)}
    assert any("turned" in warning for warning in page.warnings)


@dataclass
class OnItsSide:
    """Reads lines as they lie: across where the page is wider than high, as well as `turned` says; else downwards."""

    turned: float = 0.95
    kinds = frozenset({BlockKind.TEXT})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        assert not words
        lies = image.shape[1] > image.shape[0]
        rotation, sure = (0.0, self.turned) if lies else (90.0, 0.9)
        line = [
            replace(word, rotation=rotation) for word in make_line("lines that stand on their side", confidence=sure)
        ]
        return Recognition(words=(*line, *make_line("note")), confidence=0.9)


def test_a_page_whose_lines_stand_on_their_side_is_turned(tmp_path):
    page = replace(Parts().recognizer(), text=OnItsSide()).recognize(make_page(), PIXELS, tmp_path)
    assert (page.size, page.turned) == (Size(1400, 1000), 90)
    assert any("turned" in warning for warning in page.warnings)
    assert any(block.text.startswith("lines that stand") for block in page.blocks)


def test_a_page_stays_as_it_is_where_it_reads_worse_when_turned(tmp_path):
    page = replace(Parts().recognizer(), text=OnItsSide(turned=0.3)).recognize(make_page(), PIXELS, tmp_path)
    assert (page.size, page.turned) == (Size(1000, 1400), 0)


@dataclass
class HeadsOrTails:
    """Reads well what stands upright: what has its dark corner on top."""

    kinds = frozenset({BlockKind.TEXT})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        assert not words
        sure = 0.95 if image[0, 0, 0] < 128 else 0.2
        return Recognition(words=make_line("Thank you and good bye", confidence=sure), confidence=0.8)


@pytest.mark.parametrize(("dark", "turned"), [((0, 0), 0), ((-1, -1), 180)])
def test_a_page_that_hardly_reads_may_stand_on_its_head(tmp_path, dark, turned):
    image = np.full((1400, 1000, 3), 255, np.uint8)
    image[dark] = 0
    recognizer = replace(Parts().recognizer(), text=HeadsOrTails())
    page = recognizer.recognize(make_page(render=lambda: image), PIXELS, tmp_path)
    assert page.turned == turned
    assert any("turned" in warning for warning in page.warnings) == bool(turned)
    assert all(word.confidence > 0.9 for block in page.blocks for word in block.words)


def test_an_empty_page_has_no_source(tmp_path):
    page = Parts(confidence=1.0).recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert (page.source, page.blocks, page.warnings) == (TextSource.NOTHING, (), ())


def test_doubts_are_told(tmp_path):
    parts = Parts(words=make_line("blurred", confidence=0.2))
    page = parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert any("hard to read" in warning for warning in page.warnings)


@pytest.mark.parametrize("hidden", ["Dearest", ""])
def test_lines_that_nobody_can_read_are_shown_as_a_picture(tmp_path, hidden):
    scrawl = [make_line("qnei ovrnl eeca mio rqurd", y=500 + 50 * place, confidence=0.1) for place in range(5)]
    printed = make_line("Printed above", y=200)
    among = make_line(hidden, y=600, x=380, confidence=0.9) if hidden else ()
    words = (*printed, *(word for line in scrawl for word in line), *among)
    page = Parts(words=words).recognizer().recognize(make_page(), PIXELS, tmp_path)
    (picture,) = (block for block in page.blocks if block.kind is BlockKind.IMAGE)
    assert picture.figure is not None
    assert all(picture.box.holds(word.box) for line in scrawl for word in line)
    said = {word.text for block in page.blocks for word in block.words}
    assert said == {"Printed", "above", *([hidden] if hidden else [])}
    assert any(warning.startswith("5 lines of this page could not be read") for warning in page.warnings)


def test_a_whole_page_that_nobody_can_read_is_a_picture(tmp_path):
    lines = [make_line("qnei ovrnl eeca mio rqurd nieq" * 2, x=30, y=60 + 50 * n, confidence=0.1) for n in range(20)]
    page = (
        Parts(words=tuple(word for line in lines for word in line))
        .recognizer()
        .recognize(make_page(), PIXELS, tmp_path)
    )
    assert [block.kind for block in page.blocks] == [BlockKind.IMAGE]


@pytest.mark.parametrize(("count", "confidence"), [(2, 0.1), (5, 0.45)])
def test_a_few_doubtful_lines_stay_words(tmp_path, count, confidence):
    lines = [make_line("Thle old hal bour", y=500 + 50 * n, confidence=confidence) for n in range(count)]
    words = tuple(word for line in lines for word in line)
    page = Parts(words=words).recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert sum(len(block.words) for block in page.blocks) == len(words)


def drawing_in(box: BBox) -> Callable[[], np.ndarray]:
    image = np.full((round(A_PAGE.height), round(A_PAGE.width), 3), 255, np.uint8)
    image[round(box.y0) + 20 : round(box.y0) + 60, round(box.x0) + 20 : round(box.x1) - 20] = 90
    return lambda: image


def test_a_figure_that_the_layout_sees_is_cut_with_its_words(tmp_path):
    box = BBox(200, 600, 700, 900)
    words = (*make_line("Running text above it.", y=300), *make_line("Exit", x=300, y=700))
    parts = Parts(words=words, regions=(Region(kind=BlockKind.IMAGE, box=box, confidence=0.9),))
    page = parts.recognizer().recognize(replace(make_page(), render=drawing_in(box)), PIXELS, tmp_path)
    assert [(block.kind.value, block.text) for block in page.blocks] == [
        ("text", "Running text above it."),
        ("image", "Exit"),
    ]
    figure = page.blocks[1].figure
    assert figure is not None
    assert (figure.width, figure.height) == (500, 300)


def test_a_figure_over_all_of_the_text_is_not_believed(tmp_path):
    words = make_line("Running text.", y=300)
    parts = Parts(words=words, regions=(Region(kind=BlockKind.IMAGE, box=EVERYTHING, confidence=0.9),))
    page = parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert [block.kind.value for block in page.blocks] == ["text"]


def test_a_table_that_the_layout_sees_is_never_loose_words(tmp_path):
    box = BBox(90, 290, 700, 500)
    words = tuple(make_word(f"w{n}", x=100 + 37 * (n % 3) * n, y=300 + 40 * n) for n in range(5))
    cells = tuple(Cell(row=n, column=0, text=word.text, words=(word,)) for n, word in enumerate(words))
    parts = Parts(
        words=words,
        regions=(Region(kind=BlockKind.TABLE, box=box, confidence=0.99),),
        table=Table(rows=5, columns=1, cells=cells),
    )
    page = parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert [block.kind.value for block in page.blocks] == ["table"]
    assert {word.text for word in page.blocks[0].words} == {f"w{n}" for n in range(5)}


# Pictures


@pytest.mark.parametrize(
    ("box", "whole"),
    [
        (BBox(10.4, 20.6, 110.2, 220.9), BBox(10, 20, 111, 221)),
        (BBox(-30, -30, 50, 50), BBox(0, 0, 50, 50)),
        (BBox(900, 1300, 1100, 1500), BBox(900, 1300, 1000, 1400)),
        (BBox(500, 500, 500, 500), BBox(500, 500, 501, 501)),
        (BBox(2000, 3000, 2100, 3100), BBox(999, 1399, 1000, 1400)),
    ],
)
def test_crops_are_whole_pixels_of_the_page(tmp_path, box, whole):
    (block,) = figures_cut([make_block(BlockKind.IMAGE, "", box=box)], make_page(), tmp_path)
    assert block.box == whole
    assert block.figure is not None
    with Image.open(block.figure.path) as image:
        assert (image.format, image.size) == ("JPEG", (whole.width, whole.height))


def test_a_page_without_pictures_is_not_rendered(tmp_path):
    page = make_page(make_line("text"), render=lambda: pytest.fail("rendered"))
    assert digital_recognizer().recognize(page, AUTO, tmp_path).blocks


def test_fonts_of_recognised_words_are_settled(tmp_path):
    lines = [make_line("running text of a page", y=100 + 30 * n, font=Font(size=20 + 0.3 * n)) for n in range(5)]
    parts = Parts(words=tuple(word for line in lines for word in line))
    page = parts.recognizer().recognize(make_page(), PIXELS, tmp_path)
    assert len({word.font.size for block in page.blocks for word in block.words}) == 1
