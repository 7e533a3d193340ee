"""Pages of many kinds for the measurement of coverage: what stands on each is known. Each is made of chance alone."""

from __future__ import annotations

import importlib.resources
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from covered_oddities import ODDITIES, own_font
from covered_sheets import KnownSheets, grid
from covered_words import HAN, KANA, WORDS, number, phrase, prose, sentence, unspaced
from made_documents import photograph
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from raw_pdf import RawPdf, text_at

ARABIC = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""A font with Arabic letters; without it no Arabic is made, and the table says so."""


@dataclass(frozen=True)
class Made:
    """A document, and all that it says: pieces of text, in the order in which they were written."""

    data: bytes
    said: str
    pages: int = 1
    scanned: bool = False


Kind = Callable[[KnownSheets, random.Random], None]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Adds a kind of page."""

    def add(make: Kind) -> Kind:
        KINDS[name] = make
        return make

    return add


def made(name: str, seed: int) -> Made:
    """One document of a kind."""
    chance = random.Random(f"{name} {seed}")
    if name == FORMS:
        return form(chance)
    if name == OWN_FONTS:
        return Made(*own_font(chance))
    landscape = (792, 540) if name in LYING else None
    sheets = KnownSheets(chance, landscape)
    KINDS[name](sheets, chance)
    return Made(sheets.data(), "\n".join(sheets.said), sheets.pages)


FORMS = "forms with fields"
OWN_FONTS = "letters that the page draws itself"
LYING = ("slides",)


