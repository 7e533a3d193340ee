"""Pages where words are easily lost: letters set one by one, in several pieces, on curves, in odd fonts and objects."""

from __future__ import annotations

import math
import random

from covered_sheets import KnownSheets
from covered_words import KANA, WORDS, phrase, prose, unspaced
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth

from raw_pdf import RawPdf, text_at

FONTS = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Times-Italic", "Courier")


def lettered_titles(sheets: KnownSheets, chance: random.Random) -> None:
    """Titles of letters set apart in each way that there is, large and small, capitals and not."""
    y = sheets.top
    while y < sheets.bottom - 130:
        words, font, size = phrase(chance, 1, 3), chance.choice(FONTS), chance.choice([8, 10, 12, 16, 24])
        set_apart = chance.choice((_spaced, _placed, _typed))
        y += size
        with sheets.saying(words if set_apart is _placed else words.upper()):
            set_apart(sheets, y, words, font, size, chance.choice([0.08, 0.15, 0.25, 0.4]))
        y = sheets.prose(y + 1.5 * sheets.leading, prose(chance, 20)) + 1.5 * sheets.leading


def _spaced(sheets: KnownSheets, y: float, words: str, font: str, size: float, apart: float) -> None:
    sheets.text(sheets.left, y, words.upper(), font=font, size=size, spacing=apart * size)


def _typed(sheets: KnownSheets, y: float, words: str, font: str, size: float, apart: float) -> None:
    typed = "   ".join(" ".join(word) for word in words.upper().split())
    sheets.text(sheets.left, y, typed, font=font, size=size * (1 - apart))


def _placed(sheets: KnownSheets, y: float, words: str, font: str, size: float, apart: float) -> None:
    x = sheets.left
    for letter in words:
        if letter != " ":
            sheets.text(x, y, letter, font=font, size=size)
        x += stringWidth(letter, font, size) + apart * size


def spaced_emphasis(sheets: KnownSheets, chance: random.Random) -> None:
    """Words within lines that are set apart, as older books emphasise."""
    y = sheets.top
    while y < sheets.bottom - 20:
        x, spaced = sheets.left, chance.randrange(5)
        for place, word in enumerate(chance.choices(WORDS["de"], k=5)):
            apart = 0.2 * sheets.size if place == spaced else 0
            x = sheets.text(x, y, word, font=sheets.plain, size=sheets.size, spacing=apart)
            x = sheets.text(x, y, " ", font=sheets.plain, size=sheets.size)
        y += sheets.leading


def curved_titles(sheets: KnownSheets, chance: random.Random) -> None:
    """Words on a circle, each letter turned a little further."""
    words, size = phrase(chance, 2, 3), chance.choice([12, 18, 24])
    radius = chance.uniform(1.2, 3) * stringWidth(words, sheets.bold, size)
    middle, depth = sheets.width / 2, sheets.top + radius
    turn = -stringWidth(words, sheets.bold, size) / radius / 2
    with sheets.saying(words):
        for letter in words:
            half = stringWidth(letter, sheets.bold, size) / radius / 2
            turn += half
            x, y = middle + radius * math.sin(turn), depth - radius * math.cos(turn)
            back = half * radius
            sheets.text(
                x - back * math.cos(turn),
                y - back * math.sin(turn),
                letter,
                font=sheets.bold,
                size=size,
                angle=-math.degrees(turn),
            )
            turn += half
    sheets.prose(sheets.top + 12 * sheets.leading, prose(chance, 60))


def coloured_pieces(sheets: KnownSheets, chance: random.Random) -> None:
    """Words in several colours, cut anywhere."""
    y = sheets.top
    while y < sheets.bottom - 20:
        x = sheets.left
        for word in chance.choices(WORDS["en"], k=6):
            cut = chance.randrange(len(word) + 1)
            with sheets.saying(word):
                for piece, color in ((word[:cut], "#aa2200"), (word[cut:], "#000000")):
                    x = sheets.text(x, y, piece, font=sheets.plain, size=sheets.size, color=color)
            x = sheets.text(x, y, " ", font=sheets.plain, size=sheets.size)
        y += sheets.leading


def nested_forms(sheets: KnownSheets, chance: random.Random) -> None:
    """Text in form objects within form objects, moved and scaled."""
    scale = chance.uniform(0.6, 1)
    with sheets.form("outer", x=10, y=20, scale=scale):
        y = sheets.prose(sheets.top, prose(chance, 30))
        with sheets.form("inner", x=0, y=20, scale=0.9):
            y = sheets.prose(y + sheets.size, prose(chance, 30))
            with sheets.form("innermost", x=5, y=30):
                sheets.prose(y + sheets.size, prose(chance, 30))
    sheets.prose(sheets.top + 30 * sheets.leading, prose(chance, 30))


def shapes_of_letters(sheets: KnownSheets, chance: random.Random) -> None:
    """Titles that are drawn, with no text behind them, above real text."""
    y = sheets.top
    while y < sheets.bottom - 160:
        words = phrase(chance, 2, 3)
        sheets.say(words)
        size = chance.choice([12, 16, 24])
        sheets.shapes(sheets.left, y + size, words, size=size)
        y = sheets.prose(y + 2.5 * size, prose(chance, 35)) + 2 * sheets.leading


def small_capitals(sheets: KnownSheets, chance: random.Random) -> None:
    """Capitals of two sizes."""
    y = sheets.top
    while y < sheets.bottom - 130:
        x, size = sheets.left, chance.choice([10, 14, 20])
        for word in phrase(chance, 2, 4).upper().split():
            with sheets.saying(word):
                x = sheets.text(x, y, word[0], font=sheets.plain, size=size)
                x = sheets.text(x, y, word[1:], font=sheets.plain, size=0.78 * size)
            x += 0.28 * size
        y = sheets.prose(y + 1.5 * sheets.leading, prose(chance, 25)) + 2 * sheets.leading


