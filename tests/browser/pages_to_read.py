"""Documents that the workbench is tested with, made here."""

from __future__ import annotations

from functools import reduce
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from typeset import A4, HIDDEN, Sheets, scanned

WORDS = "The ferry left the harbour before dawn and came back with salt, rope and news from the islands."


def letter(pages: int = 1, *, password: str | None = None) -> bytes:
    """A PDF with a heading, two paragraphs and a number on each page."""
    sheet = Sheets(password=password)
    for number in range(1, pages + 1):
        if number > 1:
            sheet.next_page()
        sheet.text(72, 110, f"Report number {number}", font="Helvetica-Bold", size=20)
        sheet.paragraph(72, 150, 420, WORDS, size=11, leading=15)
        told = f"On day {number} the wind turned, and nobody could say why."
        sheet.paragraph(72, 230, 420, told, size=11, leading=15)
    return sheet.data()


def scans(pages: int) -> bytes:
    """A TIFF of that many scans, which take the models a while."""
    images = [scanned([f"Sheet {number} of the log", *([WORDS] * 12)]) for number in range(1, pages + 1)]
    file = BytesIO()
    images[0].save(file, "TIFF", save_all=True, append_images=images[1:], compression="tiff_deflate")
    return file.getvalue()


def speckled() -> bytes:
    """A PNG of a few lines that are hard to read."""
    image = scanned(["Sheet 1 of the log", WORDS[:48], "Quay 7 lies empty", WORDS[48:]], 900, 400)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float32)
    noise = np.random.default_rng(7).normal(128, 60, pixels.shape[:2])
    mixed = Image.fromarray(np.clip(0.55 * pixels + 0.45 * noise[:, :, None], 0, 255).astype(np.uint8))
    file = BytesIO()
    mixed.save(file, "PNG")
    return file.getvalue()


TIDES = (
    "Tides at the northern pier",
    "On Monday high water comes at 07:41 in the morning and once more at 20:05.",
    "On Tuesday the pilot boat leaves at noon, whatever the wind may be then.",
    "On Wednesday all ships wait behind the lock until the gate is mended.",
    "On Thursday the harbour master counts the boats and writes them down.",
)
MISREAD = {"07:41": "08:47", "pilot boat": "pivot boot", "all ships wait": "ships wait"}


def misread(pages: int = 1) -> bytes:
    """Scans with a layer of text below them, as other programs make it; the layer has `MISREAD` in it."""
    sheet = Sheets()
    for number in range(pages):
        if number:
            sheet.next_page()
        lines = [TIDES[0], f"Sheet {number + 1} of all that there are", *TIDES[1:]]
        sheet.picture(0, 0, *A4, scanned(lines))
        for place, line in enumerate(lines):
            wrong = reduce(lambda text, change: text.replace(*change), MISREAD.items(), line)
            sheet.text(24, 35 + 18 * place, wrong, size=12, mode=HIDDEN)
    return sheet.data()


def hostile() -> bytes:
    """A PDF whose text tries everything that text can try in a browser."""
    sheet = Sheets()
    lines = [
        "<script>window.caught = 1</script>",
        "<img src=x onerror='window.caught = 2'>",
        "[click](javascript:window.caught=3)",
        "<svg onload=window.caught=4><a href=javascript:window.caught=5>x</a></svg>",
        "![pixel](https://tracker.example/pixel.png)",
        "<iframe src=https://tracker.example></iframe><style>body{display:none}</style>",
        "<form action=https://tracker.example><input name=key><button>Go</button></form>",
        "$\\href{javascript:window.caught=6}{x}$ and $\\includegraphics{https://tracker.example/a.png}$",
        "<table><tr><td onclick=window.caught=7 style=position:fixed>cell</td></tr></table>",
    ]
    for place, line in enumerate(lines):
        sheet.text(60, 100 + 24 * place, line, font="Courier", size=8)
    return sheet.data()
