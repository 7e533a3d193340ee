"""Lines of small type that stand close, on a page that lies askew and is out of focus."""

from __future__ import annotations

from importlib.resources import files

import cv2
import numpy as np
import pytest
from drawn_pages import Share
from PIL import Image, ImageDraw, ImageFont

from octavo.engines.crew import Crew
from octavo.engines.text_detection import TextDetector

PROSE = "small type that was photographed from afar stands in lines so close that their letters nearly touch "
FINE = 4
"""The page is drawn so many times as large, as paper is finer than pixels."""


def dense_page(*, size: int, pitch: float, tilt: float, blur: float) -> tuple[np.ndarray, int, float]:
    """Two columns of prose on a page of 1000 x 1300; how many lines they have, and how long these are together."""
    font = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), size * FINE)
    image = Image.new("L", (1000 * FINE, 1300 * FINE), 235)
    draw, lines, length = ImageDraw.Draw(image), 0, 0.0
    for column in range(2):
        for line, top in enumerate(np.arange(100, 1200, size * pitch)):
            text = (3 * PROSE)[(23 * line) % 90 :].lstrip()
            while draw.textlength(text, font=font) > 380 * FINE:
                text = text.rsplit(" ", 1)[0]
            draw.text(((90 + 430 * column) * FINE, float(top) * FINE), text, font=font, fill=40)
            lines, length = lines + 1, length + draw.textlength(text, font=font) / FINE
    small = cv2.resize(np.asarray(image), (1000, 1300), interpolation=cv2.INTER_AREA)
    turned = cv2.warpAffine(small, cv2.getRotationMatrix2D((500, 650), tilt, 1), (1000, 1300), borderValue=235)
    return np.repeat(cv2.GaussianBlur(turned, (0, 0), blur)[..., None], 3, 2), lines, length


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    return TextDetector(Crew(Share(1)))


@pytest.mark.parametrize(
    ("size", "pitch", "tilt", "blur"), [(8, 1.2, 1.5, 1.1), (8, 1.15, 2.5, 1.0), (10, 1.3, 0.0, 0.6)]
)
def test_all_lines_are_found(detector: TextDetector, size: int, pitch: float, tilt: float, blur: float) -> None:
    page, lines, length = dense_page(size=size, pitch=pitch, tilt=tilt, blur=blur)
    found = detector.detect(page)
    assert abs(len(found) - lines) <= 0.05 * lines
    assert sum(float(np.linalg.norm(quad[1] - quad[0])) for quad in found) == pytest.approx(length, rel=0.06)


def test_huge_type_is_not_broken(detector: TextDetector) -> None:
    image = Image.new("RGB", (1000, 1300), "white")
    font = ImageFont.truetype(str(files("octavo") / "fonts" / "wqy-microhei.ttf"), 200)
    for place, text in enumerate(("Great", "Sale", "Today")):
        ImageDraw.Draw(image).text((120, 120 + 330 * place), text, font=font, fill="black")
    assert len(detector.detect(np.asarray(image))) == 3
