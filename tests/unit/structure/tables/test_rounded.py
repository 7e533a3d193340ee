"""Tables whose cells are boxes with rounded corners, as browsers draw them."""

from __future__ import annotations

from factories import make_line, make_lines, make_page, prose
from octavo.domain.block import BlockKind, Drawing, Font
from octavo.domain.geometry import BBox
from octavo.structure.page import understand
from octavo.structure.tables.rounded import with_cells_squared

BOLD = Font(size=20, name="Helvetica-Bold", bold=True)
ROWS = [("Month", "Ships", "Tonnes"), ("January", "310", "12400"), ("February", "290", "11800"), ("March", "35", "90")]


def boxes(gap: float, *, curved: bool = True) -> list[Drawing]:
    """Three boxes in each of four rows, `gap` pixels apart."""
    return [
        Drawing(box=BBox(x, y, x + 200 - gap, y + 60 - gap), filled=True, curved=curved, color="ffe6f0e6")
        for y in (400, 460, 520, 580)
        for x in (200, 400, 600)
    ]


def cells():
    """The words in them."""
    return [
        word
        for y, row in zip((415, 475, 535, 595), ROWS, strict=True)
        for x, text in zip((220, 420, 620), row, strict=True)
        for word in make_line(text, x, y, **({"font": BOLD} if y == 415 else {}))
    ]


def test_rounded_cells_are_a_table():
    words = [*make_lines(prose(6, 70), y=150), *cells(), *make_lines(prose(6, 70), y=800)]
    blocks = understand(make_page(words, drawings=tuple(boxes(4))))
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.TABLE, BlockKind.TEXT]
    assert [cell.text for cell in blocks[1].table.cells] == [text for row in ROWS for text in row]


def test_cells_need_a_neighbour_with_words():
    assert not any(each.curved for each in with_cells_squared(boxes(4), cells()))
    assert all(each.curved for each in with_cells_squared(boxes(30), cells()))
    assert all(each.curved for each in with_cells_squared(boxes(4), cells()[:1]))
    assert with_cells_squared(boxes(4), ()) == tuple(boxes(4))


def test_plain_boxes_stay_as_they_are():
    plain = boxes(4, curved=False)
    assert with_cells_squared(plain, cells()) == tuple(plain)
