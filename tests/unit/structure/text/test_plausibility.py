from __future__ import annotations

import pytest

from factories import make_line, make_lines, prose
from octavo.structure.text.plausibility import agreement, is_odd, meaningless

LANGUAGES = {
    "English": "It was a bright cold day in April, and the clocks were striking thirteen while the ferry left",
    "German": "Der Übergang von der laminaren zur turbulenten Strömung hängt von der Geschwindigkeit des Wassers ab",
    "French": "Les chiffres sont fondés sur les produits normalisés des douze derniers mois et sur la part détenue",
    "Polish": "Wszystkie szczęśliwe rodziny są do siebie podobne, każda nieszczęśliwa rodzina jest nią inaczej",
    "Turkish": "Bütün mutlu aileler birbirine benzer, her mutsuz aile ise kendince mutsuzdur, bunu herkes bilir",
    "Vietnamese": "Việt Nam là một quốc gia nằm ở cực Đông của bán đảo Đông Dương thuộc khu vực Đông Nam Á, giáp với",
    "Finnish": "Kaikki onnelliset perheet ovat toistensa kaltaisia, jokainen onneton perhe on onneton omalla tavalla",
    "Russian": "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему, и это так",
    "Greek": "Όλες οι ευτυχισμένες οικογένειες μοιάζουν μεταξύ τους, κάθε δυστυχισμένη είναι δυστυχισμένη",
    "Japanese": "監査人は監査役及び監査役会に対して独立性についての我が国における職業倫理に関する規定を遵守したこと"
    * 2,
}


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_no_language_is_odd(text):
    assert not is_odd(make_line(text))


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(ord(char) - 29) if char > "=" else char for char in LANGUAGES["English"]),
        "".join(chr(ord(char) + 5) if char.isalpha() else char for char in LANGUAGES["English"]),
        LANGUAGES["Polish"].encode().decode("latin-1"),
        LANGUAGES["Russian"].encode().decode("cp1252", "replace"),
        "xxxx xxxxxxx xxxx xxxxx " * 6,
        " ".join(word[:1] + "Жψ" + word[1:] for word in LANGUAGES["German"].split()),
    ],
    ids=["codes of glyphs", "shifted", "UTF-8 as Latin-1", "UTF-8 as Windows-1252", "one letter", "mixed scripts"],
)
def test_nonsense_is_odd(text):
    assert is_odd(make_line(text))


def test_of_little_text_nothing_is_said():
    assert not is_odd(make_line("XKQ ZZZ WVX"))


def test_characters_that_mean_nothing_are_counted():
    assert meaningless(()) == 0
    assert meaningless(make_lines(prose(5))) == 0
    assert meaningless(make_line("ab\ue001\ufffd")) == 0.5
    assert meaningless(make_line("a\x02\u0378\U000f0000")) == 0.75


def test_readings_are_compared_without_spaces_case_and_signs():
    assert agreement("The fifth - line.", "THEFIFTHLINE") == 1
    assert agreement("\ufb01fth", "fifth") == 1
    assert agreement("abcd", "wxyz") == 0
    assert 0.7 < agreement("The quick brown fox", "Tne qulck browm fox") < 1
