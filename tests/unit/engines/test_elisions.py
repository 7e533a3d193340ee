from __future__ import annotations

import pytest

from octavo.engines.elisions import with_elisions


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1'hymne", "l'hymne"),
        ("(1’air", "(l’air"),
        ("qu'à1'heure", "qu'à1'heure"),
        ("we'1l", "we'll"),
        ("they’l1.", "they’ll."),
        ("(We'11", "(We'll"),
    ],
)
def test_an_l_beside_an_apostrophe_is_no_digit(read, meant):
    assert with_elisions(read) == meant


@pytest.mark.parametrize("word", ["1's", "1'6", "11'a", "5'11", "'11", "FY'11", "Jan’11.", "1'", "l'air"])
def test_digits_stay(word):
    assert with_elisions(word) == word
