from __future__ import annotations

import pytest

from factories import BODY, make_block, make_lines, make_page, prose
from octavo.domain.block import BlockKind, Font
from octavo.domain.geometry import BBox
from octavo.structure.order.notes import notes_apart
from octavo.structure.page import understand

SMALL = Font(size=16, name="Helvetica")


def parted(*column) -> tuple[list[str], list[str]]:
    text, notes = notes_apart(column, BODY.size, BBox(100, 100, 900, 1300))
    return [block.text for block in text], [block.text for block in notes]


def note(text: str, y: float = 1200, font: Font = SMALL):
    return make_block(BlockKind.TEXT, text, y=y, font=font)


BODY_TEXT = make_block(BlockKind.TEXT, "Text.", y=300)


@pytest.mark.parametrize(
    "text", ["1 See the quay.", "12. See the quay.", "* See the quay.", "\\* See", "3See the quay."]
)
def test_a_marked_line_in_small_type_at_the_foot_is_a_note(text):
    assert parted(BODY_TEXT, note(text)) == (["Text."], [text])


def test_what_goes_on_below_a_note_belongs_to_the_notes():
    assert parted(BODY_TEXT, note("1 See"), note("Ibid.", 1230)) == (["Text."], ["1 See", "Ibid."])


def test_what_stands_over_the_first_mark_does_not():
    assert parted(BODY_TEXT, note("Source: own."), note("1 See", 1230)) == (["Text.", "Source: own."], ["1 See"])


@pytest.mark.parametrize("other", [note("1 See", font=BODY), note("1 See", y=300), note("See the quay.")])
def test_type_place_and_mark_make_a_note(other):
    assert parted(BODY_TEXT, other) == (["Text.", other.text], [])


def test_nothing():
    assert parted() == ([], [])


def test_notes_of_two_columns_come_after_both():
    left, right = prose(30), prose(30, start=20)
    words = make_lines(left, x=60) + make_lines(["1 See the quay."], x=60, y=900, font=SMALL)
    words += make_lines(right, x=520) + make_lines(["2 See the wall."], x=520, y=900, font=SMALL)
    texts = [block.text for block in understand(make_page(words))]
    assert [text[:14] for text in texts if text[0].isdigit()] == ["1 See the quay", "2 See the wall"]
    assert [text[0].isdigit() for text in texts] == sorted(text[0].isdigit() for text in texts)
