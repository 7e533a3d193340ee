"""A page reads the same however large it is, whichever way it is turned, and however its file says it."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdfium2
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_pages import EM, LEADING, MARGIN, SIZE, Sheet, pages
from reportlab.pdfbase.pdfmetrics import stringWidth

from factories import make_page
from octavo.domain.block import Block, Rule
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, Size
from octavo.structure.page import understand
from reading import read
from typeset import A4, Sheets

FILES = settings(deadline=None, derandomize=True, max_examples=30)
LETTERS = str.maketrans("bcdfghjklmnpqrstoa", "بتثجحخدذرزسشصضطظعغ")


def outline(page: Page) -> list[tuple[str, str]]:
    """What is understood of a page."""
    return [(block.kind.value, text_of(block)) for block in understand(page)]


def text_of(block: Block) -> str:
    return block.text or repr([(cell.row, cell.column, cell.text) for cell in block.table.cells] if block.table else "")


def scaled(page: Page, factor: float) -> Page:
    """The same page at another resolution."""
    words = (
        replace(
            word,
            box=word.box.scaled(factor),
            font=replace(word.font, size=word.font.size * factor),
            baseline=None if word.baseline is None else word.baseline * factor,
        )
        for word in page.words
    )
    parts = {
        name: tuple(replace(each, box=each.box.scaled(factor)) for each in getattr(page, name))
        for name in ("images", "drawings")
    }
    rules = tuple(Rule(box=each.box.scaled(factor)) for each in page.rules)
    size = Size(page.size.width * factor, page.size.height * factor)
    return replace(page, words=tuple(words), rules=rules, size=size, dpi=round(page.dpi * factor), **parts)


@settings(deadline=None, derandomize=True)
@given(pages(), st.sampled_from([0.5, 2.0]))
def test_at_any_resolution(page, factor):
    assert outline(scaled(page, factor)) == outline(page)


def snapped(page: Page) -> Page:
    """The page with all words at multiples of 1/64 of a pixel, which a mirror keeps to the last bit."""

    def near(box: BBox) -> BBox:
        return BBox(round(box.x0 * 64) / 64, box.y0, round(box.x1 * 64) / 64, box.y1)

    return replace(page, words=tuple(replace(word, box=near(word.box)) for word in page.words))


def from_right(page: Page) -> Page:
    """The same page in a script that runs from right to left, set in a mirror."""

    def turned(box: BBox) -> BBox:
        return BBox(page.size.width - box.x1, box.y0, page.size.width - box.x0, box.y1)

    words = tuple(replace(word, text=word.text.translate(LETTERS), box=turned(word.box)) for word in page.words)
    parts = {
        name: tuple(replace(each, box=turned(each.box)) for each in getattr(page, name))
        for name in ("rules", "images", "drawings")
    }
    return replace(page, words=words, **parts)


@settings(deadline=None, derandomize=True)
@given(pages(parts=("paragraph", "heading", "columns")))
def test_from_right_to_left_as_from_left_to_right(page):
    assume(page.words)
    page = snapped(page)
    assert outline(from_right(page)) == [(kind, text.translate(LETTERS)) for kind, text in outline(page)]


@st.composite
def two_columns(draw, *, swapped: bool = False) -> tuple[Page, list[str]]:
    """Prose in two columns below a line of its own or not; its words in the order in which they are read."""
    sheet = Sheet(draw)
    if draw(st.booleans()):
        sheet.line(MARGIN, sheet.y, SIZE.width - 2 * MARGIN)
        sheet.y += 2.3 * LEADING
    above = [word.text for word in sheet.words]
    gap = EM * draw(st.sampled_from([1.53, 2.57, 4.11]))
    width = (SIZE.width - 2 * MARGIN - gap) / 2
    columns = []
    for x in (MARGIN, MARGIN + width + gap):
        before = len(sheet.words)
        sheet.lines(x, sheet.y, width, sheet.number(4, 25))
        columns.append(sheet.words[before:])
    if swapped:
        shift = width + gap
        columns = [
            [replace(word, box=word.box.shifted(by, 0)) for word in column]
            for column, by in zip(columns, (shift, -shift), strict=True)
        ][::-1]
    read_as = [*above, *(word.text for column in columns for word in column)]
    words = sheet.words[: len(above)] + [word for column in columns for word in column]
    order = draw(st.permutations(range(len({word.line for word in words}))))
    lines = sorted({word.line for word in words})
    places = dict(zip(lines, order, strict=True))
    words.sort(key=lambda word: places[word.line])
    return make_page(words, size=SIZE, has_text_layer=True), read_as


@settings(deadline=None, derandomize=True)
@given(st.booleans().flatmap(lambda swapped: two_columns(swapped=swapped)))
def test_the_left_column_is_read_before_the_right_in_whatever_order_the_file_has_them(made):
    page, read_as = made
    assert re.findall("[a-z]+", " ".join(text for _, text in outline(page))) == read_as


@settings(deadline=None, derandomize=True)
@given(st.data(), st.integers(4, 9))
def test_labels_and_their_values_are_read_across(data, rows):
    sheet = Sheet(data.draw)
    for row in range(rows):
        y = sheet.y + row * LEADING
        sheet.line(MARGIN, y, 200, most=1)
        sheet.line(MARGIN + 460, y, 200, most=1)
    told = re.findall("[a-z]+", " ".join(text for _, text in outline(make_page(sheet.words, size=SIZE))))
    assert told == [word.text for word in sheet.words]


class TurnedSheets(Sheets):
    """A page that is drawn turned, and that the file has the viewer turn back."""

    def __init__(self, degrees: int) -> None:
        sides = A4[::-1] if degrees % 180 else A4
        super().__init__(sides)
        self.turn(degrees)
        self.height = A4[1]
        shifts = {0: (0, 0), 90: (A4[1], 0), 180: A4, 270: (0, A4[0])}
        self._canvas.translate(*shifts[degrees])
        self._canvas.rotate(degrees)


class SpelledSheets(Sheets):
    """Every letter is placed by itself."""

    def text(self, x: float, y: float, text: str, **style) -> float:
        font, size = style.get("font", "Helvetica"), style.get("size", 10)
        style["word_spacing"], gap = 0, style.get("word_spacing", 0)
        for letter in text:
            if letter != " ":
                super().text(x, y, letter, **style)
            x += stringWidth(letter, font, size) + gap * (letter == " ")
        return x


class Saved:
    """A file as PDFium writes it."""

    def __init__(self, sheets: Sheets) -> None:
        self._data = sheets.data()

    def data(self) -> bytes:
        file = io.BytesIO()
        document = pypdfium2.PdfDocument(self._data)
        document.save(file)
        document.close()
        return file.getvalue()

    def save(self, path):
        path.write_bytes(self.data())
        return path


parts = st.lists(
    st.tuples(st.sampled_from(["text", "title", "columns", "table", "list"]), st.integers(0, 10_000)),
    min_size=1,
    max_size=4,
)


def drawn(sheets: Sheets, made: list[tuple[str, int]]) -> Sheets:
    """Parts below one another, down an A4 page."""
    y = 90.0
    for kind, seed in made:
        words = [f"{'bcdfghjk'[seed % 8]}{'aeiou'[(seed + place) % 5]}{place}n" for place in range(24)]
        words = [
            word.replace("1", "l").replace("0", "o").translate(str.maketrans("23456789", "mnprstvw")) for word in words
        ]
        text = " ".join(words).capitalize() + "."
        if kind == "title":
            sheets.text(60, y, " ".join(words[:3]).capitalize(), font="Helvetica-Bold", size=16)
            y += 24
        elif kind == "columns":
            ends = [sheets.paragraph(x, y, 220, f"{text} {text}", justified=True) for x in (60, 310)]
            y = max(ends)
        elif kind == "table":
            rows = [words[:3], *([word, str(seed), "12.5"] for word in words[3:7])]
            y = sheets.table(60, y - 10, [120, 90, 90], rows) + 20
        elif kind == "list":
            y = sheets.lines(70, y, [f"• {word} {other}" for word, other in zip(words[:3], words[3:6], strict=True)])
        else:
            y = sheets.paragraph(60, y, 475, text)
        y += 14
    return sheets


def told(sheets) -> str:
    (page,) = read(sheets).pages
    assert page.markdown
    return page.markdown


@FILES
@given(parts, st.sampled_from([90, 180, 270]))
def test_a_page_that_is_turned_in_its_file(made, degrees):
    assert told(drawn(TurnedSheets(degrees), made)) == told(drawn(Sheets(), made))


@FILES
@given(parts)
def test_letters_that_are_placed_one_by_one(made):
    assert told(drawn(SpelledSheets(), made)) == told(drawn(Sheets(), made))


@FILES
@given(parts)
def test_a_file_that_another_program_saved(made):
    assert told(Saved(drawn(Sheets(), made))) == told(drawn(Sheets(), made))
