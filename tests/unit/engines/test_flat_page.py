from __future__ import annotations

import cv2
import numpy as np
import pytest

from damages import Pixels, curled, slanted, turned, waved
from octavo.domain.geometry import BBox
from octavo.engines.flat_page import flattened
from printed_pages import KINDS, printed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lay", [lambda page: page, lambda page: turned(page, 4), lambda page: slanted(page, 0.1)])
def test_flat_pages_are_left_alone(kind, lay):
    assert flattened(lay(printed(kind).pixels)) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bend", [lambda page: curled(page, 0.15), lambda page: waved(page, 15)])
def test_lines_of_bent_pages_become_straight(kind, bend):
    page = bend(printed(kind).pixels)
    made = flattened(page)
    assert made is not None
    assert sharpness(made.image) > 1.5 * sharpness(page)


def sharpness(page: Pixels) -> float:
    """How much rows of pixels differ from those below them: lines that are level leave white between them."""
    rows = (255.0 - page[:, :, 0]).mean(axis=1)
    return float(np.square(np.diff(rows)).sum())


def test_what_was_made_flat_is_found_where_it_was():
    flat = printed("letter").pixels
    page = waved(flat, 20)
    made = flattened(page)
    assert made is not None
    for x in (300, 700, 1200):
        rows = np.flatnonzero((made.image[:, x - 40 : x + 40, 0] < 100).any(axis=1))
        box = made.bend.box(BBox(x - 40, float(rows[0]), x + 40, float(rows[-1]) + 1))
        there = np.flatnonzero((page[:, x - 40 : x + 40, 0] < 100).any(axis=1))
        assert (box.y0, box.y1) == pytest.approx((there[0], there[-1] + 1), abs=8)


@pytest.mark.parametrize("shape", [(1, 1), (30, 400), (400, 30), (2000, 20), (64, 64)])
def test_small_and_empty_images_are_flat(shape):
    assert flattened(np.full((*shape, 3), 255, np.uint8)) is None


def test_pictures_are_not_unrolled():
    y, x = np.mgrid[0:900, 0:700]
    hills = 128 + 60 * np.sin(x / 90) * np.cos(y / 70) + 40 * np.sin((x + y) / 33)
    assert flattened(np.repeat(hills.astype(np.uint8)[:, :, None], 3, axis=2)) is None


def test_an_endless_strip_is_left_as_it_is():
    strip = np.full((40_000, 30, 3), 255, np.uint8)
    strip[::40] = 0
    assert flattened(strip) is None


@pytest.mark.parametrize(("angle", "top", "length"), [(15, 1100, 120), (24, 400, 300), (28, 1100, 60)])
def test_a_single_stroke_is_no_bent_page(angle, top, length):
    page = np.full((2339, 1654, 3), 255, np.uint8)
    end = (round(700 + length * np.cos(np.radians(angle))), round(top + length * np.sin(np.radians(angle))))
    cv2.line(page, (700, top), end, (0, 0, 0), 6)
    assert flattened(page) is None
