"""Scanned, copied, faxed and photographed pages for the measurement of coverage: what stands on each is known."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
import scan_damage as damage
from covered_pages import KINDS, Kind, Made
from covered_sheets import KnownSheets
from covered_words import number, phrase, prose

WIDE, LONG = 226, 620
"""Points of a receipt."""


@dataclass(frozen=True)
class Scan:
    """How a kind of scan is made.

    Attributes:
        pages: what is printed, one of these.
        damage: what becomes of the pixels.
        dpi: at which it is scanned.
        size: of the sheet in points, where it is no usual one.
        type_size: of the body, where it is no usual one.
    """

    pages: tuple[Kind, ...]
    damage: Callable[[damage.Pixels, damage.Chance], damage.Pixels] = damage.scanned
    dpi: int = 200
    size: tuple[float, float] | None = None
    type_size: float = 0.0


def receipt(sheets: KnownSheets, chance: random.Random) -> None:
    """A shop, goods with prices, a total: letters of one width, without rules but dashes."""
    size = chance.choice([8.0, 9.0])
    sheets.left, y = 14, 40.0
    across = int((sheets.width - 28) / (0.6 * size))
    lines = [phrase(chance, 2, 3).upper(), f"{chance.randrange(1, 99)} {phrase(chance, 1, 2)} Road", ""]
    lines += [f"Date: {chance.randrange(10, 29)}/{chance.randrange(10, 13)}/2018   {chance.randrange(10, 24)}:30", ""]
    for _ in range(chance.randint(6, 14)):
        price = f"{chance.uniform(1, 99):.2f}"
        lines.append(f"{phrase(chance, 1, 3)[: across - 9]:{across - 8}}{price:>8}")
    lines += ["-" * across, f"{'TOTAL':{across - 10}}{chance.uniform(99, 999):10.2f}", "", "Thank you", number(chance)]
    sheets.lines(sheets.left, y, lines, font="Courier", size=size, leading=1.25 * size)


def dense(sheets: KnownSheets, chance: random.Random) -> None:
    """A letter from edge to edge."""
    y = sheets.heading(sheets.top, phrase(chance, 2, 5))
    while y < sheets.bottom - 6 * sheets.leading:
        y = sheets.prose(y, prose(chance, 40)) + 0.5 * sheets.leading


PROSE = (dense, KINDS["one column with headings"])
SCANS = {
    "scans: dense letters": Scan((dense,)),
    "scans: columns": Scan((KINDS["two columns"], KINDS["three columns"])),
    "scans: small print": Scan((dense, KINDS["two columns"]), dpi=300, type_size=6.0),
    "scans: tables": Scan((KINDS["tables, ruled"], KINDS["tables, no lines"])),
    "scans: receipts": Scan((receipt,), size=(WIDE, LONG)),
    "scans: forms": Scan((KINDS["forms on paper"], KINDS["letters and bills"])),
    "scans: faxes": Scan(PROSE, damage.faxed),
    "scans: photocopies": Scan(PROSE, damage.photocopied),
    "scans: photographs": Scan(PROSE, damage.photographed),
    "scans: light on dark": Scan(PROSE, damage.light_on_dark),
    "scans: stamps over text": Scan(PROSE, damage.stamped),
    "scans: faint print": Scan(PROSE, damage.faint),
}


def scan(name: str, seed: int) -> Made:
    """One page of a kind, as JPEG (faxes as PNG)."""
    chance, kind = random.Random(f"{name} {seed}"), SCANS[name]
    sheets = KnownSheets(chance, kind.size)
    if kind.type_size:
        sheets.size, sheets.leading = kind.type_size, 1.2 * kind.type_size
    chance.choice(kind.pages)(sheets, chance)
    said, page = "\n".join(sheets.said), _pixels(sheets.data(), kind.dpi)
    damaged = kind.damage(page, np.random.default_rng(chance.randrange(2**32)))
    form, options = (".png", []) if kind.damage is damage.faxed else (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 85])
    return Made(cv2.imencode(form, damaged, options)[1].tobytes(), said, scanned=True)


def _pixels(data: bytes, dpi: int) -> damage.Pixels:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return np.array(pdf[0].render(scale=dpi / 72, grayscale=True).to_numpy())
    finally:
        pdf.close()