def printed_bold(sheets: KnownSheets, chance: random.Random) -> None:
    """Running text that is printed twice, a little shifted."""
    y, shift = sheets.top, chance.choice([0.15, 0.25, 0.4])
    while y < sheets.bottom - 130:
        text = prose(chance, 25)
        end = sheets.prose(y, text, justified=False)
        with sheets.saying(""):
            sheets.prose(y, text, x=sheets.left + shift, justified=False)
        y = end + sheets.leading


def cut_cells(sheets: KnownSheets, chance: random.Random) -> None:
    """A table whose cells are too narrow for their text, which a box cuts off; what shows whole is said."""
    width, y = sheets.measure / 4, sheets.top
    for _ in range(chance.randint(4, 9)):
        for place in range(4):
            x = sheets.left + place * width
            word, hidden = phrase(chance, 1, 1), "-" * 40
            with sheets.clipped(x, y - 10, x + width - 4, y + 6), sheets.saying(word):
                sheets.text(x + 2, y, word if chance.random() < 0.6 else f"{word} {hidden}", size=8)
        sheets.rule(sheets.left, y + 6, sheets.left + sheets.measure, y + 6)
        y += 18


def page_edges(sheets: KnownSheets, chance: random.Random) -> None:
    """Words at the very edges, whole."""
    words = [phrase(chance, 1, 3) for _ in range(5)]
    sheets.text(1, 9, words[0], size=9)
    sheets.text(sheets.width - stringWidth(words[1], "Helvetica", 9) - 1, 9, words[1], size=9)
    sheets.text(1, sheets.height - 3, words[2], size=9)
    sheets.text(9, sheets.height / 2, words[3], size=9, angle=90)
    sheets.text(sheets.width - 3, sheets.height / 2, words[4], size=9, angle=90)
    sheets.prose(sheets.top, prose(chance, 60))


def beyond_edges(sheets: KnownSheets, chance: random.Random) -> None:
    """Words that run over the edge, and words beyond it: the report must warn of them."""
    sheets.prose(sheets.top, prose(chance, 60))
    for place in range(6):
        sheets.text(sheets.width - 60, (0.5 + 0.05 * place) * sheets.height, phrase(chance, 4, 6), size=11)


def tall_columns(sheets: KnownSheets, chance: random.Random) -> None:
    """Japanese from top to bottom, columns from right to left; each letter is placed."""
    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    size, x = 11.0, sheets.width - sheets.left
    per_column = int((sheets.bottom - sheets.top) / (1.05 * size))
    while x > 0.4 * sheets.width:
        text = unspaced(chance, per_column, KANA)[:per_column]
        with sheets.saying(text):
            for place, sign in enumerate(text):
                sheets.text(x, sheets.top + 1.05 * size * place, sign, font="HeiseiMin-W3", size=size)
        x -= 1.8 * size


def scan_with_text(sheets: KnownSheets, chance: random.Random) -> None:
    """A picture of a page, and its words under it, unseen."""
    scale = 200 / 72
    image = Image.new("L", (round(sheets.width * scale), round(sheets.height * scale)), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=10 * scale)
    y = sheets.top
    while y < sheets.bottom - 100:
        line = phrase(chance, 6, 8)
        draw.text((sheets.left * scale, (y - 9) * scale), line, fill=0, font=font)
        sheets.text(sheets.left, y, line, size=10, mode=3)
        y += 18
    sheets.picture(0, 0, sheets.width, sheets.height, image.convert("RGB"))


ODDITIES = {
    "titles of letters set apart in many ways": lettered_titles,
    "words emphasised by spacing": spaced_emphasis,
    "titles on a curve": curved_titles,
    "words of several colours": coloured_pieces,
    "forms within forms": nested_forms,
    "titles drawn as shapes": shapes_of_letters,
    "small capitals of two sizes": small_capitals,
    "running text printed twice": printed_bold,
    "cells that cut their text": cut_cells,
    "words at the edges of the page": page_edges,
    "words beyond the edges": beyond_edges,
    "columns from top to bottom": tall_columns,
    "scans with words under them": scan_with_text,
}


def own_font(chance: random.Random) -> tuple[bytes, str]:
    """A page in a Type3 font whose letters are drawn by the page itself, next to real text; and what it says.

    Half of them say what their letters mean.
    """
    pdf = RawPdf()
    shape = "500 0 0 0 500 700 d1 0 0 120 700 re 380 0 120 700 re 0 580 500 120 re 0 300 500 90 re f"
    glyph = pdf.stream(shape)
    says = (
        pdf.stream("1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <0041> endbfchar")
        if chance.random() < 0.5
        else 0
    )
    mapped = f"/ToUnicode {says} 0 R" if says else ""
    font = pdf.add(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 65"
        f" /LastChar 65 /Widths [600] /CharProcs << /A {glyph} 0 R >> /Encoding << /Type /Encoding /Differences"
        f" [65 /A] >> /Resources << >> {mapped} >>"
    )
    lines = [phrase(chance, 8, 11) for _ in range(8)]
    content = "".join(text_at(60, 700 - 30 * place, line[:90]) for place, line in enumerate(lines))
    content += "BT /T3 14 Tf 60 740 Td (AA AAA) Tj ET\n"
    pdf.page(content, resources=f"/Font << /F1 {pdf.font} 0 R /T3 {font} 0 R >>")
    return pdf.data(), "\n".join(["AA AAA", *(line[:90] for line in lines)])
