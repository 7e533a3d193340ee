from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import pixels, sheet
from PIL import ImageFont

from octavo.domain.block import BlockKind
from octavo.engines.table_structure import TableStructure

ROWS = (("Item", "Amount", "Price"), ("Paper", "12", "4.50"), ("Pencils", "7", "2.10"), ("Ink", "1", "9.90"))


@pytest.fixture(scope="module")
def structure():
    return TableStructure()


def table(*, ruled: bool):
    image, draw, ink = sheet(620, 250)
    font = ImageFont.load_default(size=24)
    for number, row in enumerate(ROWS):
        for place, text in enumerate(row):
            draw.text((30 + place * 200, 20 + number * 56), text, fill=ink, font=font)
    across = range(8, 240, 56) if ruled else (8, 64, 232)
    for y in across:
        draw.line((10, y, 610, y), fill=ink, width=2)
    for x in (10, 210, 410, 610) if ruled else ():
        draw.line((x, 8, x, 232), fill=ink, width=2)
    return pixels(image)


@pytest.mark.parametrize("ruled", [True, False])
def test_rows_and_columns_are_read_and_filled(structure, text_lines, ruled):
    image = table(ruled=ruled)
    read = structure.recognize(image, text_lines.recognize(image).words)
    assert (read.table.rows, read.table.columns) == (4, 3)
    assert [cell.text for cell in read.table.cells] == [text for row in ROWS for text in row]
    assert read.confidence > 0.8


def test_every_word_is_in_exactly_one_cell(structure, text_lines):
    image = table(ruled=True)
    words = text_lines.recognize(image).words
    read = structure.recognize(image, words)
    placed = [word for cell in read.table.cells for word in cell.words]
    assert sorted(map(id, placed)) == sorted(map(id, words))
    assert read.words == words


def test_without_words_the_grid_stays_empty(structure):
    read = structure.recognize(table(ruled=True))
    assert {cell.text for cell in read.table.cells} == {""}


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (300, 300)])
def test_any_image_gives_a_table_or_none(structure, shape):
    read = structure.recognize(np.full((*shape, 3), 255, dtype=np.uint8))
    assert read.table is None or read.table.cells
    assert 0.0 <= read.confidence <= 1.0


def test_tables_alone_are_read(structure):
    assert structure.kinds == {BlockKind.TABLE}
