"""Long and small documents for benchmarks; each page is unlike all others."""

from __future__ import annotations

import io
import random
import textwrap
from functools import cache
from pathlib import Path

import live_server  # noqa: F401 - makes the modules of the tests known
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from typeset import Sheets

_VOCABULARY = (
    "account agreement amount annual balance board capital change company cost court current customer date delivery "
    "department report effect interest invoice letter market matter meeting month number office order paid payment "
    "period person plan price product public quarter question rate reason receipt result return section service "
    "share statement supply system table tax term total transfer value water winter work year"
)
WORDS = _VOCABULARY.split()
SHEET = (105, 149)
"""Points: a card, of 292 by 414 pixels at 200 dpi."""


@cache
def text_document(pages: int, name: str = "report", *, figures: int = 4, tables: int = 5) -> bytes:
    """A PDF with a text layer: about 2 000 characters a page.

    Args:
        pages: how many.
        name: is the title of each page, with its number.
        figures: one of so many pages has a picture; 0 is none.
        tables: one of so many has a table; 0 is none.
    """
    sheets, chance = Sheets(), random.Random(f"{name} {pages}")
    for number in range(pages):
        if number:
            sheets.next_page()
        figure = bool(figures) and number % figures == min(1, figures - 1)
        table = bool(tables) and number % tables == min(2, tables - 1)
        _text_page(sheets, f"{name} {number}", chance, figure=figure, table=table)
    return sheets.data()


def _text_page(sheets: Sheets, title: str, chance: random.Random, *, figure: bool, table: bool) -> None:
    sheets.text(60, 70, title.capitalize(), font="Helvetica-Bold", size=16)
    y = 100.0
    for _ in range(3):
        y = sheets.paragraph(60, y, 475, sentences(chance, 600), size=10) + 8
    if table:
        rows = [["Item", "Number", "Price"]] + [[chance.choice(WORDS), *_figures(chance)] for _ in range(6)]
        y = sheets.table(60, y, [200, 100, 100], rows) + 20
    if figure:
        sheets.picture(60, y, 300, y + 160, photograph(chance))


def _figures(chance: random.Random) -> tuple[str, str]:
    return str(chance.randrange(1000)), f"{chance.uniform(1, 900):.2f}"


def sentences(chance: random.Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += " ".join(chance.choices(WORDS, k=chance.randrange(6, 14))).capitalize() + ". "
    return text


def photograph(chance: random.Random) -> Image.Image:
    """Pixels that are no text, and that hardly shrink."""
    noise = Image.frombytes("RGB", (24, 16), chance.randbytes(24 * 16 * 3))
    return noise.resize((240, 160), Image.Resampling.BICUBIC)


@cache
def scanned_document(pages: int, name: str = "sheet") -> bytes:
    """A PDF of small, sparse scans: two lines of text a page, as JPEG."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=SHEET, invariant=1)
    for number in range(pages):
        canvas.drawImage(ImageReader(io.BytesIO(scan(f"{name} {number}"))), 0, 0, *SHEET)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scan(name: str, *, size: tuple[int, int] = (292, 414), kind: str = "JPEG") -> bytes:
    """An image with two lines of text; the first is its name."""
    image, file = Image.new("L", size, 244), io.BytesIO()
    brush, font = ImageDraw.Draw(image), ImageFont.load_default(size=22)
    brush.text((20, 30), name.capitalize(), fill=30, font=font)
    brush.text((20, 65), "Received with thanks", fill=30, font=font)
    image.save(file, kind, quality=70)
    return file.getvalue()


def small_image(name: str) -> bytes:
    """A picture of two lines and little else."""
    return scan(name, size=(360, 110), kind="PNG")


def scan_page(name: str) -> bytes:
    """A scanned letter, as JPEG: a title and three paragraphs on 850 x 1100 pixels."""
    chance = random.Random(name)
    image, file = Image.new("L", (850, 1100), 240), io.BytesIO()
    brush, font = ImageDraw.Draw(image), ImageFont.load_default(size=18)
    brush.text((90, 90), name.capitalize(), fill=30, font=ImageFont.load_default(size=30))
    y = 170
    for _ in range(3):
        for line in textwrap.wrap(sentences(chance, 260), 62):
            brush.text((90, y), line, fill=40, font=font)
            y += 30
        y += 24
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def table_page(name: str) -> bytes:
    """A ruled table, as PNG: seven columns, thirty rows, on 1240 x 1754 pixels."""
    chance = random.Random(name)
    image, file = Image.new("L", (1240, 1754), 250), io.BytesIO()
    brush, font = ImageDraw.Draw(image), ImageFont.load_default(size=20)
    for row in range(31):
        brush.line((70, 100 + 50 * row, 1190, 100 + 50 * row), fill=40, width=2)
    for column in range(8):
        brush.line((70 + 160 * column, 100, 70 + 160 * column, 1600), fill=40, width=2)
    for row in range(30):
        for column in range(7):
            text = f"{chance.uniform(1, 900):.2f}" if row and column else chance.choice(WORDS)
            brush.text((85 + 160 * column, 112 + 50 * row), text, fill=30, font=font)
    image.save(file, "PNG")
    return file.getvalue()


def photograph_page(scan: Path, name: str) -> bytes:
    """A page as a telephone sees it, in 12 megapixels: on a dark table, unevenly lit, in perspective; as JPEG."""
    chance, (width, height) = random.Random(name), (3000, 4000)
    with Image.open(scan) as page:
        corners = [chance.uniform(0.0, 0.06) for _ in range(8)]
        across, down = page.width, page.height
        left, right = (-corners[0] * across, -corners[1] * down), (across * (1 + corners[2]), -corners[3] * down)
        low, lower = (
            (across * (1 + corners[4]), down * (1 + corners[5])),
            (-corners[6] * across, down * (1 + corners[7])),
        )
        quad = (*left, *lower, *low, *right)
        seen = page.convert("L").transform(
            (width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=70
        )
    light = Image.linear_gradient("L").resize((width, height)).point(lambda value: 150 + value * 105 // 255)
    file = io.BytesIO()
    ImageChops.multiply(seen, light).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()
