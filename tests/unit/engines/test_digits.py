"""Letters that stand for digits."""

from __future__ import annotations

import pytest

from octavo.engines.digits import with_digits


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("2O79", "2079"),
        ("4750O", "47500"),
        ("1.O", "1.0"),
        ("O.59", "0.59"),
        ("(O.59)", "(0.59)"),
        ("l.9", "1.9"),
        ("4-l/2", "4-1/2"),
        ("3l/12/18", "31/12/18"),
        ("1OO,OOO.5O", "1OO,OOO.5O"),
        ("12,5OO", "12,500"),
    ],
)
def test_letters_within_numbers_are_digits(read, meant):
    assert with_digits(read) == meant


@pytest.mark.parametrize(
    "word",
    ["5l", "10l", "O2", "H2O", "CO2", "I.2", "II", "l'air", "lO", "2o", "I5", "A1O2", "ill.", "O'Neil", "l.", "Ol"],
)
def test_what_may_be_something_else_stays(word):
    assert with_digits(word) == word
