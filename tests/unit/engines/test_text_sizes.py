"""How large type is, told from what is read and from its ink: the same for each word of one size."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from octavo.engines.text_sizes import line_size
from octavo.engines.text_words import ink_of

SIZE = 60
FONT = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), SIZE)


def measured(text: str) -> float:
    image = Image.new("RGB", (40 + round(FONT.getlength(text)), 2 * SIZE), "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black", font=FONT)
    return line_size(text, ink_of(np.asarray(image))).em


@pytest.mark.parametrize(
    "text", ["cuttings", "area", "ices", "juice", "water", "caf\u00e9", "men\u00fa", "sea \u00e0 sea", "Total", "hold"]
)
def test_words_of_one_size_are_one_size_whatever_their_letters(text):
    assert measured(text) == pytest.approx(measured("Heading"), rel=0.1)
