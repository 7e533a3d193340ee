"""Lines that do not run on: rows of labels and amounts, centered heads, addresses flush at the right, names signed."""

from __future__ import annotations

import pytest

from factories import ADVANCE, BODY, make_line, make_lines, make_page, prose
from octavo.domain.block import BlockKind, Font
from octavo.structure.blocks.paragraphs import paragraphs_of
from octavo.structure.page import understand
from octavo.structure.text.lines import lines_of, segments_of

SEEN = Font(size=20)
LARGE = Font(size=28)
RECEIPT = (("Total (Excl. GST)", "55.90"), ("GST 6%", "3.35"), ("Rounding", "0.00"), ("Cash", "60.00"))


def wide(text, font=SEEN):
    return ADVANCE * font.size * len(text)


def rows(pairs, *, x0=100, x1=600, y=100, font=SEEN):
    """Labels at the left, values at the right, row by row."""
    return tuple(
        word
        for place, (label, value) in enumerate(pairs)
        for text, x in ((label, x0), (value, x1 - wide(value, font)))
        for word in make_line(text, x, y + 27 * place, font=font)
    )


def placed(texts, at, *, y=100):
    """Lines below one another, each at the x that `at` says for its width."""
    return tuple(
        word for place, text in enumerate(texts) for word in make_line(text, at(wide(text)), y + 27 * place, font=SEEN)
    )


def texts(words):
    return [block.text for block in understand(make_page(words))]


def breaks(words):
    """Of each paragraph, whether the break after each line but the last is kept."""
    return [list(each.breaks[:-1]) for each in paragraphs_of(lines_of(segments_of(words)))]


def test_rows_of_labels_and_amounts_stay_lines():
    assert texts(rows(RECEIPT)) == ["Total (Excl. GST) 55.90\nGST 6% 3.35\nRounding 0.00\nCash 60.00"]


def test_amounts_below_one_another_end_rows():
    assert texts(rows((("Total supplies:", "30.01"), ("Total:", "-7.43")), x1=100 + wide("Total supplies:") + 80)) == [
        "Total supplies: 30.01\nTotal: -7.43"
    ]


def test_a_date_beside_an_address_stays_on_its_line():
    address = make_lines(["Mr. Edward Fenwick", "Fenwick and Daughters", "22 Station Road"], font=SEEN, leading=1.35)
    words = [*address, *make_line("12 October 1961", 780, 100, font=SEEN)]
    below = make_lines(prose(6, 83), y=300, font=SEEN)
    assert texts([*words, *below])[0] == "Mr. Edward Fenwick 12 October 1961\nFenwick and Daughters\n22 Station Road"


def test_centered_lines_stay_lines():
    head = ("HARBOUR KITCHEN LTD", "12 Southern Road", "Little Marsden", "Tax number 000384106496")
    assert breaks(placed(head, lambda width: 350 - width / 2) + rows(RECEIPT, y=400)) == [[True] * 3, [True] * 3]


def test_lines_flush_at_the_right_stay_lines():
    head = ("Robert Schneider Limited", "Rue du Lac 1268", "2501 Biel", "Mobile 079 987 65 43", "Date 01.07.2020")
    assert breaks(placed(head, lambda width: 900 - width)) == [[True] * 4]


