"""Lines over all columns, above and below what a model took for one table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import make_line
from octavo.domain.block import Cell, Table
from octavo.domain.geometry import union_of
from octavo.structure.tables.find import FoundTable
from octavo.structure.tables.trim import without_lines_around

ROWS = (("Item", "Qty", "Amount"), ("1072", "1", "80.00"), ("70549", "2", "160.00"))
ADDRESS = ("Soon Huat Machinery", "53 Jalan Putra", "81200 Johor Bahru")


def bill(above: tuple[str, ...] = (), below: tuple[str, ...] = (), *, drawn: bool = False) -> FoundTable:
    """Lines in one cell, rows of three cells, lines in one cell."""
    cells, y = [], 100.0
    for held in (above, *ROWS, below):
        across = held in (above, below)
        if not held:
            continue
        row = cells[-1].row + 1 if cells else 0
        lines = [make_line(text, 100 + (0 if across else 200 * c), y + 25 * c * across) for c, text in enumerate(held)]
        y += 25 * (len(held) if across else 1)
        groups = [tuple(word for line in lines for word in line)] if across else lines
        for column, words in enumerate(groups):
            text = " ".join(word.text for word in words)
            cells.append(Cell(row=row, column=column, column_span=3 if across else 1, text=text, words=words))
    words = tuple(word for cell in cells for word in cell.words)
    table = Table(rows=cells[-1].row + 1, columns=3, cells=tuple(cells))
    return FoundTable(box=union_of(w.box for w in words), table=table, words=words, confidence=0.9, drawn=drawn)


SENTENCE = [
    "Enclosed",
    "is",
    "a",
    "check",
    "over",
    "the",
    "amount",
    "of",
    "the",
    "following",
    "items",
    "as",
    "we",
    "discussed",
]


def torn(before: tuple[tuple[str, ...], ...] = ()) -> FoundTable:
    """Rows, a sentence that columns run through, and the rows of a bill."""
    cells, y = [], 100.0
    for row in (*before, SENTENCE, *ROWS):
        number = cells[-1].row + 1 if cells else 0
        if row is SENTENCE:
            line = make_line(" ".join(row), 100, y)
            groups = [tuple(word for word in line if x0 <= word.box.x0 < x0 + 200) for x0 in (100, 300, 500)]
            groups[2] = tuple(word for word in line if word.box.x0 >= 500)
        else:
            groups = [make_line(text, 100 + 200 * column, y) for column, text in enumerate(row) if text]
        for column, words in enumerate(groups):
            cells.append(Cell(row=number, column=column, text=" ".join(word.text for word in words), words=words))
        y += 25
    words = tuple(word for cell in cells for word in cell.words)
    table = Table(rows=cells[-1].row + 1, columns=3, cells=tuple(cells))
    return FoundTable(box=union_of(w.box for w in words), table=table, words=words, confidence=0.9, drawn=False)


def texts(found: FoundTable) -> list[str]:
    return [cell.text for cell in found.table.cells]


@pytest.mark.parametrize(("above", "below"), [(ADDRESS, ()), ((), ADDRESS), (ADDRESS, ADDRESS[::-1])])
def test_an_address_is_no_row(above, below):
    found = without_lines_around(bill(above, below))
    assert texts(found) == texts(bill())
    assert found.table.rows == 3
    assert [word.text for word in found.words] == [word.text for word in bill().words]
    assert found.box.height == bill().box.height


def test_words_are_those_of_the_page_where_cells_hold_copies():
    page = bill(ADDRESS)
    copied = tuple(replace(cell, words=tuple(map(replace, cell.words))) for cell in page.table.cells)
    found = without_lines_around(replace(page, table=replace(page.table, cells=copied)))
    assert {id(word) for word in found.words} <= {id(word) for word in page.words}
    assert len(found.words) == len(bill().words)


@pytest.mark.parametrize("found", [bill(ADDRESS[:1]), bill(ADDRESS, drawn=True), bill()])
def test_titles_and_closed_cells_stay(found):
    assert without_lines_around(found) == found


@pytest.mark.parametrize("before", [(), (("Ronald Rice",), ("6519 Cascada",), ("Ron :",))])
def test_a_sentence_that_columns_run_through_is_no_row_nor_is_what_stands_beyond(before):
    found = without_lines_around(torn(before))
    assert texts(found) == texts(bill())
    assert found.table.rows == 3


def test_rows_of_a_table_above_a_sentence_stay():
    found = torn((("Item", "Qty", "Amount"), ("4711", "3", "12.00")))
    assert without_lines_around(found) == found


def receipt(head: str, x: float, columns: tuple[float, ...]) -> FoundTable:
    """A line of text in which the columns of a bill end, and its rows."""
    cells = []
    edges = [*columns[1:], 9999.0]
    for number, row in enumerate(((head,), *ROWS)):
        parts = [(text, x if row == (head,) else columns[place] + 4) for place, text in enumerate(row)]
        words = [word for text, left in parts for word in make_line(text, left, 100 + 25 * number)]
        if row == (head,):
            words = [replace(word, line=words[0].line) for word in words]
        for column, edge in enumerate(edges):
            start = columns[column] if column else 0.0
            held = tuple(word for word in words if start <= word.box.x0 < edge)
            if held:
                cells.append(Cell(row=number, column=column, text=" ".join(word.text for word in held), words=held))
    words = tuple(word for cell in cells for word in cell.words)
    table = Table(rows=4, columns=3, cells=tuple(cells))
    return FoundTable(box=union_of(w.box for w in words), table=table, words=words, confidence=0.9, drawn=False)


@pytest.mark.parametrize("head", ["Harbour Kitchen Limited", "Tel.: 033 853 67", "Thank you and come again"])
def test_a_short_line_that_columns_run_through_is_no_row(head):
    found = receipt(head, 180, (100, 250, 330))
    assert found.table.rows == 4
    assert texts(without_lines_around(found)) == [text for row in ROWS for text in row]


def test_names_of_columns_that_stand_close_are_a_row():
    found = receipt("Price", 180, (100, 250, 330))
    names = (*make_line("Item", 100, 75), *make_line("Qty", 250, 75), *make_line("Amount", 288, 75))
    names = tuple(replace(word, line=names[0].line) for word in names)
    head = [Cell(row=0, column=place, text=word.text, words=(word,)) for place, word in enumerate(names)]
    cells = (*head, *(cell for cell in found.table.cells if cell.row))
    words = tuple(word for cell in cells for word in cell.words)
    whole = replace(found, table=replace(found.table, cells=cells), words=words)
    assert without_lines_around(whole) == whole
