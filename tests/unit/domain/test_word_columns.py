from __future__ import annotations

import pytest

from factories import BODY
from octavo.domain.block import Word
from octavo.domain.columns import SIDES, UnmadeWords, columns_of, confidences_of, words_in
from octavo.domain.geometry import BBox

BOX = BBox(0.0, 0.0, 5.0, 6.0)
WORDS = (
    Word(text="a", box=BOX, font=BODY, confidence=0.5),
    Word(text="b", box=BOX, font=BODY, confidence=0.75),
)
BOXES = [[0.0, 10.0], [0.0, 1.0], [5.0, 15.0], [6.0, 7.0]]


def test_words_are_as_if_made_one_by_one() -> None:
    made = words_in(BOXES, {"text": ["a", "b"], "font": [BODY, BODY], "line": [3, 4]})
    assert made == (
        Word(text="a", box=BBox(0.0, 0.0, 5.0, 6.0), font=BODY, line=3),
        Word(text="b", box=BBox(10.0, 1.0, 15.0, 7.0), font=BODY, line=4),
    )


def test_there_may_be_no_words() -> None:
    assert words_in([[] for _ in SIDES], {"text": [], "font": []}) == ()


@pytest.mark.parametrize(
    "rest",
    [
        {"text": ["a", "b"]},
        {"text": ["a"], "font": [BODY, BODY]},
        {"text": ["a", "b", "c"], "font": [BODY, BODY]},
        {"text": ["a", "b"], "font": [BODY, BODY], "colour": ["red", "red"]},
    ],
)
def test_columns_that_do_not_fit_are_refused(rest: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match=r"cannot have|no columns"):
        words_in(BOXES, rest)


def test_words_that_are_not_made_yet_are_the_same_words() -> None:
    later = UnmadeWords(columns_of(WORDS))
    assert (len(later), later[0], later[1:], list(later)) == (2, WORDS[0], WORDS[1:], list(WORDS))
    assert later == WORDS
    assert later == UnmadeWords(columns_of(later))
    assert later != WORDS[:1]
    assert (hash(later), repr(later)) == (hash(WORDS), repr(WORDS))


def test_confidences_are_told_of_both() -> None:
    assert list(confidences_of(UnmadeWords(columns_of(WORDS)))) == list(confidences_of(WORDS)) == [0.5, 0.75]


@pytest.mark.parametrize("cut", [slice(1, None), slice(0, 0)])
def test_words_that_are_to_be_made_need_all_columns(cut: slice) -> None:
    with pytest.raises(ValueError, match="no columns"):
        UnmadeWords(columns_of(WORDS)[cut])
