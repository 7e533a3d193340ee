from __future__ import annotations

import pytest

from factories import A_PAGE, make_block, make_line
from octavo.domain.block import Block, BlockKind, Font
from octavo.domain.geometry import BBox
from octavo.structure.order.furniture import furniture_marked, marks_of, repeated_keys

TOP, BOTTOM = 40, 1330


def document(*pages: list[Block]) -> list[list[BlockKind]]:
    """The kinds of all blocks, page by page."""
    return [[block.kind for block in furniture_marked(A_PAGE, blocks, repeated(*pages))] for blocks in pages]


def repeated(*pages: list[Block]) -> frozenset[str]:
    return repeated_keys(marks_of(A_PAGE, blocks) for blocks in pages)


def body(text: str = "Running text that fills the page.", y: float = 400) -> Block:
    return make_block(BlockKind.TEXT, text, y=y)


def test_what_repeats_at_the_edges_is_furniture():
    pages = [
        [
            make_block(text="The harbour of Rotterdam", y=TOP + 60),
            body(),
            make_block(text=f"Chapter 1, page {n}", y=BOTTOM - 60),
        ]
        for n in range(4)
    ]
    assert document(*pages) == [["header", "text", "footer"]] * 4


def test_what_repeats_in_the_middle_is_text():
    assert document(*[[body("Note:", 600), body()] for _ in range(4)]) == [["text", "text"]] * 4


def test_what_stands_once_at_the_top_of_the_text_is_text():
    pages = [
        [make_block(text=f"{word} begins here", y=TOP + 60), body(f"{word} two.", 125)]
        for word in ("One", "Two", "Three")
    ]
    assert document(*pages) == [["text", "text"]] * 3


def test_left_and_right_pages_may_differ():
    pages = [[make_block(text=("Left", "Right")[n % 2], y=TOP + 60), body()] for n in range(4)]
    assert document(*pages) == [["header", "text"]] * 4


@pytest.mark.parametrize("number", ["12", "- 12 -", "Page 3", "Seite 3 von 9", "3 / 9", "xii"])
def test_a_page_number_needs_no_second_page(number):
    assert document([body(), make_block(text=number, y=BOTTOM)]) == [["text", "footer"]]


def test_the_number_of_a_chapter_is_no_page_number():
    number = make_block(BlockKind.TITLE, "4", y=TOP + 80, font=Font(size=48))
    assert document([number, body()]) == [["title", "text"]]


def test_a_number_inside_the_page_is_text():
    assert document([make_block(text="12", y=700), body(y=900)]) == [["text", "text"]]


def test_a_small_line_apart_in_the_margin_is_furniture():
    small = Font(size=16)
    page = [make_block(text="Journal of Tea, vol. 3", y=TOP, font=small), body(y=300), body(y=800)]
    assert document(page) == [["header", "text", "text"]]


def test_a_large_title_at_the_top_stays():
    page = [make_block(BlockKind.TITLE, "Annual report", y=TOP, font=Font(size=40)), body(y=300)]
    assert document(page) == [["title", "text"]]


def test_a_running_title_loses_its_level():
    page = [make_block(BlockKind.TITLE, "The harbour", y=TOP, level=2), body()]
    assert furniture_marked(A_PAGE, page, repeated(page, page, page))[0].level == 0


def test_tables_and_pictures_are_never_furniture():
    kinds = [BlockKind.TABLE, BlockKind.IMAGE]
    assert document(*[[make_block(kind, "logo", y=TOP) for kind in kinds] for _ in range(4)]) == [kinds] * 4


def test_furniture_comes_between_no_columns():
    page = [
        make_block(text="Running text of the left column.", y=400),
        make_block(text="12", x=490, y=BOTTOM),
        make_block(text="vol. 3", x=800, y=TOP, font=Font(size=14)),
        make_block(text="Running text of the right column.", x=550, y=400),
    ]
    assert document(page) == [["header", "text", "text", "footer"]]


def test_lines_that_stand_together_at_the_top_are_furniture():
    lines = [make_block(text=text, y=TOP + 25 * n) for n, text in enumerate(("Annual report", "Strategy", "Accounts"))]
    assert document([*lines, body(y=200), body(y=800)]) == [["header"] * 3 + ["text"] * 2]


def test_lines_that_stand_together_no_closer_than_to_the_text_are_text():
    lines = [make_block(text=text, y=TOP + 25 * n) for n, text in enumerate(("To the board", "Of the harbour"))]
    assert document([*lines, body(y=TOP + 50), body(y=TOP + 75)]) == [["text"] * 4]


def test_a_running_line_before_an_ornament_is_furniture():
    ornament = make_block(BlockKind.IMAGE, "17", y=1370, box=BBox(480, 1365, 520, 1399))
    assert document([body(), make_block(text="Annual report", y=1325), ornament]) == [["text", "image", "footer"]]


def test_a_title_larger_than_the_text_is_no_running_line():
    page = [make_block(BlockKind.TITLE, "Report of the auditor", y=TOP + 38, font=Font(size=23)), body(y=300)]
    assert document(page) == [["title", "text"]]


def test_a_line_that_hangs_out_of_the_text_is_furniture():
    text = [body(y=y) for y in range(TOP + 25, 400, 25)]
    page = [make_block(text="Filed by the harbour", x=700, y=TOP), *text]
    assert document(page) == [["header", *["text"] * len(text)]]


def test_a_line_at_the_height_of_the_page_number_is_furniture():
    text = [body(y=y) for y in range(1000, BOTTOM - 20, 25)]
    page = [*text, make_block(text="Annual report", y=BOTTOM), make_block(text="34", x=490, y=BOTTOM)]
    assert document(page) == [[*["text"] * len(text), "footer", "footer"]]


def test_a_name_and_a_number_far_from_it_are_a_running_line():
    words = (*make_line("400", y=110), *make_line("BRITISH HUSBANDRY", x=300, y=110))
    line = make_block(text="400 BRITISH HUSBANDRY", y=110, words=words)
    assert document([line, body(y=135), body(y=800)]) == [["header", "text", "text"]]
    contents = [make_block(text=f"A chapter {n}", y=135 + 25 * n) for n in range(4)]
    assert document([line, *contents]) == [["text"] * 5]


def test_a_number_below_a_short_page_is_its_number():
    page = [body(y=300), make_block(text="62", x=490, y=900)]
    assert document(page) == [["text", "footer"]]
    assert document([body(y=300), make_block(text="62", x=490, y=900), body(y=1000)]) == [["text", "text", "text"]]


@pytest.mark.parametrize("x", [95, 870])
def test_a_number_at_a_side_below_everything_is_its_number(x):
    text = make_block(text=" ".join(["word"] * 15), y=1000)
    assert document([text, make_block(text="62", x=x, y=1185)]) == [["text", "footer"]]
    assert document([text, make_block(text="62", x=300, y=1185)]) == [["text", "text"]]


def test_empty_pages():
    assert document([], []) == [[], []]
    assert document() == []
