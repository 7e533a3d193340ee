"""Printed pages of several kinds as pixels, with the words on them in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from typeset import Sheets

_TEXT = """\
The harbour office opens at seven in the morning and closes when the last ferry has left. Visitors who arrive by
night find the keys in the small box beside the blue door.

During winter the northern road is blocked for several weeks, and goods are carried across the frozen lake on
sledges. Nobody remembers when this custom began; the oldest letter that mentions it was written in 1784.

A committee of nine members meets twice a year to examine the accounts. It publishes a short report, which every
household receives free of charge, together with a calendar and a map of the new footpaths.

Repairs to the bridge were finished in August at a cost of 41,250 crowns, considerably less than expected. The
remaining money was spent on books for the library and on a bell for the school.

Fishermen complain that seals have become so numerous that they empty the nets before dawn. The council has promised
to study the question, but no decision can be taken before the harvest.

Finally, the museum wishes to thank all who lent photographs, costumes and tools for the summer exhibition, and
above all those who told their stories to the children.
"""
PARAGRAPHS = [" ".join(text.split()) for text in _TEXT.split("\n\n")]
GOODS = (
    ("Rye bread, sliced", "2", "3.40"),
    ("Butter, salted", "1", "4.15"),
    ("Smoked herring", "3", "12.60"),
    ("Coffee beans", "1", "8.95"),
    ("Writing paper", "5", "6.25"),
    ("Lamp oil, two litres", "2", "11.80"),
    ("Candles, white", "12", "7.20"),
    ("Woollen gloves", "1", "19.50"),
    ("Garden shears", "1", "24.75"),
    ("Postage stamps", "20", "16.00"),
)


@dataclass(frozen=True)
class Printed:
    """A page in black on white, and its words as they are read."""

    pixels: NDArray[np.uint8]
    words: tuple[str, ...]


class Paper(Sheets):
    """A page that remembers what was written on it, in the order in which it was written."""

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__(size)
        self.words: list[str] = []

    def text(self, x: float, y: float, text: str, **style) -> float:
        self.words += text.split()
        return super().text(x, y, text, **style)


def letter(size: float = 11) -> Paper:
    paper = Paper((595, 842))
    y = paper.lines(70, 80, ["Northern Harbour Office", "14 Mill Street", "Westport 2093"], size=size)
    y = paper.lines(70, y + 20, ["To all households", "Westport, 3 September 1921"], size=size)
    paper.text(70, y + 24, "Annual report of the council", font="Times-Bold", size=1.4 * size)
    y += 54
    for text in PARAGRAPHS[:4]:
        y = paper.paragraph(70, y, 455, text, font="Times-Roman", size=size) + 0.6 * size
    paper.lines(70, y + 20, ["Yours faithfully,", "Edith Lindqvist, secretary"], font="Times-Roman", size=size)
    return paper


def columns() -> Paper:
    paper = Paper((595, 842))
    paper.text(60, 80, "News from the islands", font="Times-Bold", size=22)
    for x, texts in ((60, PARAGRAPHS), (308, PARAGRAPHS[::-1])):
        y = 120.0
        for text in texts:
            y = paper.paragraph(x, y, 227, text, font="Times-Roman", size=10, indent=12, justified=True)
    return paper


def table() -> Paper:
    paper = Paper((595, 842))
    paper.text(70, 90, "Goods delivered in March", font="Helvetica-Bold", size=16)
    paper.paragraph(70, 120, 455, PARAGRAPHS[0])
    paper.table(70, 170, [240, 90, 110], [("Article", "Pieces", "Price"), *GOODS])
    paper.paragraph(70, 400, 455, PARAGRAPHS[3])
    return paper


def receipt() -> Paper:
    paper = Paper((226, 420))
    paper.text(55, 30, "ISLAND STORES", font="Courier-Bold", size=14)
    y = paper.lines(40, 48, ["14 Mill Street, Westport", "Tel. 2093 4471"], font="Courier", size=9)
    y += 12
    for name, pieces, price in GOODS:
        for x, text in ((14, pieces), (34, name), (182, price)):
            paper.text(x, y, text, font="Courier", size=8)
        y += 13
    paper.rule(14, y - 4, 212, y - 4)
    for name, price in (("TOTAL", "114.60"), ("CASH", "120.00"), ("CHANGE", "5.40")):
        paper.text(34, y + 10, name, font="Courier-Bold", size=10)
        paper.text(170, y + 10, price, font="Courier-Bold", size=10)
        y += 15
    paper.text(40, y + 24, "Thank you for your visit", font="Courier", size=9)
    return paper


KINDS: dict[str, Callable[[], Paper]] = {"letter": letter, "columns": columns, "table": table, "receipt": receipt}


def printed(kind: str, dpi: int = 200) -> Printed:
    """A page of this kind, as a perfect scanner sees it."""
    return rendered(KINDS[kind](), dpi)


def rendered(paper: Paper, dpi: int = 200) -> Printed:
    with pypdfium2.PdfDocument(paper.data()) as document:
        pixels = document[0].render(scale=dpi / 72).to_numpy()
        return Printed(np.ascontiguousarray(pixels[:, :, ::-1]), tuple(paper.words))
