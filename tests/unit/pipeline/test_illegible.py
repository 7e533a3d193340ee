"""Writing that nobody could read is told from print that was: it becomes a picture, and print stays words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import make_line, make_lines, prose
from octavo.domain.block import Font
from octavo.domain.geometry import BBox
from octavo.pipeline.illegible import legible

PRINT = make_lines(prose(6, 60), font=Font(size=20))


def scrawl(text="A. HOllcway", y=400.0, *, size=60.0, confidence=0.1):
    """A line that was read badly."""
    return tuple(replace(word, confidence=confidence) for word in make_line(text, 500, y, font=Font(size=size)))


def test_a_signature_becomes_a_picture():
    found = legible([*PRINT, *scrawl()])
    assert found.words == PRINT
    assert (found.pictures, found.lines) == ((BBox(500, 400, 830, 460),), 1)


def test_two_notes_far_apart_become_two_pictures():
    found = legible([*scrawl(y=10), *PRINT, *scrawl(y=900)])
    assert (found.words, len(found.pictures), found.lines) == (PRINT, 2, 2)


@pytest.mark.parametrize("kept", [{"confidence": 0.4}, {"size": 30}])
def test_what_is_likely_right_or_no_larger_than_print_stays_words(kept):
    words = scrawl(**kept)
    assert legible([*PRINT, *words]).words == (*PRINT, *words)


def test_a_scrawl_that_print_stands_in_stays_words():
    words = (*scrawl(y=90, size=300), *PRINT)
    words = tuple(
        replace(word, box=replace(word.box, x0=90, x1=900)) if word.confidence < 0.2 else word for word in words
    )
    assert legible(words).words == words


def test_where_nothing_was_read_large_letters_say_nothing():
    words = (*scrawl(), *make_line("a few words", font=Font(size=20)))
    assert legible(words).words == words


def test_lines_of_one_size_that_nobody_could_read_become_one_picture():
    words = tuple(replace(word, confidence=0.1) for word in make_lines(prose(5, 40), y=400, font=Font(size=20)))
    found = legible([*PRINT, *words])
    assert (found.words, len(found.pictures), found.lines) == (PRINT, 1, 5)
