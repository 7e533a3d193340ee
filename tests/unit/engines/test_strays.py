"""Ink of other lines in the crop of a line."""

from __future__ import annotations

import numpy as np

from octavo.engines.strays import without_strays


def crop(rows: str) -> np.ndarray:
    return np.array([[mark == "#" for mark in row] for row in rows.split()])


LETTERS = """
    .............
    .##.##.##.##.
    .##.##.##.##.
    .##.##.##.##.
    .............
"""


def test_ends_of_letters_from_the_lines_around_are_left_out():
    reached = crop("""
        .......#.....
        .##.##.##.##.
        .##.##.##.##.
        .##.##.##.##.
        .............
        ..##.........
    """)
    assert without_strays(reached)[1:4].tolist() == reached[1:4].tolist()
    assert without_strays(reached)[0].any()  # a letter that goes on in the line is its own
    assert not without_strays(reached)[5].any()


def test_ascenders_and_descenders_stay():
    own = crop("""
        .#...........
        .##.##.##.##.
        .##.##.##.##.
        .##.##.##.##.
        .........#...
    """)
    assert without_strays(own).tolist() == own.tolist()


def test_letters_with_paper_around_them_stay():
    assert without_strays(crop(LETTERS)).tolist() == crop(LETTERS).tolist()


def test_a_crop_without_anything_else_keeps_its_ink():
    rule = crop("""
        #############
        .............
        .............
    """)
    assert without_strays(rule).any()
