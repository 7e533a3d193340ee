"""Where the crop of a line has ink."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.text_words import ink_of, inked_in

LETTERS = np.zeros((40, 200), dtype=np.bool_)
LETTERS[10:30, 20:180:8] = LETTERS[10:30, 22:180:8] = LETTERS[12, 20:100] = True


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (254, 90), (230, 30), (128, 20), (0, 255), (60, 250)])
def test_ink_is_what_differs_from_the_paper(paper, ink):
    crop = np.repeat(np.where(LETTERS, ink, paper).astype(np.uint8)[:, :, None], 3, axis=2)
    assert np.array_equal(inked_in(crop), LETTERS)
    found = ink_of(crop)
    assert found.columns.tolist() == LETTERS.sum(axis=0).tolist()
    assert found.rows.tolist() == LETTERS.sum(axis=1).tolist()
    assert (found.top, found.bottom, found.baseline) == (10, 30, 30)


def test_where_half_is_white_the_paper_is_what_most_of_it_is():
    crop = np.full((40, 200, 3), 255, np.uint8)
    crop[:, :120] = 200
    assert inked_in(crop)[:, 120:].all()
    assert not inked_in(crop)[:, :120].any()
