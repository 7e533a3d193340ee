"""Scans whose words are known: those of an evaluation, or dense pages of A4 at 300 dpi that are made here."""

from __future__ import annotations

import io
import random
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from made_documents import sentences
from PIL import Image, ImageFilter

from typeset import A4, Sheets

SIZES = {"Times-Roman": 11.5, "Helvetica": 10.5, "Courier": 9.0}
"""Points, by font: so that lines fill the page."""
DPI = 300
LEADING, EDGE = 14.0, 62.0
LINES = 50
COLUMNS = 86
"""Characters of a line."""
SKEW, SPREAD, NOISE = 0.3, 0.7, 6.0
"""A scanner's: degrees at most, blur in pixels, and the deviation of grey values."""


@dataclass(frozen=True)
class Scan:
    """One page.

    Attributes:
        file: an image.
        truth: its text, line by line.
        kind: the documents that it is one of, as tables call them.
        item: of the manifest of an evaluation; none for pages that are made.
    """

    file: Path
    truth: str
    kind: str
    item: dict[str, Any] | None = None


def made(folder: Path, count: int) -> list[Scan]:
    """Dense pages, each unlike all others, as JPEG."""
    return [_made(folder, number) for number in range(count)]


def _made(folder: Path, number: int) -> Scan:
    chance = random.Random(f"dense {number}")
    lines = list(_lines(chance))
    file = folder / f"dense {number}.jpg"
    file.write_bytes(scanned(_sheet(lines, [*SIZES][number % len(SIZES)]), chance))
    return Scan(file, "\n".join(lines), "dense A4 scans")


def _lines(chance: random.Random) -> Iterator[str]:
    """Lines of a page, with the numbers and marks that letters have."""
    text = sentences(chance, LINES * COLUMNS)
    words = [_marked(word, chance) for word in text.split()]
    yield from textwrap.wrap(" ".join(words), COLUMNS)[:LINES]


def _marked(word: str, chance: random.Random) -> str:
    match chance.randrange(25):
        case 0:
            return f"{chance.uniform(1, 9000):,.2f}"
        case 1:
            return f"{chance.randrange(1, 29)}/{chance.randrange(1, 13)}/{chance.randrange(1950, 2026)}"
        case 2 if word.isalpha():
            return f"({word})"
        case _:
            return word


def _sheet(lines: list[str], font: str) -> Image.Image:
    """Printed, and seen at 300 dpi."""
    sheets = Sheets()
    for number, line in enumerate(lines):
        sheets.text(EDGE, EDGE + LEADING * (number + 1), line, font=font, size=SIZES[font])
    with pypdfium2.PdfDocument(sheets.data()) as document:
        scale = DPI / 72
        return document[0].render(scale=scale).to_pil().convert("L").resize([round(side * scale) for side in A4])


def scanned(page: Image.Image, chance: random.Random) -> bytes:
    """As it comes from a scanner: a little askew, soft and grainy, on paper that is not white; as JPEG."""
    turned = page.rotate(chance.uniform(-SKEW, SKEW), Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(SPREAD)), dtype=np.float32)
    grain = np.random.default_rng(chance.randrange(10**9)).normal(0, NOISE, soft.shape)
    image = Image.fromarray(np.clip(soft * 0.86 + 22 + grain, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80, dpi=(DPI, DPI))
    return file.getvalue()


def evaluated(folder: Path, kind: str, items: list[dict[str, Any]]) -> list[Scan]:
    """Scans of an evaluation; those whose text is known."""
    scans = []
    for item in items:
        if truth := item["gt"].get("gt.txt"):
            text = (folder / "dev" / truth).read_text(encoding="utf-8")
            scans.append(Scan(folder / "dev" / item["file"], text, kind, item))
    return scans
