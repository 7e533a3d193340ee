"""Sizes that are measured from pixels: alike ones are one, and ink that reaches into a line makes no type larger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import make_line, make_lines, prose
from octavo.domain.block import Font
from octavo.structure.text.sizes import with_sizes_settled

SEEN = Font(size=20)
"""A size that was measured: no name, no weight."""


def looks(words, size):
    """The words as wide as they are, with another measure of their height."""
    return tuple(replace(word, font=Font(size=size)) for word in words)


def sizes(*lines):
    """The size of each line, when all of them stand on one page."""
    settled = with_sizes_settled([word for line in lines for word in line])
    return [next(word.font.size for word in settled if word.line == line[0].line) for line in lines]


BODY = make_lines(prose(12, 60), font=SEEN)


def test_sizes_that_are_nearly_alike_are_one():
    assert sizes(BODY, looks(make_line("a line without any heights", font=SEEN), 18)) == [20, 20]


@pytest.mark.parametrize("size", [15, 26, 30])
def test_a_line_whose_letters_are_as_wide_as_the_others_is_as_large(size):
    """Underlined, or with a signature that runs through it."""
    assert sizes(BODY, looks(make_line("an underlined sentence, so that", font=SEEN), size)) == [20, 20]


@pytest.mark.parametrize("size", [15, 26, 30])
def test_type_that_is_wider_or_narrower_too_is_of_another_size(size):
    line = make_line("What this page is about", font=Font(size=size))
    assert sizes(BODY, line) == [20, size]


def test_small_type_of_a_wide_face_stays_small():
    line = make_line("1699 East Woodfield Road", font=Font(size=15))
    wide = tuple(replace(word, box=replace(word.box, x1=word.box.x0 + 9 * len(word.text))) for word in line)
    assert sizes(BODY, wide) == [20, 15]


def test_small_capitals_stay_small():
    line = make_line("ALL RIGHTS OF THIS HOUSE RESERVED", font=Font(size=15))
    wide = tuple(replace(word, box=replace(word.box, x1=word.box.x0 + 10 * len(word.text))) for word in line)
    assert sizes(BODY, wide) == [20, 15]


def test_a_few_letters_tell_nothing():
    assert sizes(BODY, looks(make_line("Part One", font=SEEN), 30)) == [20, 30]


def test_narrow_display_type_stays_large():
    assert sizes(BODY, looks(make_line("Condensed type of a poster", font=SEEN), 40)) == [20, 40]
