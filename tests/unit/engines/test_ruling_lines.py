import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from octavo.engines.ruling_lines import ruling_lines


def page(degrees=0.0):
    """A sheet with a grid of three by two cells and a paragraph of large print."""
    sheet = Pillow.new("RGB", (1200, 1600), "white")
    draw = ImageDraw.Draw(sheet)
    for y in (300, 400, 500):
        draw.line((100, y, 1100, y), fill="black", width=3)
    for x in (100, 433, 766, 1100):
        draw.line((x, 300, x, 500), fill="black", width=3)
    for row in range(6):
        draw.text(
            (100, 700 + 60 * row), "The quick brown fox jumps over it", fill="black", font=ImageFont.load_default(40)
        )
    return np.asarray(sheet.rotate(degrees, fillcolor="white"))


@pytest.mark.parametrize("degrees", [0.0, 0.6])
def test_lines_of_a_grid_are_found_and_letters_are_not(degrees):
    found = ruling_lines(page(degrees))
    level = [rule.box for rule in found if rule.horizontal]
    plumb = [rule.box for rule in found if not rule.horizontal]
    assert len(level) == 3
    assert len(plumb) == 4
    assert all(abs(box.width - 1000) < 25 for box in level)
    assert all(abs(box.height - 200) < 25 for box in plumb)


def test_a_blank_page_and_a_black_one_have_no_lines():
    for shade in (255, 0):
        assert ruling_lines(np.full((400, 300, 3), shade, np.uint8)) == ()


def test_a_gap_of_a_few_pixels_does_not_cut_a_line():
    image = np.full((300, 900, 3), 255, np.uint8)
    image[150:152, 50:850] = 0
    image[150:152, 400:405] = 255
    (rule,) = ruling_lines(image)
    assert rule.box.width == pytest.approx(800, abs=10)


@pytest.mark.parametrize("size", [(201, 303), (207, 296), (200, 301)])
def test_lines_along_edges_are_found_whatever_the_size_of_the_image(size):
    image = np.full((*size, 3), 255, np.uint8)
    image[-6:-4, -40:] = 0
    image[-60:, 5:7] = 0
    level, upright = sorted(ruling_lines(image), key=lambda rule: not rule.horizontal)
    assert (level.box.x0, level.box.x1) == pytest.approx((size[1] - 40, size[1]), abs=3)
    assert (upright.box.y0, upright.box.y1) == pytest.approx((size[0] - 60, size[0]), abs=3)
