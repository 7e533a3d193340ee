"""Pages that are written from right to left."""

from __future__ import annotations

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth

from factories import make_page, make_word
from octavo.domain.block import BlockKind, Rule
from octavo.domain.geometry import BBox
from octavo.structure.page import understand
from reading import blocks_of, page_of
from typeset import Sheets

FACE = "STSong-Light"
HARBOUR, FERRY, MORNING, BOAT = "الميناء", "العبارة", "الصباح", "القارب"


def from_right(*texts: str, x: float = 900, y: float = 100, line: int = 0) -> list:
    """Words in the order in which they are read, each left of the one before it."""
    words = []
    for text in texts:
        word = make_word(text, y=y, line=line)
        words.append(make_word(text, x=x - word.box.width, y=y, line=line))
        x -= word.box.width + 10
    return words


def column(right: float, texts: list[str], first: int) -> list:
    return [
        word
        for place, text in enumerate(texts)
        for word in from_right(*text.split(), x=right, y=100 + 25 * place, line=first + place)
    ]


def sheet_of(*lines: str, right: float = 270, size: float = 10) -> Sheets:
    """Lines as a program sets them that knows the direction: the glyphs from left to right."""
    registerFont(UnicodeCIDFont(FACE))
    sheets = Sheets((300, 200))
    for place, line in enumerate(lines):
        sheets.text(right - stringWidth(line, FACE, size), 50 + 15 * place, line[::-1], font=FACE, size=size)
    return sheets


def test_words_come_in_the_order_of_reading():
    (block,) = understand(make_page(from_right(HARBOUR, FERRY, MORNING)))
    assert block.text == f"{HARBOUR} {FERRY} {MORNING}"
    assert [word.text for word in block.words] == [HARBOUR, FERRY, MORNING]


def test_latin_words_among_them_keep_their_own_order():
    one, other = from_right(HARBOUR, x=900), from_right(FERRY, x=600)
    latin = [make_word(text, x=x, line=0) for text, x in (("Ferry", 640), ("12", 700), ("Line", 730))]
    (block,) = understand(make_page([*one, *latin, *other]))
    assert block.text == f"{HARBOUR} Ferry 12 Line {FERRY}"


def test_all_that_is_found_stands_where_it_stood():
    words = from_right(HARBOUR, FERRY)
    latin = [make_word("Ferry", x=500, line=0), make_word("Line", x=560, line=0)]
    (block,) = understand(make_page([*words, *latin], rules=(Rule(box=BBox(100, 500, 400, 501)),)))
    assert [word.box for word in block.words] == [word.box for word in (*words, *latin)]
    assert block.box == BBox(500, 100, 900, 120)


def test_the_right_column_comes_first():
    right = column(900, [f"{HARBOUR} {FERRY} {MORNING} {BOAT} {FERRY}"] * 8, 0)
    left = column(430, [f"{BOAT} {MORNING} {FERRY} {HARBOUR} {BOAT}"] * 8, 20)
    texts = [block.text for block in understand(make_page([*left, *right]))]
    assert len(texts) == 2
    assert texts[0].startswith(HARBOUR)
    assert texts[1].startswith(BOAT)


def test_the_first_column_of_a_table_is_the_right_one():
    words, rules = [], []
    rows = ((HARBOUR, "12", "7"), (FERRY, "30", "9"), (BOAT, "41", "8"), (MORNING, "17", "6"))
    for row, texts in enumerate(rows):
        for place, text in enumerate(texts):
            words += from_right(text, x=690 - 130 * place, y=107 + 34 * row, line=10 * row + place)
    rules += [Rule(box=BBox(310, 100 + 34 * n, 700, 101 + 34 * n)) for n in range(5)]
    rules += [Rule(box=BBox(310 + 130 * n, 100, 311 + 130 * n, 236)) for n in range(4)]
    (block,) = understand(make_page(words, rules=tuple(rules)))
    assert block.kind is BlockKind.TABLE
    assert [cell.text for cell in block.table.cells] == [text for row in rows for text in row]
    assert {cell.words[0].box for cell in block.table.cells} == {word.box for word in words}


def test_a_page_with_a_few_such_words_is_read_from_the_left():
    words = [make_word("ferry", x=100, line=0), make_word("means", x=170, line=0), make_word("so", x=240, line=0)]
    (block,) = understand(make_page([*words, *from_right(FERRY, x=340, line=0)]))
    assert block.text == f"ferry means so {FERRY}"


def test_letters_of_a_word_stay_together(tmp_path):
    page = page_of(sheet_of(f"{HARBOUR} {FERRY}"), tmp_path)
    assert [word.text for word in page.words] == [HARBOUR, FERRY]
    assert len({word.line for word in page.words}) == 1


def test_lines_of_a_file_make_a_paragraph(tmp_path):
    (block,) = blocks_of(sheet_of(f"{HARBOUR} {FERRY} {MORNING}", f"{BOAT} {FERRY}"), tmp_path)
    assert block.text == f"{HARBOUR} {FERRY} {MORNING} {BOAT} {FERRY}"
