from __future__ import annotations

import numpy as np
import pytest
from drawn_pages import pixels, sheet
from PIL import ImageFont

from octavo.domain.block import BlockKind
from octavo.domain.geometry import BBox
from octavo.engines.doc_layout import CdlaLayout

PARAGRAPH = BBox(100, 150, 760, 400)
TABLE = BBox(100, 520, 760, 720)


@pytest.fixture(scope="module")
def layout():
    return CdlaLayout()


def page():
    """A paragraph over a ruled table."""
    image, draw, ink = sheet(850, 1100)
    font = ImageFont.load_default(size=20)
    for y in range(150, 400, 28):
        draw.text(
            (100, y), "A line of plain text that goes on to the margin of the paper and back", fill=ink, font=font
        )
    for y in range(520, 721, 40):
        draw.line((100, y, 760, y), fill=ink, width=2)
    for x in range(100, 761, 165):
        draw.line((x, 520, x, 720), fill=ink, width=2)
    for row in range(5):
        for column in range(4):
            draw.text((115 + column * 165, 528 + row * 40), f"{row * 37 + column * 11}.50", fill=ink, font=font)
    return image


def test_text_and_table_are_seen_where_they_are(layout):
    regions = layout.detect(pixels(page()))
    for kind, box in ((BlockKind.TEXT, PARAGRAPH), (BlockKind.TABLE, TABLE)):
        assert any(region.kind == kind and region.box.inside_share(box) > 0.8 for region in regions), kind


def test_the_surest_region_comes_first(layout):
    sure = [region.confidence for region in layout.detect(pixels(page()))]
    assert sure == sorted(sure, reverse=True)
    assert all(0.4 < confidence <= 1.0 for confidence in sure)


def test_boxes_are_in_pixels_of_the_image_given(layout):
    image = page()
    small = {region.kind: region.box for region in layout.detect(pixels(image.resize((425, 550))))}
    large = {region.kind: region.box for region in layout.detect(pixels(image))}
    assert small[BlockKind.TABLE].scaled(2).y0 == pytest.approx(large[BlockKind.TABLE].y0, abs=20)


@pytest.mark.parametrize("shape", [(1, 1), (900, 700)])
def test_a_blank_image_has_no_regions(layout, shape):
    assert layout.detect(np.full((*shape, 3), 255, dtype=np.uint8)) == ()
