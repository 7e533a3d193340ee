"""Pages made at random of paragraphs, headings, lists, tables, columns, pictures and drawings; every word is unique."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from factories import ADVANCE, make_line, make_page, make_word
from octavo.domain.block import Drawing, Font, PlacedImage, Rule, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, Size

SIZE = Size(1654, 2339)
MARGIN = 121.3
EM = 26
"""No measure is a round multiple of it, lest one falls exactly on a limit and rounding decides."""
LEADING = 1.253 * EM
BODY = Font(size=EM, name="Times-Roman")
_LETTERS = "bcdfghjklmnpqrst"


@dataclass
class Sheet:
    """A page in the making: `draw` is the source of chance, `y` where the next thing goes."""

    draw: Callable[[st.SearchStrategy], object]
    y: float = 200
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    images: list[PlacedImage] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    edges: list[int] = field(default_factory=lambda: [60, 120, 2230, 2280])
    names: Iterator[int] = field(default_factory=count)

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def token(self) -> str:
        """A word that nothing else on the page is, nor a part of."""
        number = next(self.names)
        code = "".join(_LETTERS[number // 16**place % 16] for place in (2, 1, 0))
        return code + "o" * self.number(0, 5)

    def line(self, x: float, y: float, width: float, font: Font = BODY, most: int = 99, mark: str = "") -> None:
        """A line filled with words up to a width, at most so many."""
        texts, room = [mark] if mark else [], width / (ADVANCE * font.size) - len(mark)
        while len(texts) < most:
            text = self.token()
            room -= len(text) + 1
            if room < 0 and texts:
                break
            texts.append(text)
        self.words += make_line(" ".join(texts), x, y, font=font)

    def lines(self, x: float, y: float, width: float, number: int) -> float:
        """Running text, its last line shorter; the y below it."""
        for place in range(number):
            self.line(x, y + place * LEADING, width, most=99 if place < number - 1 else self.number(1, 6))
        return y + number * LEADING

    def paragraph(self) -> None:
        self.y = self.lines(MARGIN, self.y, SIZE.width - 2 * MARGIN, self.number(1, 6))

    def heading(self) -> None:
        font = Font(size=EM * self.draw(st.sampled_from([1.0, 1.31, 2.03])), name="Times-Bold", bold=True)
        self.line(MARGIN, self.y, SIZE.width / 2, font, most=self.number(1, 5))
        self.y += 1.2 * font.size

    def listing(self) -> None:
        mark = self.draw(st.sampled_from(["•", "-", "1.", "(a)"]))
        for _ in range(self.number(1, 5)):
            self.line(MARGIN + EM, self.y, SIZE.width / 2, most=self.number(1, 9), mark=mark)
            self.y += LEADING

    def columns(self) -> None:
        number = self.number(2, 3)
        gap = EM * self.draw(st.sampled_from([1.53, 2.57]))
        width = (SIZE.width - 2 * MARGIN - (number - 1) * gap) / number
        ends = [
            self.lines(MARGIN + place * (width + gap), self.y, width, self.number(2, 12)) for place in range(number)
        ]
        self.y = max(ends)

    def table(self) -> None:
        columns, rows = self.number(2, 5), self.number(1, 6)
        width, height = (SIZE.width - 2 * MARGIN) / columns, 1.63 * EM
        for row in range(rows):
            for column in range(columns):
                x, y = MARGIN + column * width, self.y + row * height
                self.line(x + 0.31 * EM, y + 0.31 * EM, 0.7 * width, most=self.number(1, 3))
        if self.draw(st.booleans()):
            for place in range(rows + 1):
                y = self.y + place * height
                self.rules.append(Rule(box=BBox(MARGIN, y, MARGIN + columns * width, y + 1)))
            for place in range(columns + 1):
                x = MARGIN + place * width
                self.rules.append(Rule(box=BBox(x, self.y, x + 1, self.y + rows * height)))
        self.y += rows * height

    def picture(self) -> None:
        width, height = self.number(100, 900), self.number(60, 300)
        box = BBox(MARGIN, self.y, MARGIN + width, self.y + height)
        self.images.append(PlacedImage(box=box, holds_text=self.draw(st.booleans())))
        if self.draw(st.booleans()):
            self.line(box.x0 + 5, self.y + 20, width / 2, most=3)
        self.y += height

    def chart(self) -> None:
        for place in range(self.number(1, 6)):
            x, high = MARGIN + 120 * place, self.number(40, 200)
            box = BBox(x, self.y + 200 - high, x + 90, self.y + 200)
            self.drawings.append(Drawing(box=box, filled=True, curved=self.draw(st.booleans())))
            self.words.append(make_word(self.token(), x, self.y + 205, font=Font(size=18), line=next(self.names)))
        self.y += 230

    def form(self) -> None:
        """Single words and short lines here and there, with strokes between them, as in forms and on maps."""
        rows, columns = self.number(2, 8), self.number(2, 5)
        width = (SIZE.width - 2 * MARGIN) / columns
        for place in self.draw(st.lists(st.integers(0, rows * columns - 1), min_size=1, max_size=14, unique=True)):
            x, y = MARGIN + place % columns * width, self.y + place // columns * 1.57 * EM
            font = Font(size=self.draw(st.sampled_from([14.0, EM, 34.0])), bold=self.draw(st.booleans()))
            self.line(x + self.number(0, 40), y + self.number(0, 4), 0.6 * width, font, most=self.number(1, 3))
            if self.draw(st.booleans()):
                end = x + width * self.number(1, columns)
                self.rules.append(Rule(box=BBox(x, y + 1.4 * EM, end, y + 1.4 * EM + 1)))
        self.y += rows * 1.57 * EM

    def aside(self) -> None:
        number = 5000 + next(self.names)
        word = make_word(self.token(), 40, 900 + number % 900, rotation=270.0, baseline=None, line=number)
        self.words.append(word)

    def furniture(self) -> None:
        if self.edges:
            y = self.edges.pop(self.number(0, len(self.edges) - 1))
            self.line(MARGIN, y, 800, Font(size=20), most=4)


PARTS = ("paragraph", "heading", "listing", "columns", "table", "form", "picture", "chart", "aside", "furniture")


@st.composite
def pages(draw: Callable, *, parts: tuple[str, ...] = PARTS, most: int = 6) -> Page:
    """A page of up to so many parts, from top to bottom."""
    sheet = Sheet(draw)
    for part in draw(st.lists(st.sampled_from(parts), min_size=1, max_size=most)):
        getattr(sheet, part)()
        sheet.y += EM * draw(st.sampled_from([0.43, 1.07, 2.09]))
        if sheet.y > SIZE.height - 500:
            break
    return make_page(
        sheet.words,
        size=SIZE,
        has_text_layer=True,
        rules=tuple(sheet.rules),
        images=tuple(sheet.images),
        drawings=tuple(sheet.drawings),
    )
