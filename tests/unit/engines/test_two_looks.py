"""Lines of a plain look and of one at the stretched page, put together."""

from __future__ import annotations

import numpy as np

from octavo.engines.two_looks import united


def box(x0, y0, x1, y1):
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def places(*quads):
    return sorted((int(quad[0][0]), int(quad[0][1]), int(quad[2][0]), int(quad[2][1])) for quad in quads)


def test_lines_that_only_one_look_found_stay():
    plain, tall = box(0, 0, 100, 20), box(0, 40, 100, 60)
    assert places(*united([plain], [tall])) == places(plain, tall)
    assert places(*united([plain], [])) == places(plain)
    assert places(*united([], [tall])) == places(tall)


def test_lines_that_were_merged_are_those_of_the_stretched_look():
    upper, lower = box(0, 0, 100, 18), box(0, 16, 100, 34)
    assert places(*united([box(0, 0, 100, 34)], [upper, lower])) == places(upper, lower)
    assert places(*united([box(0, 8, 60, 27)], [upper, lower])) == places(upper, lower)


def test_entries_side_by_side_are_those_of_the_plain_look():
    left, right = box(0, 0, 45, 20), box(55, 0, 100, 20)
    assert places(*united([left, right], [box(0, 0, 100, 20)])) == places(left, right)


def test_a_line_of_which_the_plain_look_found_a_piece_is_whole():
    whole = box(0, 0, 200, 20)
    assert places(*united([box(0, 0, 30, 20), box(60, 0, 90, 20)], [whole])) == places(whole)
    assert places(*united([box(20, 2, 180, 20)], [whole])) == places(whole)


def test_lines_askew_are_put_together_too():
    turn = np.array([[0.995, 0.1], [-0.1, 0.995]], np.float32)
    upper, lower = box(0, 0, 300, 18) @ turn, box(0, 16, 300, 34) @ turn
    assert len(united([box(0, 0, 300, 34) @ turn], [upper, lower])) == 2
