import pytest

from factories import make_word
from octavo.domain.geometry import BBox
from octavo.domain.result import Recognition
from octavo.pipeline.doubts import doubts_of
from octavo.pipeline.illegible import Legible


@pytest.mark.parametrize(
    ("has_words", "confidence", "unread", "said"),
    [
        (True, 0.98, {}, []),
        (False, 1.0, {}, []),
        (True, 0.41, {}, ["59% of its words are likely wrong"]),
        (False, 0.0, {}, ["none of it could be read"]),
        (True, 0.98, {"Cyrillic": 4}, ["4 lines of this page in Cyrillic script"]),
        (True, 0.98, {"Thai": 1}, ["A line of this page in Thai script"]),
        (True, 0.5, {"Greek": 1, "Cyrillic": 9}, ["9 lines of this page in Cyrillic", "Greek", "50%"]),
    ],
)
def test_what_stayed_unread_is_said(has_words, confidence, unread, said):
    words = (make_word("text", confidence=confidence),) if has_words else ()
    found = Recognition(words=words, confidence=confidence, unread=unread)
    warnings = list(doubts_of(found, Legible(words=words), ()))
    assert len(warnings) == len(said)
    assert all(part in warning for part, warning in zip(said, warnings, strict=True))


@pytest.mark.parametrize(("languages", "package"), [((), "rus"), (("en", "uk-UA"), "ukr"), (("th",), "rus")])
def test_a_warning_names_the_package_that_helps(languages, package):
    (warning,) = doubts_of(Recognition(unread={"Cyrillic": 3}), Legible(words=()), languages)
    assert f"tesseract-ocr-{package}" in warning


def test_of_many_scripts_the_most_frequent_are_told():
    found = Recognition(unread={"Thai": 1, "Lao": 7, "Khmer": 5, "Greek": 3})
    told = " ".join(doubts_of(found, Legible(words=()), ()))
    assert all(name in told for name in ("Lao", "Khmer", "Greek"))
    assert "Thai" not in told


def test_a_page_that_looks_foreign_is_told():
    words = (make_word("text"),)
    (warning,) = doubts_of(Recognition(words=words, looks_like=("Greek", "Cyrillic")), Legible(words=words), ())
    assert "Greek or Cyrillic script" in warning


def test_one_line_that_became_a_picture_is_told():
    clear = Legible(words=(), pictures=(BBox(0, 0, 90, 90),), lines=1)
    (warning,) = doubts_of(Recognition(words=(make_word("scrawl"),), confidence=0.2), clear, ())
    assert warning == ("A line of this page could not be read, as it is with handwriting: a picture shows it instead.")


@pytest.mark.parametrize(("boxes", "said"), [(1, "a picture shows"), (2, "2 pictures show")])
def test_lines_that_became_pictures_are_told_once(boxes, said):
    clear = Legible(words=(), pictures=(BBox(0, 0, 90, 90),) * boxes, lines=7)
    (warning,) = doubts_of(Recognition(words=(make_word("scrawl"),), confidence=0.2), clear, ())
    assert warning.startswith("7 lines")
    assert said in warning


@pytest.mark.parametrize(("missed", "told"), [(0.021, ["2.1%"]), (0.001, [])])
def test_ink_that_looks_like_writing_and_stayed_unread_is_told(missed, told):
    words = (make_word("text"),)
    warnings = list(doubts_of(Recognition(words=words, missed=missed), Legible(words=words), ()))
    assert len(warnings) == len(told)
    assert all(part in warning for part, warning in zip(told, warnings, strict=True))
