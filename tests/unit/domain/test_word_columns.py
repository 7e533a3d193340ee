from __future__ import annotations

import pytest

from factories import BODY
from octavo.domain.block import Word
from octavo.domain.columns import SIDES, words_in
from octavo.domain.geometry import BBox

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
