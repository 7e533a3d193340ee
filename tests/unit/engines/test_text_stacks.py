"""Finds of the detector that hold several lines."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import pixels, sheet
from PIL import Image, ImageFont

from octavo.engines.pixels import Quad
from octavo.engines.text_stacks import parted

SIZE = 32
USUAL = 34.0
"""How high the detector makes a line of this type."""
FONT = ImageFont.load_default(size=SIZE)


def stack(texts: list[str], leading: float = 1.2) -> tuple[np.ndarray, Quad]:
    """Texts below one another, and a quad close around all of them."""
    image, draw, ink = sheet(300, 400)
    for place, text in enumerate(texts):
        draw.text((100, 40 + leading * SIZE * place), text, fill=ink, font=FONT)
    return around(image)


def around(image: Image.Image, margin: int = 4) -> tuple[np.ndarray, Quad]:
    array = pixels(image)
    ys, xs = np.nonzero(array.min(axis=2) < 128)
    x0, y0, x1, y1 = xs.min() - margin, ys.min() - margin, xs.max() + margin, ys.max() + margin
    return array, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


@pytest.mark.parametrize(
    "texts", [["2", "3", "4", "5", "6"], ["84", "70", "35"], ["82 %", "12 %"], ["1,204", "907", "33"]]
)
def test_numbers_below_one_another_are_lines_of_their_own(texts):
    array, quad = stack(texts)
    parts = parted(array, quad, USUAL)
    assert len(parts) == len(texts)
    assert parts[0][0].tolist() == pytest.approx(quad[0].tolist(), abs=1)
    assert parts[-1][2].tolist() == pytest.approx(quad[2].tolist(), abs=1)
    heights = [float(part[3][1] - part[0][1]) for part in parts]
    assert max(heights) < 1.5 * SIZE


def test_a_line_stays_whole():
    array, quad = stack(["Total: 35"])
    assert parted(array, quad, USUAL) == [quad]


def test_large_type_stays_whole():
    image, draw, ink = sheet(600, 300)
    draw.text((50, 50), "Übrig: i", fill=ink, font=ImageFont.load_default(size=96))
    array, quad = around(image)
    assert parted(array, quad, USUAL) == [quad]


@pytest.mark.parametrize("text", ["1990", "Appendix", "ill", "Index 7"])
def test_writing_on_its_side_stays_whole(text):
    image, draw, ink = sheet(500, 100)
    draw.text((50, 30), text, fill=ink, font=FONT)
    array, quad = around(image.transpose(Image.Transpose.ROTATE_90))
    assert parted(array, quad, USUAL) == [quad]
