"""Whole typeset pages, understood; the golden pages hold the exact Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from factories import TALE, make_line, make_lines, make_page
from octavo.domain.block import BlockKind, Cell, Drawing, Font, PlacedImage, Table
from octavo.domain.geometry import BBox
from octavo.structure.page import understand
from octavo.structure.tables import FoundTable
from reading import blocks_of, page_of
from typeset import Sheets, photograph

TEXT = " ".join(TALE)
ROWS = [("Item", "Count", "Price"), ("Tea", "2", "4.00"), ("Cake", "1", "5.50"), ("Soup", "3", "12.00")]


def kinds(blocks) -> list[str]:
    return [block.kind.value for block in blocks]


def test_an_empty_page_has_no_blocks():
    assert understand(make_page()) == ()


def test_a_page_with_nothing_but_a_picture(tmp_path):
    sheets = Sheets()
    sheets.picture(100, 100, 400, 300, photograph())
    assert kinds(blocks_of(sheets, tmp_path)) == ["image"]


def test_title_text_table_and_caption_come_in_order(tmp_path):
    sheets = Sheets()
    sheets.text(72, 80, "Tea in the garden", font="Helvetica-Bold", size=20)
    y = sheets.paragraph(72, 120, 450, TEXT)
    sheets.text(72, y + 20, "Table 1: What was served", size=9)
    y = sheets.table(72, y + 30, [120, 80, 80], ROWS)
    sheets.paragraph(72, y + 40, 450, TEXT)
    blocks = blocks_of(sheets, tmp_path)
    assert kinds(blocks) == ["title", "text", "caption", "table", "text"]
    table = blocks[3].table
    assert table is not None
    assert [cell.text for cell in table.cells] == [text for row in ROWS for text in row]


def test_a_table_without_rules_never_comes_as_loose_words(tmp_path):
    sheets = Sheets()
    y = sheets.paragraph(72, 100, 450, TEXT)
    y = sheets.table(72, y + 30, [150, 100, 100], ROWS, ruled=False)
    sheets.paragraph(72, y + 40, 450, TEXT)
    assert kinds(blocks_of(sheets, tmp_path)) == ["text", "table", "text"]


def test_a_drawing_is_one_figure_with_its_labels(tmp_path):
    sheets = Sheets()
    y = sheets.paragraph(72, 100, 450, TEXT) + 20
    for n, height in enumerate((40, 90, 60, 120, 80)):
        sheets.box(150 + 40 * n, y + 130 - height, 180 + 40 * n, y + 130, fill="#3366aa")
        sheets.text(155 + 40 * n, y + 145, f"Q{n}", size=8)
    sheets.rule(140, y, 140, y + 132)
    sheets.rule(140, y + 132, 350, y + 132)
    sheets.paragraph(72, y + 190, 450, TEXT)
    blocks = blocks_of(sheets, tmp_path)
    assert kinds(blocks) == ["text", "image", "text"]
    assert {word.text for word in blocks[1].words} <= {f"Q{n}" for n in range(5)}


def test_posts_and_their_years_between_rules_are_no_table(tmp_path):
    sheets = Sheets()
    y = sheets.paragraph(72, 80, 450, TEXT) + 20
    for title, posts in (("EXPERIENCE", ("Analyst, Port Authority", "Trainee, City Hall")), ("EDUCATION", ("Master",))):
        sheets.text(72, y, title, font="Helvetica-Bold", size=11)
        sheets.rule(72, y + 5, 522, y + 5, width=1.5)
        y += 26
        for post in posts:
            sheets.text(72, y, post, font="Helvetica-Bold")
            sheets.text(470, y, "2019 to 2021", font="Helvetica-Bold")
            y = (
                sheets.lines(90, y + 14, ["Built the forecasts of arrivals", "Led a team of four", "Kept the data"])
                + 12
            )
    assert "table" not in kinds(blocks_of(sheets, tmp_path))


@pytest.mark.parametrize(("box", "kind"), [(BBox(258, 398, 802, 542), "image"), (BBox(200, 620, 900, 900), "table")])
def test_labels_of_a_picture_make_no_table(box, kind):
    rows = [("Place", "Tea", "Cake"), ("North", "310", "120"), ("South", "290", "118"), ("East", "350", "141")]
    labels = [
        word
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        for word in make_line(text, 260 + 250 * column, 400 + 40 * row)
    ]
    page = make_page([*make_lines(TALE[:4]), *labels], images=(PlacedImage(box=box, holds_text=True),))
    assert [block.kind.value for block in understand(page) if set(labels) & set(block.words)] == [kind]


def test_the_name_of_an_axis_that_runs_up_a_drawing_is_one_line(tmp_path):
    sheets = Sheets()
    y = sheets.paragraph(72, 100, 450, TEXT) + 20
    for n, height in enumerate((40, 90, 60, 120, 80)):
        sheets.box(150 + 40 * n, y + 130 - height, 180 + 40 * n, y + 130, fill="#3366aa")
    sheets.rule(120, y, 120, y + 132)
    sheets.rule(120, y + 132, 350, y + 132)
    sheets.text(135, y + 110, "Cups of tea sold", size=8, angle=90)
    (figure,) = (block for block in blocks_of(sheets, tmp_path) if block.kind is BlockKind.IMAGE)
    assert figure.text == "Cups of tea sold"


def test_a_picture_stands_between_the_text_around_it(tmp_path):
    sheets = Sheets()
    y = sheets.paragraph(72, 100, 450, TEXT)
    sheets.picture(150, y + 10, 400, y + 160, photograph())
    sheets.text(150, y + 178, "Figure 1. The quay at noon.", size=9)
    sheets.paragraph(72, y + 220, 450, TEXT)
    assert kinds(blocks_of(sheets, tmp_path)) == ["text", "image", "caption", "text"]


def test_writing_at_the_edge_is_aside(tmp_path):
    sheets = Sheets()
    sheets.paragraph(72, 100, 450, TEXT)
    sheets.text(30, 600, "arXiv:1234.5678 [tea] 21 Nov 2026", angle=90, size=14)
    blocks = blocks_of(sheets, tmp_path)
    assert kinds(blocks) == ["text", "aside_text"]
    assert blocks[1].text == "arXiv:1234.5678 [tea] 21 Nov 2026"


@pytest.mark.parametrize(("columns", "justified"), [(2, True), (3, True), (3, False), (4, False)])
def test_columns_are_read_one_after_the_other(tmp_path, columns, justified):
    sheets = Sheets()
    sheets.text(150, 80, "A title over all columns", font="Times-Bold", size=20)
    width = 460 / columns
    for n in range(columns):
        text = " ".join(f"{word}{n}" for word in TALE)
        sheets.paragraph(60 + n * (width + 12), 120, width - 12, text, font="Times-Roman", justified=justified)
    blocks = blocks_of(sheets, tmp_path)
    assert kinds(blocks) == ["title"] + ["text"] * columns
    assert [{word.text[-1] for word in block.words} for block in blocks[1:]] == [{str(n)} for n in range(columns)]


def test_every_word_is_in_exactly_one_block(tmp_path):
    sheets = Sheets()
    sheets.text(72, 60, "Title", font="Helvetica-Bold", size=20)
    y = sheets.paragraph(72, 100, 200, TEXT)
    sheets.paragraph(300, 100, 200, TEXT)
    y = sheets.table(72, y + 120, [120, 80, 80], ROWS)
    sheets.lines(72, y + 40, ["• one", "• two", "1. three"])
    sheets.text(30, 600, "aside", angle=90)
    words = Counter(word.text for block in blocks_of(sheets, tmp_path) for word in block.words)
    given = Counter([*TALE, *TALE, *(text for row in ROWS for text in row), "Title", "aside"])
    given.update(["•", "one", "•", "two", "1.", "three"])
    assert words == given


def seen_table(words) -> FoundTable:
    cells = tuple(Cell(row=0, column=n, text=word.text, words=(word,)) for n, word in enumerate(words))
    box = BBox(90, 90, 600, 140)
    return FoundTable(box=box, table=Table(rows=1, columns=len(cells), cells=cells), words=words, confidence=0.8)


def test_a_table_that_a_model_saw_takes_its_words():
    words = make_line("tea cake soup")
    below = make_line("Running text below.", y=400)
    blocks = understand(make_page((*words, *below)), [seen_table(words)])
    assert kinds(blocks) == ["table", "text"]
    assert blocks[0].kind_confidence == 0.8


def test_a_picture_that_a_model_saw_takes_its_words():
    words = make_line("Exit", x=300, y=500)
    picture = PlacedImage(box=BBox(200, 450, 600, 700), holds_text=True)
    (figure,) = understand(make_page(words, images=(picture,)))
    assert (figure.kind, figure.text) == (BlockKind.IMAGE, "Exit")


def test_a_line_that_hangs_out_at_the_top_stays_out_of_the_text():
    words = [*make_line("Filed by the harbour", x=680, y=40, font=Font(size=18)), *make_lines([TEXT[:60]] * 8, y=62)]
    words += make_lines([TEXT[:60]] * 8, y=500)
    texts = [block.text for block in understand(make_page(words))]
    assert texts[0] == "Filed by the harbour"
    assert not any("Filed" in text for text in texts[1:])


def test_printers_marks_beside_the_page_make_no_drawing_of_its_table(tmp_path):
    sheets = Sheets()
    sheets.text(72, 60, "Accounts of the harbour", size=9)
    sheets.table(72, 100, [240, 120, 120], ROWS)
    page = page_of(sheets, tmp_path)
    ground = Drawing(box=BBox(150, 140, page.size.width, 560), filled=True)
    marks = [
        Drawing(box=BBox(page.size.width + 2, y, page.size.width + 30, y + 28), curved=True) for y in (200, 300, 400)
    ]
    marked = replace(page, drawings=(*page.drawings, ground, *marks))
    assert "table" in kinds(understand(marked))
