from __future__ import annotations

from factories import BODY, make_line, make_lines, make_word
from octavo.domain.block import Font
from octavo.structure.text.dropcaps import with_drop_caps_joined

CAP = Font(size=3 * BODY.size)


def joined(words) -> list[str]:
    return [word.text for word in with_drop_caps_joined(words, BODY.size)]


def test_a_drop_cap_goes_before_the_word_that_it_begins():
    cap = make_word("O", x=100, y=98, font=CAP)
    words = (cap, *make_lines(["nce upon a time", "there was a ferry", "on the river"], x=cap.box.x1 + 5))
    assert joined(words) == ["Once", "upon", "a", "time", "there", "was", "a", "ferry", "on", "the", "river"]


def test_a_large_letter_alone_stays():
    assert joined((make_word("O", font=CAP), *make_line("far away", x=700, y=900))) == ["O", "far", "away"]


def test_a_large_letter_before_a_new_word_stays():
    cap = make_word("O", x=100, y=98, font=CAP)
    words = (cap, *make_lines(["There was a ferry", "On the river"], x=cap.box.x1 + 5))
    assert joined(words)[0] == "O"


def test_letters_of_the_body_stay():
    words = make_line("a word in a line")
    assert joined(words) == ["a", "word", "in", "a", "line"]
