from __future__ import annotations

from octavo.domain.block import Font, Word
from octavo.domain.geometry import BBox
from octavo.engines.table_cells import filled, slots_of

NOWHERE = BBox(0, 0, 0, 0)


def tokens(html: str) -> list[tuple[str, BBox]]:
    """`|` between tokens; cells get boxes of 100 x 20, one row below the other."""
    listed: list[tuple[str, BBox]] = []
    row = column = 0
    for text in html.split("|"):
        box = NOWHERE
        if text in ("<td></td>", "<td"):
            box = BBox(column * 100, row * 20, column * 100 + 100, row * 20 + 20)
            column += 1
        if text == "</tr>":
            row, column = row + 1, 0
        listed.append((text, box))
    return listed


def places(html: str) -> list[tuple[int, int, int, int]]:
    return [(slot.row, slot.column, slot.row_span, slot.column_span) for slot in slots_of(tokens(html))]


def word(text: str, x: float, y: float, line: int = -1, *, space_before: bool = True) -> Word:
    box = BBox(x, y, x + 30, y + 10)
    return Word(text=text, box=box, font=Font(size=10), line=line, space_before=space_before)


PLAIN = "<tr>|<td></td>|<td></td>|</tr>|<tr>|<td></td>|<td></td>|</tr>"


def test_plain_cells_form_a_grid():
    assert places(PLAIN) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_spans_push_the_cells_behind_them():
    html = '<tr>|<td| rowspan="2"|>|</td>|<td| colspan="2"|>|</td>|</tr>|<tr>|<td></td>|<td></td>|</tr>'
    assert places(html) == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]


def test_both_spans_of_one_cell_count():
    html = '<tr>|<td| colspan="2"| rowspan="2"|>|</td>|<td></td>|</tr>|<tr>|<td></td>|</tr>'
    assert places(html) == [(0, 0, 2, 2), (0, 2, 1, 1), (1, 2, 1, 1)]


def test_a_row_span_ends_with_the_table():
    assert places('<tr>|<td| rowspan="9"|>|</td>|<td></td>|</tr>') == [(0, 0, 1, 1), (0, 1, 1, 1)]


def test_a_column_span_stops_at_a_cell_from_above():
    html = '<tr>|<td></td>|<td| rowspan="2"|>|</td>|</tr>|<tr>|<td| colspan="2"|>|</td>|</tr>'
    assert places(html) == [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)]


def test_rows_without_cells_and_an_open_row_at_the_end():
    assert places("<tr>|</tr>|<tr>|<td></td>|</tr>|<tr>|<td></td>") == [(0, 0, 1, 1), (1, 0, 1, 1)]


def test_cells_in_the_head_are_headers():
    slots = slots_of(tokens("<thead>|<tr>|<td></td>|</tr>|</thead>|<tbody>|<tr>|<td></td>|</tr>|</tbody>"))
    assert [slot.header for slot in slots] == [True, False]


def test_words_go_where_they_lie():
    cells = filled(
        slots_of(tokens(PLAIN)), [word("d", 150, 25), word("a", 10, 5), word("c", 10, 25), word("b", 150, 5)]
    )
    assert [cell.text for cell in cells] == ["a", "b", "c", "d"]


def test_a_word_outside_all_cells_goes_to_the_nearest():
    cells = filled(slots_of(tokens(PLAIN)), [word("lost", 900, 900)])
    assert [cell.text for cell in cells] == ["", "", "", "lost"]


def test_a_word_over_two_cells_goes_to_one():
    cells = filled(slots_of(tokens(PLAIN)), [word("wide", 80, 5)])
    assert [cell.text for cell in cells] == ["wide", "", "", ""] or [cell.text for cell in cells] == [
        "",
        "wide",
        "",
        "",
    ]


def test_lines_in_a_cell_are_read_from_top_to_bottom():
    html = "<tr>|<td></td>|</tr>"
    cells = filled(slots_of(tokens(html)), [word("down", 0, 12), word("right", 40, 1), word("left", 0, 0)])
    assert cells[0].text == "left right down"


def test_pieces_without_a_space_between_are_joined():
    html = "<tr>|<td></td>|</tr>"
    pieces = [word("12", 0, 0, line=3), word("%", 30, 0, line=3, space_before=False)]
    assert filled(slots_of(tokens(html)), pieces)[0].text == "12%"


def test_no_tokens_make_no_grid():
    assert slots_of([]) == []


def test_words_of_one_line_go_to_one_row():
    slots = slots_of(tokens(PLAIN))
    askew = (word("14", 10, 9, line=3), word("A", 43, 16, line=3))  # their box reaches into the row below
    cells = filled(slots, askew)
    assert [cell.text for cell in cells if cell.words] == ["14 A"]


def test_words_far_apart_go_where_they_stand():
    slots = slots_of(tokens(PLAIN))
    cells = filled(slots, (word("14", 10, 5, line=3), word("A", 110, 25, line=3)))
    assert [(cell.row, cell.column) for cell in cells if cell.words] == [(0, 0), (1, 1)]