@pytest.mark.parametrize("indent", [0, 40])
def test_prose_runs_on(indent):
    lines = prose(6, 60)
    words = [*make_line(lines[0][: 60 - indent // 10], 100 + indent, font=SEEN)]
    words += make_lines(lines[1:], y=125, font=SEEN)
    assert breaks(words) == [[False] * 5]


def test_a_word_that_is_cut_at_the_end_of_a_row_is_joined():
    words = [*make_line("Wages", 100, font=SEEN), *make_line("of all the carpen-", 420, font=SEEN)]
    words += make_line("ters of the yard", 420, 127, font=SEEN)
    assert breaks(words) == [[False]]


@pytest.mark.parametrize(
    "text",
    [
        "CASH : 100.00",
        "Net Amt : RM 136.00",
        "Invoice No.: 7919F712",
        "Date: 17/09/2017",
        "Total: $9.20",
        "Rest: -7.43",
    ],
)
def test_a_label_and_its_value_are_no_heading(text):
    words = [*make_line(text, 100, font=LARGE), *make_lines(prose(6, 60), y=160, font=SEEN)]
    assert [block.kind for block in understand(make_page(words))] == [BlockKind.TEXT] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Germany: 1918",
        "The situation: 2001-2019",
        "Health: COVID-19",
        "Chapter 2: The River",
        "Lesson 12",
        "Summary of 2019",
    ],
)
def test_headings_may_hold_numbers(text):
    words = [*make_line(text, 100, font=LARGE), *make_lines(prose(6, 60), y=160, font=SEEN)]
    assert [block.kind for block in understand(make_page(words))] == [BlockKind.TITLE, BlockKind.TEXT]


def test_names_of_columns_in_larger_type_are_no_heading():
    names = [
        word
        for place, text in enumerate(("Tax", "Rate", "Amount"))
        for word in make_line(text, 100 + 150 * place, font=LARGE)
    ]
    words = [*names, *make_lines(prose(6, 60), y=160, font=SEEN)]
    assert understand(make_page(words))[0].kind is BlockKind.TEXT


def closed(*after):
    """A letter's last lines: a name below its signature, and what follows."""
    words = [*make_lines(prose(6, 60), font=SEEN), *make_line("Yours sincerely,", 100, 300, font=SEEN)]
    words += make_line("A. Holloway", 100, 400, font=SEEN)
    return [
        *words,
        *(word for place, text in enumerate(after) for word in make_line(text, 100, 440 + 40 * place, font=SEEN)),
    ]


@pytest.mark.parametrize("after", [(), ("Yard Manager",), ("Yard Manager", "Encl.")])
def test_a_name_with_an_initial_is_no_heading(after):
    assert BlockKind.TITLE not in {block.kind for block in understand(make_page(closed(*after)))}


@pytest.mark.parametrize(("text", "is_title"), [("(Wisconsin", False), ("Rates (in percent)", True)])
def test_a_bracket_that_is_not_closed_heads_nothing(text, is_title):
    words = [*make_line(text, 100, font=LARGE), *make_lines(prose(6, 60), y=160, font=SEEN)]
    assert (understand(make_page(words))[0].kind is BlockKind.TITLE) is is_title


def test_a_signature_that_reads_as_the_name_below_it_is_no_heading():
    words = [*closed(), *make_line("A. Holloway", 100, 350, font=Font(size=40))]
    assert BlockKind.TITLE not in {block.kind for block in understand(make_page(words))}


def test_a_name_and_what_its_owner_is_are_no_heading():
    words = [*closed(), *make_line("Yard Manager of the whole company", 100, 425, font=SEEN)]
    assert BlockKind.TITLE not in {block.kind for block in understand(make_page(words))}


def test_a_heading_numbered_by_a_letter_stays_one():
    blocks = understand(make_page([*closed(), *make_lines(prose(5, 60, start=7), y=440, font=SEEN)]))
    assert [block.text for block in blocks if block.kind is BlockKind.TITLE] == ["A. Holloway"]


def test_weight_is_believed():
    bold = Font(size=20, name="Times-Bold", bold=True)
    words = [*make_lines(prose(6, 60), font=BODY), *make_line("A. Holloway", 100, 400, font=bold)]
    blocks = understand(make_page([*words, *make_line("Yard Manager", 100, 440, font=BODY)]))
    assert [block.text for block in blocks if block.kind is BlockKind.TITLE] == ["A. Holloway"]


@pytest.mark.parametrize(("confidence", "kind"), [(0.45, BlockKind.TEXT), (0.8, BlockKind.TITLE)])
def test_what_was_hardly_read_heads_nothing(confidence, kind):
    """Stamps and signatures are large."""
    words = make_line("Eoo Swegler", 100, 60, font=LARGE, confidence=confidence)
    blocks = understand(make_page([*words, *make_lines(prose(6, 60), y=140, font=SEEN)]))
    assert blocks[0].kind is kind
