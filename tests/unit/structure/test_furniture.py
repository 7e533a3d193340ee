from __future__ import annotations

import pytest

from factories import A_PAGE, make_block
from octavo.domain.block import Block, BlockKind, Font
from octavo.structure.furniture import furniture_marked, marks_of, repeated_keys

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


def test_empty_pages():
    assert document([], []) == [[], []]
    assert document() == []
