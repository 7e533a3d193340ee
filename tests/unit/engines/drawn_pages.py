"""Pages drawn for tests, with the font that comes with Pillow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LINES = (
    "Octavo reads documents on any machine.",
    "The invoice of 14 March amounts to 1,250.00 EUR.",
    "Words have boxes, lines have baselines.",
)


@dataclass(frozen=True)
class Share:
    """A `CpuShare` that never changes."""

    count: int

    def threads(self) -> int:
        return self.count


def sheet(width: int = 1000, height: int = 700, ink: str = "black", paper: str = "white"):
    image = Image.new("RGB", (width, height), paper)
    return image, ImageDraw.Draw(image), ink


def letter(size: int = 32, ink: str = "black", paper: str = "white") -> Image.Image:
    """A page with `LINES`, one below the other, from (80, 100) on."""
    image, draw, ink = sheet(ink=ink, paper=paper)
    for place, text in enumerate(LINES):
        draw.text((80, 100 + place * 3 * size), text, fill=ink, font=ImageFont.load_default(size=size))
    return image


def pixels(image: Image.Image) -> np.ndarray:
    array = np.asarray(image.convert("RGB"))
    array.setflags(write=False)
    return array


def text_of(words) -> list[str]:
    """One string for each line, in the order of the words."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return [" ".join(line) for line in lines.values()]
