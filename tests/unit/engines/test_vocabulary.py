from __future__ import annotations

import pytest

from octavo.engines.vocabulary import Vocabulary

WORDS = Vocabulary()
TEXTS = {
    "en": "she thoughtfully answered whichever letters arrived throughout the snowy weekend",
    "fr": "nous avons bien reçu votre lettre et nous vous remercions beaucoup pour cette réponse rapide",
    "de": "wir haben Ihren Brief erhalten und danken Ihnen sehr herzlich für diese schnelle Antwort heute",
    "es": "hemos recibido su carta y le damos muchas gracias por esta respuesta tan rápida como siempre",
    "it": "abbiamo ricevuto la vostra lettera e vi ringraziamo molto per questa risposta così veloce",
    "pt": "recebemos a sua carta e agradecemos muito por esta resposta tão rápida como sempre fazemos",
    "nl": "wij hebben uw brief ontvangen en danken u hartelijk voor dit snelle antwoord van gisteren",
}


@pytest.mark.parametrize(("tag", "text"), TEXTS.items())
def test_the_language_of_a_text_is_told_by_its_words(tag, text):
    assert WORDS.languages_of(text.split()) == (tag,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the letter",
        "12 345 98-7 A4 B5 zz qq xx",
        "bardzo dziękujemy państwu za przesłany wczoraj list oraz szybką odpowiedź na nasze pytania",
        "kiitämme kirjeestänne jonka saimme eilen sekä nopeasta vastauksestanne kysymyksiimme",
    ],
)
def test_other_languages_and_few_words_tell_none(text):
    assert WORDS.languages_of(text.split()) == ()


def test_the_caller_says_which_languages_it_may_be():
    assert WORDS.languages_of(TEXTS["fr"].split(), ["fr-CA", "de"]) == ("fr",)
    assert WORDS.languages_of(TEXTS["fr"].split(), ["de"]) == ()
    assert WORDS.languages_of(TEXTS["fr"].split(), ["pl"]) == ()


def test_case_makes_no_word():
    words = ["letter", "Letter", "LETTER", "Washington", "WASHINGTON", "lettxr"]
    assert WORDS.has(["en"], words).tolist() == [True] * 5 + [False]


def test_words_of_any_language_are_known():
    assert WORDS.known(["letter", "réponse", "Antwort", "respuesta", "lettxr"]).tolist() == [True] * 4 + [False]
    assert WORDS.known([]).tolist() == []
