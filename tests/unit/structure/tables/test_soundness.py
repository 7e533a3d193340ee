from __future__ import annotations

from factories import make_line
from octavo.domain.block import Cell, Drawing, Table, Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.tables import FoundTable
from octavo.structure.tables.soundness import drawn_box, is_sound


def table_of(*lines: tuple[Word, ...]) -> FoundTable:
    """A table with a row for each line of words."""
    cells = tuple(
        Cell(row=y, column=x, text=word.text, words=(word,))
        for y, line in enumerate(lines)
        for x, word in enumerate(line)
    )
    words = tuple(word for line in lines for word in line)
    box = union_of(word.box for word in words)
    return FoundTable(
        box=box, table=Table(rows=len(lines), columns=len(lines[0]), cells=cells), words=words, confidence=0.9
    )


def rows(count: int = 4) -> list[tuple[Word, ...]]:
    return [make_line("Tea Cake", x=200, y=100 + 30 * n) for n in range(count)]


def curves(box: BBox, count: int) -> list[Drawing]:
    step = box.width / count
    return [
        Drawing(box=BBox(box.x0 + n * step, box.y0, box.x0 + (n + 1) * step, box.y1), stroked=True, curved=True)
        for n in range(count)
    ]


def test_a_table_that_stands_free_is_sound():
    table = table_of(*rows())
    beside = make_line("far away", x=700)
    assert is_sound(table, (*table.words, *beside), [])


def test_a_table_that_cuts_lines_of_text_is_not():
    lines = [make_line("running text goes on here", y=100 + 30 * n) for n in range(4)]
    table = table_of(*[line[:2] for line in lines])
    assert not is_sound(table, [word for line in lines for word in line], [])


def test_a_chart_is_no_table():
    table = table_of(*rows())
    assert not is_sound(table, table.words, curves(table.box, 20))


def test_a_part_of_a_drawing_is_no_table():
    table = table_of(*rows())
    drawing = curves(BBox(table.box.x0, table.box.y0, table.box.x1, table.box.y1 + 200), 4)
    label = make_line("Label", x=210, y=table.box.y1 + 150)
    assert not is_sound(table, (*table.words, *label), drawing)


def test_a_table_in_a_drawing_is_shown_as_a_picture_too():
    table = table_of(*rows())
    assert drawn_box(table, []) is None
    box = drawn_box(table, curves(table.box.grown(10), 4))
    assert box is not None
    assert box.inside_share(table.box.grown(11)) == 1.0
