from __future__ import annotations

import pytest

from factories import BODY, make_block, make_lines, prose
from octavo.domain.block import BlockKind, Font
from octavo.domain.geometry import union_of
from octavo.structure.blocks.headings import Body
from octavo.structure.blocks.outline import outlined

DISPLAY = Font(size=48, name="Helvetica-Bold", bold=True)
LARGE = Font(size=26, name="Helvetica")


def kinds(*blocks) -> list[str]:
    return [block.kind.value for block in outlined(blocks, Body(BODY))]


def title(text: str, y: float, font: Font = LARGE):
    return make_block(BlockKind.TITLE, text, y=y, font=font)


def text(text: str, y: float, font: Font = BODY):
    return make_block(BlockKind.TEXT, text, y=y, font=font)


def test_lines_of_a_table_of_contents_are_no_headings():
    entries = [title("Part I: Harbours 7", 300), text("1. The quay 9\n2. The wall 21", 340), title("Index 153", 420)]
    assert kinds(title("Contents", 200, DISPLAY), *entries) == ["title", "text", "text", "text"]


def test_a_heading_that_ends_with_a_number_stays_one_among_text():
    assert kinds(title("Chapter 3", 200), text("It was cold.", 240), text("Seven came.", 280)) == [
        "title",
        "text",
        "text",
    ]


def test_numbers_that_fall_are_no_pages():
    lines = [title("Terminal 3", 200), title("Terminal 1", 300), title("Gate 90", 400), title("Gate 12", 500)]
    assert kinds(*lines) == ["title"] * 4


@pytest.mark.parametrize("date", ["June 2023", "4 May 1815", "March 3rd, 2021", "12.04.1997", "2021-03-01"])
def test_a_date_heads_nothing(date):
    assert kinds(title("Harbours", 200, DISPLAY), title(date, 300)) == ["title", "text"]


def test_may_is_also_a_word():
    assert kinds(title("May we land", 200)) == ["title"]


def test_a_line_in_small_type_below_everything_else_is_no_heading():
    small = title("Project 4711", 600, Font(size=16, name="Helvetica-Bold", bold=True))
    assert kinds(text("It was cold.", 200), small) == ["text", "text"]
    assert kinds(text("It was cold.", 200), small, text("Seven came.", 640)) == ["text", "title", "text"]
    assert kinds(text("It was cold.", 200), title("Project", 600, DISPLAY)) == ["text", "title"]


def test_a_large_number_over_a_title_is_a_heading():
    assert kinds(text("4", 200, DISPLAY), title("Harbours", 260, DISPLAY)) == ["title", "title"]


@pytest.mark.parametrize("label", ["CHAPTER 1.", "Part II", "Appendix B:", "Kapitel 3", "Chapitre 2"])
def test_the_name_of_a_chapter_over_its_title_is_a_heading(label):
    assert kinds(text(label, 200), title("Harbours", 260)) == ["title", "title"]


def test_a_number_far_from_a_title_or_in_small_type_is_text():
    assert kinds(text("4", 100, DISPLAY), title("Harbours", 600, DISPLAY)) == ["text", "title"]
    assert kinds(text("4", 200), title("Harbours", 260)) == ["text", "title"]


LONG = " ".join(prose(4))
SMALL_BOLD = Font(size=17.6, name="Other-Bold", bold=True)


def test_a_line_that_differs_in_many_ways_from_the_paragraph_below_is_its_heading():
    assert kinds(text("It was cold.", 100), text("WALLS OF PIT 3", 160, SMALL_BOLD), text(LONG, 180)) == [
        "text",
        "title",
        "text",
    ]
    list_item = make_block(BlockKind.LIST, "2.1.1 Walls of the quay", y=160, font=SMALL_BOLD)
    assert kinds(text("It was cold.", 100), list_item, text(LONG, 180)) == ["text", "title", "text"]


@pytest.mark.parametrize(
    ("line", "kind"), [("By Anna de Vries", "text"), ("Von Karl Marten", "text"), ("By sea", "title")]
)
def test_who_wrote_what_follows_is_no_heading(line, kind):
    assert kinds(text("It was cold.", 100), text(line, 160, SMALL_BOLD), text(LONG, 180)) == ["text", kind, "text"]


def test_a_line_that_differs_in_one_or_two_ways_is_none():
    italic = Font(size=20, name="Helvetica-Oblique", italic=True)
    assert kinds(text("It was cold.", 100), text("Walls of the quay", 160, italic), text(LONG, 180)) == ["text"] * 3


def test_a_line_over_no_paragraph_is_none():
    assert kinds(text("WALLS OF PIT 3", 160, SMALL_BOLD), text("Seven came.", 180)) == ["text", "text"]


def test_the_running_head_of_a_page_is_none():
    small = Font(size=16, name="Other")
    assert kinds(text("4 BIRD AND FISH", 100, small), text(LONG, 130)) == ["text", "text"]


def test_a_number_in_another_face_over_a_paragraph_is_enough():
    face = Font(size=20, name="Caps")
    assert kinds(text("It was cold.", 100), text("7. The wall", 160, face), text(LONG, 186)) == [
        "text",
        "title",
        "text",
    ]


def test_a_line_of_capitals_with_space_above_is_a_heading():
    line = text("THE WALL", 160)
    assert kinds(text("It was cold.", 100), line, text(LONG, 186)) == ["text", "title", "text"]
    assert kinds(text("It was cold.", 136), line, text(LONG, 186)) == ["text"] * 3
    assert kinds(line, text(LONG, 186)) == ["text", "text"]


def test_a_centered_line_needs_text_above():
    words = make_lines(prose(4), y=186)
    paragraph = make_block(BlockKind.TEXT, LONG, box=union_of(word.box for word in words))
    line = make_block(BlockKind.TEXT, "THE WALL", x=paragraph.box.center_x - 40, y=160)
    assert kinds(text(LONG, 100), line, paragraph) == ["text", "title", "text"]
    assert kinds(line, paragraph) == ["text", "text"]


def test_a_line_in_type_smaller_than_the_paragraph_is_none():
    small = Font(size=14, name="Helvetica-Bold", bold=True)
    assert kinds(text("It was cold.", 100), text("DISAGREE", 160, small), text(LONG, 180)) == ["text"] * 3


def test_a_small_line_over_the_title_of_a_page_is_none():
    big = Font(size=48, name="Helvetica")
    assert kinds(title("Harbours", 100), title("The wall of the quay", 130, big)) == ["text", "title"]
    assert kinds(title("Chapter 2", 100), title("The wall of the quay", 130, big)) == ["title", "title"]
    assert kinds(title("Harbours", 100), title("The wall of the quay", 300, big)) == ["title", "title"]
