from __future__ import annotations

import pytest

from factories import BODY, make_line, make_lines, prose
from octavo.domain.block import Font
from octavo.structure.blocks.headings import Body, body_of, is_entry, is_heading, levels_of
from octavo.structure.blocks.paragraphs import paragraphs_of
from octavo.structure.text.lines import lines_of, segments_of

ITALIC = Font(size=BODY.size, name="Helvetica-Oblique", italic=True)
BOLD = Font(size=BODY.size, name="Helvetica-Bold", bold=True)
FREE = 1.5
"""Ems of free space above."""


def heads(text: str, font: Font, gap: float = FREE, body: Font = BODY) -> bool:
    (paragraph,) = paragraphs_of(lines_of(segments_of(make_line(text, font=font))))
    return is_heading(paragraph, text, Body(body), gap)


def test_the_body_is_what_most_characters_are_set_in():
    words = make_line("A long heading in large type", font=Font(size=40)) + make_lines(prose(4))
    body = body_of(words)
    assert body is not None
    assert body.font == BODY
    assert body_of([]) is None


def test_sizes_that_hardly_differ_are_one_body():
    sizes = (20.0, 20.3, 20.1)
    words = [word for size in sizes for word in make_line("ten letters or so", font=Font(size=size))]
    words += make_line("somewhat longer than each of the lines above", font=Font(size=30))
    body = body_of(words)
    assert body is not None
    assert body.size == pytest.approx(20, abs=0.4)


@pytest.mark.parametrize("size", [24, 30, 60])
def test_larger_type_heads(size):
    assert heads("Origins of the harbour", Font(size=size))


@pytest.mark.parametrize(
    ("text", "size", "bold", "expected"),
    [
        ("The following table shows what came ashore in March:", 23, False, False),
        ("The following table shows what came ashore in March", 23, False, True),
        ("The following table shows what came ashore in March:", 23, True, True),
        ("The following table shows what came ashore in March:", 30, False, True),
        ("What came ashore:", 23, False, True),
    ],
)
def test_a_sentence_that_leads_to_a_table_heads_nothing(text, size, bold, expected):
    """Its type is larger than that of the table, which most of the page is set in."""
    assert heads(text, Font(size=size, bold=bold)) is expected


def test_bold_type_heads():
    assert heads("Origins of the harbour", BOLD)


def test_plain_type_does_not():
    assert not heads("Origins of the harbour", BODY)


def test_bold_type_in_a_bold_page_does_not():
    assert not heads("Origins of the harbour", BOLD, body=BOLD)


def test_a_number_and_another_face_head():
    assert heads("2.1 Origins of the harbour", ITALIC)
    assert not heads("Origins of the harbour", ITALIC)


@pytest.mark.parametrize(
    "text",
    [
        "and so they left, after a while,",
        "The ferry was late. Nobody knew why.",
        "Origins of the harbour ........ 12",
        "12",
        "word " * 70,
    ],
)
def test_sentences_entries_numbers_and_long_texts_do_not_head(text):
    assert not heads(text.strip(), Font(size=24))


def test_a_line_with_parts_at_both_margins_is_a_running_head():
    words = make_line("2", font=Font(size=24)) + make_line("Origins of the harbour", x=600, font=Font(size=24))
    (paragraph,) = paragraphs_of(lines_of(segments_of(words)))
    assert not is_heading(paragraph, "2 Origins of the harbour", Body(BODY), FREE)


def test_the_bold_lead_of_a_lettered_item_does_not_head():
    assert not heads("c. Bins in the harbour.", BOLD)
    assert heads("3. Bins in the harbour", BOLD)
    assert heads("A. Bins in the harbour", BOLD)


def test_the_end_of_a_sentence_does_not_head():
    assert not heads("of the old harbour.", Font(size=24))
    assert heads("iPhones in the harbour", Font(size=24))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We have never seen so many ships in one spring.”", False),
        ("«Personne ne savait rien !»", False),
        ("“The quay” and other stories", True),
    ],
)
def test_what_somebody_said_does_not_head(text, expected):
    assert heads(text, Font(size=1.3 * BODY.size)) is expected


@pytest.mark.parametrize("text", ["Annual report 2024", "Notes for the year ended 31 March 2010", "Rechnung Nr. 2041"])
def test_large_type_heads_though_it_ends_with_a_number(text):
    assert heads(text, Font(size=30))
    assert not heads("Origins of the harbour ...... 12", Font(size=30))


def test_code_does_not_head():
    assert not heads("print harbour", Font(size=24, mono=True))


@pytest.mark.parametrize(
    ("text", "entry"), [("Origins .... 12", True), ("Foreword iv", True), ("Chapter 3", False), ("Origins", False)]
)
def test_entries_of_a_table_of_contents(text, entry):
    assert is_entry(text) is entry


# Levels


def levels(*fonts: Font, texts: tuple[str, ...] = ()) -> list[int]:
    return levels_of([(font, texts[place] if texts else "Heading") for place, font in enumerate(fonts)])


def test_larger_type_ranks_higher_wherever_it_stands():
    assert levels(Font(size=24), Font(size=40), Font(size=30), Font(size=24)) == [3, 1, 2, 3]


def test_at_one_size_bold_ranks_higher():
    assert levels(Font(size=24), Font(size=24, bold=True)) == [2, 1]


def test_sizes_that_hardly_differ_are_one_level():
    assert levels(Font(size=24), Font(size=24.3), Font(size=18)) == [1, 1, 2]


def test_there_are_six_levels():
    assert levels(*(Font(size=60 - 5 * n) for n in range(8))) == [1, 2, 3, 4, 5, 6, 6, 6]


def test_a_number_stands_below_the_one_it_continues():
    same = Font(size=24)
    assert levels(same, same, same, same, texts=("2 Harbour", "2.1 Quay", "2.1.1 Wall", "3 Town")) == [1, 2, 3, 1]


def test_no_headings_no_levels():
    assert levels_of([]) == []


def test_a_sentence_of_a_script_without_spaces_is_no_heading_however_large():
    words = make_line("当社の主要な設備は、次のとおりです。", font=Font(size=24, name="Mincho"))
    (paragraph,) = paragraphs_of(lines_of(segments_of(words)))
    assert not is_heading(paragraph, "当社の主要な設備は、次のとおりです。", Body(BODY), FREE)
    assert is_heading(paragraph, "主要な設備", Body(BODY), FREE)
