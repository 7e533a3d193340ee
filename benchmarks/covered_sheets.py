"""Sheets that remember what is written on them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import live_server  # noqa: F401 - makes the modules of the tests known
from reportlab.pdfbase.pdfmetrics import stringWidth

from typeset import A4, Sheets

FACES = {
    "Times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "Helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
}


class KnownSheets(Sheets):
    """A document with a style of its own, taken at random; `said` has every piece of text that is drawn."""

    def __init__(self, chance: random.Random, size: tuple[float, float] | None = None) -> None:
        super().__init__(size or chance.choice([A4, A4, (612, 792), (420, 595)]))
        self.chance = chance
        self.plain, self.bold, self.italic = FACES[chance.choice(list(FACES))]
        self.size = chance.choice([8.0, 9.0, 10.0, 11.0])
        self.leading = self.size * chance.choice([1.15, 1.2, 1.35, 1.5])
        self.left = self.width * chance.uniform(0.09, 0.13)
        self.measure = self.width - 2 * self.left
        self.top, self.bottom = self.height * 0.1, self.height * 0.9
        self.pages = 1
        self.said: list[str] = []
        self._quiet = False

    def text(self, x: float, y: float, text: str, **style: Any) -> float:
        """As typeset, and remembered."""
        self.say(text)
        return super().text(x, y, text, **style)

    def next_page(self, *, turned: int = 0) -> None:
        self.pages += 1
        super().next_page(turned=turned)

    def say(self, text: str) -> None:
        """Remember a piece of text, unless what is drawn now was said already."""
        if not self._quiet:
            self.said.append(text)

    @contextmanager
    def saying(self, text: str) -> Iterator[None]:
        """What is drawn inside says this."""
        self.say(text)
        self._quiet, before = True, self._quiet
        yield
        self._quiet = before

    def prose(self, y: float, text: str, *, x: float = 0, width: float = 0, justified: bool | None = None) -> float:
        """A paragraph in the body's style; the baseline for the next line."""
        even = self.chance.random() < 0.5 if justified is None else justified
        return self.paragraph(
            x or self.left,
            y,
            width or self.measure,
            text,
            font=self.plain,
            size=self.size,
            leading=self.leading,
            justified=even,
        )

    def heading(self, y: float, text: str, *, x: float = 0, width: float = 0, scale: float = 1.4) -> float:
        """A bold title; the baseline for what follows."""
        size = self.size * scale
        y = self.paragraph(x or self.left, y + 0.6 * size, width or self.measure, text, font=self.bold, size=size)
        return y + 0.4 * self.size

    def hyphenated(self, x: float, y: float, width: float, text: str) -> float:
        """A justified paragraph whose long words are cut at line ends."""
        with self.saying(text):
            lines = list(cut_lines(text, self.plain, self.size, width))
            for place, line in enumerate(lines):
                free = width - stringWidth(line, self.plain, self.size)
                gap = free / line.count(" ") if " " in line and place < len(lines) - 1 else 0
                self.text(x, y, line, font=self.plain, size=self.size, word_spacing=gap)
                y += self.leading
        return y

    def pieces(self, x: float, y: float, *pieces: tuple[str, str, float, float]) -> float:
        """Text in several fonts on one line: each piece with its font, size and rise; the x where it ends."""
        for text, font, size, rise in pieces:
            x = self.text(x, y - rise, text, font=font, size=size)
        return x


def cut_lines(text: str, font: str, size: float, width: float) -> Iterator[str]:
    """Text broken into lines; what does not fit is cut between letters, two at least on either side."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if stringWidth(longer, font, size) <= width:
            line = longer
            continue
        head, rest = _cut(line, word, font, size, width)
        yield f"{line} {head}".strip()
        line = rest
    yield line


def _cut(line: str, word: str, font: str, size: float, width: float) -> tuple[str, str]:
    if re.fullmatch(r"[^\W\d_]{6,}[.,]?", word):
        for end in range(len(word) - 3, 1, -1):
            head = word[:end] + "-"
            if stringWidth(f"{line} {head}", font, size) <= width:
                return head, word[end:]
    return "", word


def grid(
    sheets: KnownSheets, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str]], *, ruled: str
) -> float:
    """A table whose cells wrap; `ruled` is `all`, `three` (lines above, below and under the header), or `none`."""
    size, levels = sheets.size * 0.9, [y]
    for place, row in enumerate(rows):
        left, bottom = x, y
        for text, width in zip(row, widths, strict=True):
            font = sheets.bold if place == 0 else sheets.plain
            if text:
                bottom = max(bottom, sheets.paragraph(left + 4, y + 1.2 * size, width - 12, text, font=font, size=size))
            left += width
        y = max(bottom - 0.4 * size, y + 1.5 * size)
        levels.append(y)
    _rules(sheets, x, widths, levels, ruled)
    return y


def _rules(sheets: KnownSheets, x: float, widths: Sequence[float], levels: Sequence[float], ruled: str) -> None:
    shown = {"all": levels, "three": [levels[0], levels[1], levels[-1]], "none": []}[ruled]
    for level in shown:
        sheets.rule(x, level, x + sum(widths), level)
    if ruled == "all":
        for place in range(len(widths) + 1):
            edge = x + sum(widths[:place])
            sheets.rule(edge, levels[0], edge, levels[-1])