@kind("one column with headings")
def one_column(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(sheets.top, phrase(chance, 2, 6), scale=1.9)
    for section in range(1, 6):
        if y > sheets.bottom - 120:
            break
        y = sheets.heading(y, f"{section}. {phrase(chance, 1, 5)}")
        for _ in range(chance.randint(1, 2)):
            y = sheets.prose(y, prose(chance, 45)) + 0.6 * sheets.size


def columns(sheets: KnownSheets, chance: random.Random, count: int) -> None:
    gap = sheets.size * chance.uniform(1.6, 3)
    width = (sheets.measure - (count - 1) * gap) / count
    top = sheets.heading(sheets.top, phrase(chance, 3, 7), scale=1.9) + sheets.leading
    for place in range(count):
        x, y = sheets.left + place * (width + gap), top
        while y < sheets.bottom - 20 * sheets.leading:
            if chance.random() < 0.4:
                y = sheets.heading(y, phrase(chance, 1, 3), x=x, width=width, scale=1.15)
            y = sheets.prose(y, prose(chance, 22), x=x, width=width) + chance.choice([0, 0.6]) * sheets.size


@kind("two columns")
def two_columns(sheets: KnownSheets, chance: random.Random) -> None:
    columns(sheets, chance, 2)


@kind("three columns")
def three_columns(sheets: KnownSheets, chance: random.Random) -> None:
    columns(sheets, chance, 3)


@kind("lists")
def lists(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.prose(sheets.top, prose(chance, 20)) + sheets.size
    while y < sheets.bottom - 160:
        marks = chance.choice([["•"] * 6, ["–"] * 6, [f"{n}." for n in range(1, 7)], [f"({n})" for n in "abcdef"]])
        for mark in marks[: chance.randint(2, 6)]:
            sheets.text(sheets.left + sheets.size, y, mark, font=sheets.plain, size=sheets.size)
            indent = sheets.left + 3 * sheets.size
            y = sheets.prose(y, sentence(chance), x=indent, width=sheets.measure - 4 * sheets.size, justified=False)
        y = sheets.prose(y + sheets.size, prose(chance, 15)) + sheets.size


def table_rows(chance: random.Random, columns: int, rows: int, *, wrapped: bool) -> list[list[str]]:
    """A header, and rows of a name and numbers; some cells are empty, some hold a sentence."""
    header = [phrase(chance, 1, 2) for _ in range(columns)]
    made_rows = [header]
    for _ in range(rows):
        first = sentence(chance, least=4, most=8) if wrapped and chance.random() < 0.4 else phrase(chance, 1, 3)
        others = [number(chance) if chance.random() < 0.8 else chance.choice(["", phrase(chance, 1, 2)])]
        others += [number(chance) if chance.random() < 0.85 else "" for _ in range(columns - 2)]
        made_rows.append([first, *others])
    return made_rows


def tables(sheets: KnownSheets, chance: random.Random, ruled: str) -> None:
    y = sheets.top
    for place in range(2):
        y = sheets.prose(y, prose(chance, 18)) + 0.8 * sheets.size
        caption = f"Table {place + 1}: {phrase(chance, 3, 6)}."
        y = sheets.paragraph(sheets.left, y, sheets.measure, caption, font=sheets.italic, size=0.9 * sheets.size)
        count = chance.randint(3, 5)
        widths = [sheets.measure * 0.34, *[sheets.measure * 0.66 / (count - 1)] * (count - 1)]
        rows = table_rows(chance, count, chance.randint(3, 7), wrapped=chance.random() < 0.4)
        y = grid(sheets, sheets.left, y, widths, rows, ruled=ruled) + 2.5 * sheets.size
    sheets.prose(y, prose(chance, 12))


@kind("tables, ruled")
def ruled_tables(sheets: KnownSheets, chance: random.Random) -> None:
    tables(sheets, chance, "all")


@kind("tables, three lines")
def three_line_tables(sheets: KnownSheets, chance: random.Random) -> None:
    tables(sheets, chance, "three")


@kind("tables, no lines")
def loose_tables(sheets: KnownSheets, chance: random.Random) -> None:
    tables(sheets, chance, "none")


@kind("footnotes")
def footnotes(sheets: KnownSheets, chance: random.Random) -> None:
    y, small = sheets.top, 0.8 * sheets.size
    notes = chance.randint(1, 4)
    for note in range(1, notes + 1):
        y = sheets.prose(y, prose(chance, 30), justified=False)
        end = (phrase(chance, 3, 5), sheets.plain, sheets.size, 0.0)
        sheets.pieces(sheets.left, y, end, (str(note), sheets.plain, 0.65 * sheets.size, 0.35 * sheets.size))
        y += 1.6 * sheets.leading
    foot = sheets.bottom - 2.6 * small * notes
    sheets.rule(sheets.left, foot - 1.5 * small, sheets.left + 0.3 * sheets.measure, foot - 1.5 * small)
    for note in range(1, notes + 1):
        sheets.text(sheets.left, foot - 0.35 * small, str(note), font=sheets.plain, size=0.65 * small)
        foot = sheets.paragraph(
            sheets.left + small, foot, sheets.measure - small, sentence(chance), font=sheets.plain, size=small
        )


@kind("running heads over three pages")
def running_heads(sheets: KnownSheets, chance: random.Random) -> None:
    head, foot, long = phrase(chance, 2, 5), phrase(chance, 1, 3), chance.choice(["experimental", "correspondence"])
    cut = chance.randint(3, 7)
    for page in range(3):
        if page:
            sheets.next_page()
        sheets.text(sheets.left, 0.05 * sheets.height, head, font=sheets.italic, size=0.85 * sheets.size)
        sheets.text(0.75 * sheets.width, 0.05 * sheets.height, str(page + 41), font=sheets.plain, size=sheets.size)
        sheets.text(sheets.left, 0.96 * sheets.height, foot, font=sheets.plain, size=0.8 * sheets.size)
        y = sheets.top + sheets.leading
        if page:
            with sheets.saying(long):
                y = sheets.prose(y, f"{long[cut:]}", justified=False)
        while y < sheets.bottom - 90:
            y = sheets.prose(y, prose(chance, 30)) + 0.7 * sheets.size
        if page < 2:
            start = sentence(chance, least=4, most=5).rstrip(".")
            sheets.say(start)
            with sheets.saying(""):
                sheets.prose(y, f"{start} {long[:cut]}-", justified=False)


@kind("pictures with captions")
def pictures(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.top
    for place in range(2):
        y = sheets.prose(y, prose(chance, 30)) + sheets.size
        wide = chance.uniform(0.4, 0.9) * sheets.measure
        x = sheets.left + chance.choice([0, (sheets.measure - wide) / 2])
        sheets.picture(x, y, x + wide, y + 0.5 * wide, photograph(chance))
        if chance.random() < 0.5:
            sheets.text(x + 12, y + 24, phrase(chance, 1, 2), font=sheets.bold, size=1.5 * sheets.size, color="#ffffff")
        caption = f"Figure {place + 1}. {sentence(chance)}"
        y = sheets.paragraph(x, y + 0.5 * wide + 1.5 * sheets.size, wide, caption, font=sheets.italic, size=8)
        y += sheets.size


@kind("charts with labels")
def charts(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.prose(sheets.top, prose(chance, 25)) + sheets.size
    bars, high, x = chance.randint(3, 7), 140.0, sheets.left + 40
    step = (sheets.measure - 60) / bars
    for place in range(bars):
        top = y + high - chance.uniform(20, high - 20)
        sheets.box(x + place * step, top, x + (place + 0.7) * step, y + high, fill="#6688aa")
        sheets.text(x + place * step, y + high + 11, str(2010 + place), font=sheets.plain, size=7)
        if chance.random() < 0.5:
            sheets.text(x + place * step, top - 3, str(chance.randrange(10, 99)), font=sheets.plain, size=7)
    sheets.rule(x - 6, y, x - 6, y + high)
    sheets.rule(x - 6, y + high, x + bars * step, y + high)
    for place in range(5):
        sheets.text(x - 28, y + high - place * high / 5, str(place * 25), font=sheets.plain, size=7)
    sheets.text(x - 32, y + 0.8 * high, phrase(chance, 1, 2), font=sheets.plain, size=7, angle=90)
    for place in range(2):
        sheets.box(x + place * 120, y + high + 20, x + place * 120 + 8, y + high + 28, fill="#aa5533")
        sheets.text(x + place * 120 + 12, y + high + 28, phrase(chance, 1, 2), font=sheets.plain, size=7)
    y = sheets.paragraph(sheets.left, y + high + 50, sheets.measure, f"Figure 1. {sentence(chance)}", size=8)
    sheets.prose(y + sheets.size, prose(chance, 25))


@kind("diagrams of boxes")
def diagrams(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.prose(sheets.top, prose(chance, 15)) + 2 * sheets.size
    width = sheets.measure / 3
    for row in range(chance.randint(2, 4)):
        for column in range(3):
            if chance.random() < 0.25:
                continue
            x = sheets.left + column * width
            sheets.box(x, y, x + 0.8 * width, y + 40, fill=chance.choice(["", "#eef2f7"]), stroke=True)
            sheets.paragraph(x + 5, y + 14, 0.8 * width - 10, phrase(chance, 2, 3), font=sheets.plain, size=8)
            sheets.rule(x + 0.8 * width, y + 20, x + width, y + 20)
        y += 66 + row
    sheets.prose(y + sheets.size, prose(chance, 15))


@kind("writing up and down the edge")
def turned_notes(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.top
    while y < sheets.bottom - 100:
        y = sheets.prose(y, prose(chance, 35)) + 0.7 * sheets.size
    sheets.text(18, 0.7 * sheets.height, sentence(chance), font=sheets.plain, size=8, angle=90)
    sheets.text(sheets.width - 18, 0.2 * sheets.height, phrase(chance, 2, 5), font=sheets.plain, size=8, angle=270)


@kind("a word across the page")
def stamped(sheets: KnownSheets, chance: random.Random) -> None:
    word = chance.choice(["DRAFT", "CONFIDENTIAL", "COPY", "SPECIMEN"])
    angle = chance.choice([30, 45, 60])
    sheets.text(
        0.25 * sheets.width, 0.7 * sheets.height, word, font="Helvetica-Bold", size=52, angle=angle, color="#dddddd"
    )
    y = sheets.top
    while y < sheets.bottom - 100:
        y = sheets.prose(y, prose(chance, 35)) + 0.7 * sheets.size


@kind("drop caps")
def drop_caps(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(sheets.top, phrase(chance, 2, 4)) + sheets.size
    for _ in range(2):
        text = prose(chance, 45)
        large = 2 * sheets.leading + 0.7 * sheets.size
        room = stringWidth(text[0], sheets.bold, large / 0.72) + 2
        with sheets.saying(text):
            sheets.text(sheets.left, y + 2 * sheets.leading, text[0], font=sheets.bold, size=large / 0.72)
            x, lines = sheets.left + room, []
            words = text[1:].split()
            while words and len(lines) < 3:
                line = words.pop(0)
                while words and stringWidth(f"{line} {words[0]}", sheets.plain, sheets.size) < sheets.measure - room:
                    line += " " + words.pop(0)
                lines.append(line)
            y = sheets.lines(x, y, lines, font=sheets.plain, size=sheets.size, leading=sheets.leading)
            if words:
                y = sheets.prose(y, " ".join(words))
        y = sheets.prose(y + 0.5 * sheets.size, prose(chance, 30)) + 2.5 * sheets.leading


@kind("forms on paper")
def paper_forms(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(sheets.top, phrase(chance, 2, 4))
    for _ in range(chance.randint(6, 12)):
        x = sheets.left
        for _ in range(chance.choice([1, 2])):
            end = sheets.text(x, y, phrase(chance, 1, 2) + ":", font=sheets.plain, size=sheets.size)
            stop = x + 0.45 * sheets.measure
            if chance.random() < 0.5:
                sheets.rule(end + 4, y + 1, stop, y + 1)
            if chance.random() < 0.6:
                sheets.text(end + 8, y, phrase(chance, 1, 2), font="Courier", size=sheets.size)
            x += 0.52 * sheets.measure
        y += 2.2 * sheets.leading
    sheets.prose(y, prose(chance, 15))


@kind("code")
def code(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(sheets.top, phrase(chance, 2, 4))
    for _ in range(3):
        y = sheets.prose(y, prose(chance, 18)) + sheets.size
        lines = []
        for depth in (0, 1, 1, 2, 2, 1, 0)[: chance.randint(3, 7)]:
            one, other = chance.sample(WORDS["en"][:50], 2)
            form = chance.choice(["def {}({}):", "{} = {}[0] + 12", "for {} in {}:", "return {}.{}()", "# {} {}"])
            lines.append("    " * depth + form.format(one, other))
        y = sheets.lines(sheets.left + 10, y, lines, font="Courier", size=9, leading=11) + sheets.size


VARIABLES = "abcnxyzkmpqrst"
GREEK = "αβγδλμπσ"


def inline_formula(chance: random.Random, size: float) -> list[tuple[str, str, float, float]]:
    """A small formula as pieces: font, size, and how far each is raised."""
    letter, other = chance.sample(VARIABLES, 2)
    small = 0.68 * size
    pieces = [(letter, "Times-Italic", size, 0.0), (str(chance.randrange(10)), "Times-Roman", small, -0.2 * size)]
    pieces += [(" = ", "Times-Roman", size, 0.0)]
    if chance.random() < 0.5:
        pieces.append((chance.choice(GREEK), "Symbol", size, 0.0))
    pieces += [(other, "Times-Italic", size, 0.0), ("2", "Times-Roman", small, 0.38 * size)]
    return [*pieces, (" + ", "Times-Roman", size, 0.0), (str(chance.randrange(2, 99)), "Times-Roman", size, 0.0)]


@kind("formulas in lines")
def inline_formulas(sheets: KnownSheets, chance: random.Random) -> None:
    y, size = sheets.top, 10.0
    while y < sheets.bottom - 40:
        y = sheets.paragraph(sheets.left, y, sheets.measure, prose(chance, 18), font="Times-Roman", size=size)
        x = sheets.pieces(sheets.left, y, (f"{phrase(chance, 2, 3)} ", "Times-Roman", size, 0.0))
        x = sheets.pieces(x, y, *inline_formula(chance, size))
        sheets.text(x, y, f" {phrase(chance, 2, 3).lower()}.", font="Times-Roman", size=size)
        y += 1.2 * size + chance.choice([0, 5])


@kind("formulas displayed")
def displayed_formulas(sheets: KnownSheets, chance: random.Random) -> None:
    y, size = sheets.top, 10.0
    for place in range(1, 7):
        if y > sheets.bottom - 60:
            break
        y = sheets.paragraph(sheets.left, y, sheets.measure, prose(chance, 22), font="Times-Roman", size=size)
        y += 1.8 * size
        x = sheets.pieces(sheets.left + 0.3 * sheets.measure, y, *inline_formula(chance, size))
        x = sheets.pieces(x, y, (" - ", "Times-Roman", size, 0.0))
        above, below = chance.sample(VARIABLES, 2)
        sheets.text(x + 6, y - 0.65 * size, above, font="Times-Italic", size=size)
        sheets.rule(x + 2, y - 0.25 * size, x + 16, y - 0.25 * size, width=0.4)
        sheets.text(x + 6, y + 0.75 * size, below, font="Times-Italic", size=size)
        sheets.text(sheets.left + sheets.measure - 16, y, f"({place})", font="Times-Roman", size=size)
        y += 3 * size


def in_language(sheets: KnownSheets, chance: random.Random, language: str) -> None:
    y = sheets.heading(sheets.top, phrase(chance, 2, 4, language), scale=1.7)
    while y < sheets.bottom - 110:
        if chance.random() < 0.3:
            y = sheets.heading(y, phrase(chance, 1, 4, language))
        y = sheets.prose(y, prose(chance, 40, language)) + 0.6 * sheets.size


@kind("French")
def french(sheets: KnownSheets, chance: random.Random) -> None:
    in_language(sheets, chance, "fr")


@kind("German")
def german(sheets: KnownSheets, chance: random.Random) -> None:
    in_language(sheets, chance, "de")


@kind("Spanish")
def spanish(sheets: KnownSheets, chance: random.Random) -> None:
    in_language(sheets, chance, "es")


def in_han(sheets: KnownSheets, chance: random.Random, face: str, source: str) -> None:
    registerFont(UnicodeCIDFont(face))
    per_line, y = int(sheets.measure / sheets.size) - 1, sheets.top
    sheets.text(sheets.left, y, unspaced(chance, 6, source)[:8], font=face, size=1.8 * sheets.size)
    y += 3 * sheets.leading
    while y < sheets.bottom - 80:
        text = unspaced(chance, 3 * per_line, source)
        lines = [text[start : start + per_line] for start in range(0, len(text), per_line)]
        y = sheets.lines(sheets.left, y, lines, font=face, size=sheets.size, leading=1.5 * sheets.size) + sheets.size


@kind("Chinese")
def chinese(sheets: KnownSheets, chance: random.Random) -> None:
    in_han(sheets, chance, "STSong-Light", HAN)


@kind("Japanese")
def japanese(sheets: KnownSheets, chance: random.Random) -> None:
    in_han(sheets, chance, "HeiseiMin-W3", KANA)


def arabic(sheets: KnownSheets, chance: random.Random) -> None:
    """Letters stand from right to left, as a typesetting program puts them, each in its isolated form."""
    registerFont(TTFont("DejaVu", str(ARABIC)))
    y, right = sheets.top, sheets.left + sheets.measure
    while y < sheets.bottom - 40:
        for _ in range(chance.randint(2, 5)):
            line = " ".join(chance.choices(WORDS["ar"], k=chance.randint(5, 8)))
            with sheets.saying(line):
                width = stringWidth(line, "DejaVu", sheets.size)
                sheets.text(right - width, y, line[::-1], font="DejaVu", size=sheets.size)
            y += 1.6 * sheets.size
        y += sheets.size


if ARABIC.is_file():
    kind("Arabic")(arabic)


@kind("words cut at line ends")
def cut_words(sheets: KnownSheets, chance: random.Random) -> None:
    gap = 2 * sheets.size
    width = (sheets.measure - gap) / 2
    for x in (sheets.left, sheets.left + width + gap):
        y = sheets.top
        while y < sheets.bottom - 120:
            language = chance.choice(["en", "de", "fr", "es"])
            y = sheets.hyphenated(x, y, width, prose(chance, 30, language)) + 0.6 * sheets.size


@kind("ligatures")
def ligatures(sheets: KnownSheets, chance: random.Random) -> None:
    fonts = importlib.resources.files("font_source_sans_pro") / "files"
    registerFont(TTFont("Source", str(fonts / "SourceSansPro-Regular.ttf")))
    words = ["ﬁnal", "ﬂow", "deﬁne", "reﬂect", "ﬁfty", "ﬂeet", "proﬁt", "conﬁrm"]
    y = sheets.top
    while y < sheets.bottom - 60:
        text = " ".join(chance.choice([word, chance.choice(words)]) for word in prose(chance, 40).split())
        y = sheets.paragraph(sheets.left, y, sheets.measure, text, font="Source", size=sheets.size) + 0.6 * sheets.size


@kind("letters and bills")
def letters(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.lines(sheets.left, sheets.top, [phrase(chance, 2, 3), phrase(chance, 1, 2) + " 12", "20457 Hamburg"])
    sheets.lines(
        sheets.left + 0.6 * sheets.measure,
        sheets.top,
        [f"Date: {chance.randrange(1, 28)} May 2021", f"Number: {chance.randrange(99999)}", phrase(chance, 1, 2)],
    )
    y = sheets.heading(y + 20, phrase(chance, 2, 3))
    y = sheets.prose(y, prose(chance, 25)) + sheets.size
    widths = [share * sheets.measure for share in (0.5, 0.15, 0.15, 0.2)]
    rows = [["Description", "Count", "Each", "Amount"]]
    rows += [[phrase(chance, 2, 4), *(number(chance) for _ in range(3))] for _ in range(chance.randint(2, 5))]
    rows.append(["Total", "", "", number(chance)])
    y = grid(sheets, sheets.left, y, widths, rows, ruled=chance.choice(["all", "three", "none"])) + 2 * sheets.leading
    y = sheets.prose(y, prose(chance, 20)) + 2 * sheets.leading
    sheets.text(sheets.left, y, phrase(chance, 2, 2), font=sheets.italic, size=sheets.size)
    for place in range(3):
        x = sheets.left + place * sheets.measure / 3
        sheets.lines(x, 0.94 * sheets.height, [phrase(chance, 1, 2), number(chance)], size=6.5)


@kind("tables of contents")
def contents(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(sheets.top, "Contents")
    page = 1
    for place in range(chance.randint(12, 24)):
        depth = chance.choice([0, 0, 1, 2])
        x = sheets.left + 1.5 * depth * sheets.size
        end = sheets.text(x, y, f"{place + 1} {phrase(chance, 2, 5)}", font=sheets.plain, size=sheets.size)
        page += chance.randrange(9)
        right = sheets.left + sheets.measure - stringWidth(str(page), sheets.plain, sheets.size)
        if chance.random() < 0.8:
            step = stringWidth(" .", sheets.plain, sheets.size)
            sheets.text(end, y, " ." * int((right - end) / step - 1), font=sheets.plain, size=sheets.size)
        sheets.text(right, y, str(page), font=sheets.plain, size=sheets.size)
        y += 1.4 * sheets.leading


@kind("indexes in columns")
def indexes(sheets: KnownSheets, chance: random.Random) -> None:
    width = sheets.measure / 3
    for place in range(3):
        y = sheets.top
        while y < sheets.bottom - 20:
            entry = f"{phrase(chance, 1, 2).lower()}, {chance.randrange(400)}, {chance.randrange(400)}"
            indent = chance.choice([0, 0, sheets.size])
            x = sheets.left + place * width + indent
            y = sheets.paragraph(x, y, width - 24, entry, font=sheets.plain, size=8)


@kind("posters")
def posters(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.top
    while y < sheets.bottom - 130:
        size = chance.choice([9, 12, 16, 24, 32])
        x = sheets.left + chance.uniform(0, 0.2) * sheets.measure
        y += chance.uniform(0.3, 1.5) * size
        if chance.random() < 0.35:
            dark = chance.choice(["#223344", "#883311", "#000000"])
            sheets.box(x - 8, y, sheets.width - sheets.left, y + 2.4 * size, fill=dark)
            words = phrase(chance, 1, 3)
            sheets.text(x, y + 1.4 * size, words, font=sheets.bold, size=min(size, 16), color="#ffffff")
            y += 2.4 * size
        else:
            words = phrase(chance, 1, 6)
            y = sheets.paragraph(x, y + size, 0.7 * sheets.measure, words, font=sheets.plain, size=size) - 0.9 * size


@kind("slides")
def slides(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.heading(70, phrase(chance, 2, 5), scale=3)
    half = 0.5 * sheets.measure
    for x in (sheets.left, sheets.left + half + 12):
        row = y + 20
        for _ in range(chance.randint(2, 4)):
            sheets.text(x, row, "•", font=sheets.plain, size=16)
            row = sheets.paragraph(x + 18, row, half - 40, phrase(chance, 3, 8), font=sheets.plain, size=16) + 8
    sheets.text(sheets.left, 522, phrase(chance, 1, 3), font=sheets.plain, size=8)
    sheets.text(740, 522, str(chance.randrange(1, 60)), font=sheets.plain, size=8)


@kind("numbered lines")
def numbered_lines(sheets: KnownSheets, chance: random.Random) -> None:
    y, line = sheets.top, 1
    while y < sheets.bottom - 20:
        if chance.random() < 0.7 or line % 5 == 0:
            sheets.text(sheets.left - 26, y, str(line), font=sheets.plain, size=7)
        words = sentence(chance, least=6, most=9)
        sheets.text(sheets.left, y, words, font=sheets.plain, size=min(sheets.size, 9))
        y += 1.8 * sheets.size
        line += 1


@kind("notes beside the text")
def side_notes(sheets: KnownSheets, chance: random.Random) -> None:
    y, inner = sheets.top, 0.7 * sheets.measure
    while y < sheets.bottom - 110:
        if chance.random() < 0.6:
            x = sheets.left + inner + 14
            sheets.paragraph(x, y, sheets.measure - inner - 14, sentence(chance, most=7), font=sheets.italic, size=7)
        y = sheets.prose(y, prose(chance, 35), width=inner) + 0.8 * sheets.size


@kind("boxes beside the text")
def boxed(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.prose(sheets.top, prose(chance, 30)) + sheets.size
    half = 0.48 * sheets.measure
    top = y
    sheets.box(sheets.left + half + 10, top, sheets.left + sheets.measure, top + 150, fill="#e8eef4")
    inner = sheets.paragraph(sheets.left + half + 18, top + 16, half - 20, phrase(chance, 2, 3), font=sheets.bold)
    sheets.paragraph(sheets.left + half + 18, inner, half - 20, prose(chance, 12), font=sheets.plain, size=8)
    y = sheets.prose(top + sheets.size, prose(chance, 35), width=half)
    sheets.prose(max(y, top + 160) + sheets.size, prose(chance, 30))


@kind("pages turned in the file")
def turned(sheets: KnownSheets, chance: random.Random) -> None:
    degrees = chance.choice([90, 270])
    sheets.turn(degrees)
    x = sheets.left
    while x < sheets.width - sheets.left:
        words = sentence(chance, most=8)
        if degrees == 90:
            sheets.text(x, sheets.height - 50, words, font=sheets.plain, size=sheets.size, angle=90)
        else:
            sheets.text(sheets.width - x, 50, words, font=sheets.plain, size=sheets.size, angle=270)
        x += chance.choice([1, 1, 1, 2]) * sheets.leading


@kind("a table lying on its side")
def lying_table(sheets: KnownSheets, chance: random.Random) -> None:
    x = sheets.left + 20
    sheets.text(sheets.left, 0.88 * sheets.height, phrase(chance, 3, 6), font=sheets.bold, size=11, angle=90)
    for row in table_rows(chance, 5, chance.randint(5, 12), wrapped=False):
        for place, text in enumerate(row):
            if text:
                y = 0.88 * sheets.height - place * 0.16 * sheets.height
                sheets.text(x, y, text, font=sheets.plain, size=8, angle=90)
        x += 14


@kind("a table over two pages")
def table_over_break(sheets: KnownSheets, chance: random.Random) -> None:
    widths = [share * sheets.measure for share in (0.4, 0.3, 0.3)]
    header, *rows = table_rows(chance, 3, 10, wrapped=False)
    y = sheets.prose(sheets.top, prose(chance, 20)) + sheets.size
    grid(sheets, sheets.left, y, widths, [header, *rows[:5]], ruled="all")
    sheets.next_page()
    y = grid(sheets, sheets.left, sheets.top, widths, [header, *rows[5:]], ruled="all") + 2 * sheets.leading
    sheets.prose(y, prose(chance, 20))


@kind("all in one")
def mixed(sheets: KnownSheets, chance: random.Random) -> None:
    """A paper of two columns with a bit of everything, and furniture."""
    sheets.text(sheets.left, 0.045 * sheets.height, phrase(chance, 2, 4), font=sheets.italic, size=7)
    sheets.text(0.5 * sheets.width, 0.965 * sheets.height, str(chance.randrange(999)), font=sheets.plain, size=8)
    y = sheets.heading(sheets.top, phrase(chance, 3, 6), scale=1.9) + sheets.size
    width = 0.48 * sheets.measure
    for x in (sheets.left, sheets.left + 0.52 * sheets.measure):
        row = y
        while row < sheets.bottom - 150:
            row = chance.choice(PARTS)(sheets, chance, x, row, width) + 0.9 * sheets.leading


def _text_part(sheets: KnownSheets, chance: random.Random, x: float, y: float, width: float) -> float:
    return sheets.hyphenated(x, y, width, prose(chance, 30))


def _heading_part(sheets: KnownSheets, chance: random.Random, x: float, y: float, width: float) -> float:
    y = sheets.heading(y, f"{chance.randrange(1, 9)}.{chance.randrange(1, 9)} {phrase(chance)}", x=x, width=width)
    return sheets.hyphenated(x, y, width, prose(chance, 20))


def _table_part(sheets: KnownSheets, chance: random.Random, x: float, y: float, width: float) -> float:
    caption = f"Table {chance.randrange(1, 9)}. {phrase(chance, 2, 4)}."
    y = sheets.paragraph(x, y, width, caption, font=sheets.italic, size=8)
    rows = table_rows(chance, 3, 4, wrapped=False)
    return grid(sheets, x, y, [width / 3] * 3, rows, ruled=chance.choice(["all", "three"])) + sheets.leading


def _picture_part(sheets: KnownSheets, chance: random.Random, x: float, y: float, width: float) -> float:
    sheets.picture(x, y, x + width, y + 80, photograph(chance))
    return sheets.paragraph(x, y + 92, width, f"Fig. {chance.randrange(1, 9)}. {sentence(chance)}", size=7.5)


def _list_part(sheets: KnownSheets, chance: random.Random, x: float, y: float, width: float) -> float:
    for _ in range(3):
        sheets.text(x + 4, y, "•", font=sheets.plain, size=sheets.size)
        y = sheets.prose(y, phrase(chance, 4, 9), x=x + 14, width=width - 14, justified=False)
    return y


@kind("tables with spans and shades")
def spanned_tables(sheets: KnownSheets, chance: random.Random) -> None:
    y, count, high, size = sheets.prose(sheets.top, prose(chance, 20)) + sheets.size, 5, 18.0, 8.0
    width = sheets.measure / count
    over = sheets.chance.choice([2, 4])
    for row in range(chance.randint(5, 9)):
        if row % 2:
            sheets.box(sheets.left, y, sheets.left + sheets.measure, y + high, fill="#e6eaf0")
        for place in range(count):
            x = sheets.left + place * width
            if row == 0 and place in range(1, over + 1):
                if place == 1:
                    sheets.text(x + 0.3 * width, y + 12, phrase(chance, 1, 2), font=sheets.bold, size=size)
                continue
            text = phrase(chance, 1, 2) if row < 2 or place == 0 else number(chance)
            sheets.text(x + 3, y + 12, text[:12].strip(), font=sheets.bold if row < 2 else sheets.plain, size=size)
        sheets.rule(sheets.left, y, sheets.left + sheets.measure, y)
        y += high
    sheets.rule(sheets.left, y, sheets.left + sheets.measure, y)
    sheets.prose(y + 2 * sheets.leading, prose(chance, 20))


@kind("tables with turned heads")
def turned_heads(sheets: KnownSheets, chance: random.Random) -> None:
    y, count = sheets.prose(sheets.top, prose(chance, 20)) + 70, 6
    width = 0.6 * sheets.measure / count
    for place in range(count):
        x = sheets.left + 0.35 * sheets.measure + place * width
        sheets.text(x + 12, y, phrase(chance, 1, 2), font=sheets.bold, size=8, angle=90)
    for _ in range(chance.randint(4, 8)):
        sheets.rule(sheets.left, y + 4, sheets.left + sheets.measure, y + 4)
        y += 16
        sheets.text(sheets.left, y, phrase(chance, 1, 2), font=sheets.plain, size=8)
        for place in range(count):
            x = sheets.left + 0.35 * sheets.measure + place * width
            sheets.text(x, y, str(chance.randrange(100)), font=sheets.plain, size=8)
    sheets.prose(y + 2.5 * sheets.leading, prose(chance, 20))


@kind("titles set apart letter by letter")
def letterspaced(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.top
    while y < sheets.bottom - 130:
        words = phrase(chance, 1, 2).upper()
        sheets.text(sheets.left, y, words, font=sheets.bold, size=sheets.size, spacing=chance.choice([1, 2, 3]))
        y = sheets.prose(y + 1.5 * sheets.leading, prose(chance, 25)) + 1.5 * sheets.leading


@kind("titles printed twice")
def printed_twice(sheets: KnownSheets, chance: random.Random) -> None:
    """Bold made of plain type, a shade behind letters: what is drawn twice in one place is one word."""
    y = sheets.top
    while y < sheets.bottom - 130:
        size, shift = chance.choice([(12, 0.3), (16, 0.4), (22, 1.2)])
        with sheets.saying(words := phrase(chance, 1, 3)):
            sheets.text(sheets.left + shift, y + shift / 2, words, font=sheets.plain, size=size, color="#999999")
            sheets.text(sheets.left, y, words, font=sheets.plain, size=size)
        y = sheets.prose(y + 1.8 * sheets.leading, prose(chance, 25)) + 2 * sheets.leading


@kind("letters placed one by one")
def placed_letters(sheets: KnownSheets, chance: random.Random) -> None:
    y, bound = sheets.top, sheets.left + 0.85 * sheets.measure
    for _ in range(6):
        text = prose(chance, 14)
        with sheets.saying(text):
            x = sheets.left
            for word in text.split():
                if x > bound:
                    x, y = sheets.left, y + sheets.leading
                for letter in word:
                    x = sheets.text(x, y, letter, font=sheets.plain, size=sheets.size)
                x += stringWidth(" ", sheets.plain, sheets.size)
        y += 2 * sheets.leading


@kind("underlined and struck words")
def underlined(sheets: KnownSheets, chance: random.Random) -> None:
    y = sheets.top
    while y < sheets.bottom - 130:
        end = sheets.text(sheets.left, y, phrase(chance, 2, 5), font=sheets.bold, size=sheets.size)
        sheets.rule(sheets.left, y + 1.5, end, y + 1.5)
        y = sheets.prose(y + 1.5 * sheets.leading, prose(chance, 15))
        end = sheets.text(sheets.left, y, phrase(chance, 2, 5), font=sheets.plain, size=sheets.size)
        sheets.rule(sheets.left, y - 0.3 * sheets.size, end, y - 0.3 * sheets.size)
        y += 2 * sheets.leading


@kind("text that nobody sees")
def unseen(sheets: KnownSheets, chance: random.Random) -> None:
    """What is drawn in white on white, or not at all, is not on the page."""
    y = sheets.top
    while y < sheets.bottom - 130:
        y = sheets.prose(y, prose(chance, 30)) + sheets.leading
        with sheets.saying(""):
            words = phrase(chance, 2, 4)
            sheets.text(sheets.left, y, words, font=sheets.plain, size=9, mode=chance.choice([0, 3]), color="#ffffff")
        y += 2 * sheets.leading


PARTS = (_text_part, _text_part, _heading_part, _table_part, _picture_part, _list_part)


def form(chance: random.Random) -> Made:
    """A form whose fields are filled; some draw themselves, some do not."""
    pdf, said, fields, content = RawPdf(), [], [], ""
    y = 760
    for place in range(chance.randint(6, 14)):
        label, value = phrase(chance, 1, 2), phrase(chance, 1, 3)
        content += text_at(60, y, label)
        rect, name = f"220 {y - 5} 480 {y + 15}", f"field{place}"
        look = pdf.form(text_at(2, 6, value), "0 0 260 20") if chance.random() < 0.5 else 0
        fields.append(pdf.widget(name, "Tx", rect, f"/V ({value})", appearance=look))
        said += [label, value]
        y -= 34
    pdf.acroform(fields)
    pdf.page(content, annotations=fields)
    return Made(pdf.data(), "\n".join(said))


KINDS.update(ODDITIES)
NAMES = (*KINDS, FORMS, OWN_FONTS)
