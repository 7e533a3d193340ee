"""Words that are cut at the end of a line, in paragraphs and in cells alike."""

from __future__ import annotations

import pytest

from octavo.structure.tables.grid import joined_lines
from octavo.structure.text.hyphens import rejoined


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("the experi-", "ment was", "the experiment was"),
        ("bassins hydro\u2010", "graphiques", "bassins hydrographiques"),
        ("for self-", "employment", "for self-employment"),
        ("(well-", "known)", "(well-known)"),
        ("a state-of-the-", "art ferry", "a state-of-the-art ferry"),
        ("the (mid-19th-", "century) quay", "the (mid-19th-century) quay"),
        ("a well-estab-", "lished house", "a well-established house"),
        ("see tea.org/le-", "programme/", "see tea.org/le-programme/"),
        ("write to ann@tea-", "house.org", "write to ann@tea-house.org"),
    ],
)
def test_a_word_goes_on_in_the_next_line(before, after, whole):
    assert rejoined(before, after) == whole
    assert joined_lines([before, after]) == whole


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Jean-", "Pierre"),
        ("pages 12-", "14"),
        ("a -", "b"),
        ("tea,", "cake"),
        ("5-", "ton"),
        ("two-", "and threefold"),
        ("Ein-", "und Ausfuhr"),
    ],
)
def test_other_lines_stay_apart(before, after):
    assert rejoined(before, after) is None
    assert joined_lines([before, after]) == f"{before} {after}"
