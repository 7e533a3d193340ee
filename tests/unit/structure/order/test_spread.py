"""Open books, and wide pages that are none."""

from __future__ import annotations

import pytest

from factories import make_line, make_lines
from octavo.domain.block import Rule, Word
from octavo.domain.geometry import BBox, Size
from octavo.structure.order.spread import fold_of

WIDE = Size(1600, 1200)
TEXT = ["of running text that fills a measure of a page"] * 12
LEFT = make_lines(TEXT, x=120, y=200)
RIGHT = make_lines(TEXT, x=950, y=200)


def numbers(left: str, right: str, y: float = 100) -> tuple[Word, ...]:
    return (*make_line(f"{left} Kreis", x=120, y=y), *make_line(f"Bromberg {right}", x=1300, y=y))


FOLD = Rule(box=BBox(795, 10, 799, 1190))


@pytest.mark.parametrize("y", [100, 1000])
def test_numbers_of_two_pages_at_their_outer_edges_tell_an_open_book(y):
    fold = fold_of((*LEFT, *RIGHT, *numbers("22", "23", y)), [], WIDE)
    assert fold is not None
    assert max(word.box.x1 for word in LEFT) < fold < min(word.box.x0 for word in RIGHT)


def test_a_shadow_from_top_to_foot_tells_it_as_well():
    assert fold_of((*LEFT, *RIGHT), [FOLD], WIDE) is not None


@pytest.mark.parametrize(
    ("words", "rules", "size"),
    [
        ((*LEFT, *RIGHT), [], WIDE),
        ((*LEFT, *RIGHT, *numbers("23", "24")), [], WIDE),
        ((*LEFT, *RIGHT, *numbers("22", "29")), [], WIDE),
        ((*LEFT, *RIGHT), [Rule(box=BBox(795, 200, 799, 600))], WIDE),
        ((*LEFT, *RIGHT, *make_line("A title over both columns of this slide", x=600, y=60)), [FOLD], WIDE),
        ((*LEFT, *RIGHT, *numbers("22", "23")), [FOLD], Size(1600, 1600)),
        ((*LEFT, *make_lines(["note"] * 4, x=950, y=200)), [FOLD], WIDE),
    ],
)
def test_columns_and_tables_of_one_wide_page_stay_together(words, rules, size):
    assert fold_of(words, rules, size) is None
