"""Running lines that stand out of the text, and lines of text that reach into a margin."""

from __future__ import annotations

from factories import A_PAGE, BODY, make_line, make_lines
from octavo.structure.order.margins import set_apart
from octavo.structure.text.lines import segments_of

TEXT = make_lines(["of running text that fills all of a measure"] * 30, x=100, y=200)


def parts(words) -> tuple[list[str], list[str]]:
    margins = set_apart(segments_of((*TEXT, *words)), [], A_PAGE, BODY.size)
    return [each.text for each in margins.head], [each.text for each in margins.text]


def test_a_running_line_that_hangs_out_is_set_apart():
    head, _ = parts(make_line("12 A running title", x=800, y=60))
    assert head == ["12 A running title"]


def test_a_line_with_others_close_below_it_is_one_of_an_address():
    address = make_lines(["1699 East Road", "Schaumburg", "708 605 4400"], x=800, y=76)
    assert parts(address)[0] == []
