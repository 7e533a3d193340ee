"""Which script a language is written in, and which languages are known."""

from __future__ import annotations

import pytest

from octavo.domain.errors import UnknownLanguage
from octavo.domain.scripts import SCRIPTS, checked_language, script_of_language


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("ru", "Cyrillic"),
        ("sr", "Cyrillic"),
        ("sr-Latn-RS", None),
        ("az", None),
        ("az-Cyrl", "Cyrillic"),
        ("pa", "Gurmukhi"),
        ("pa-Arab", "Arabic"),
        ("AR_eg", "Arabic"),
        ("en-GB", None),
        ("zh-Hant", None),
    ],
)
def test_a_language_has_a_script(language: str, script: str | None) -> None:
    found = script_of_language(language)
    assert (found.name if found else None) == script
    assert checked_language(language) == language


def test_all_languages_of_all_scripts_are_known() -> None:
    for script in SCRIPTS.values():
        for language in script.languages:
            assert checked_language(language) == language


@pytest.mark.parametrize("language", ["xx", "klingon", "rus", "en-Zzzz", ""])
def test_others_are_refused_with_those_that_are_known(language: str) -> None:
    with pytest.raises(UnknownLanguage, match=r"af, ak, am, an, ar, .* zu"):
        checked_language(language)
