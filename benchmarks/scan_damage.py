"""What scanners, copiers, fax machines and cameras do to a sheet of paper: grey pixels in, grey pixels out.

Every function takes its chance from a generator that is given, so that a page is the same each time it is made.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Chance: TypeAlias = np.random.Generator


def inked(page: Pixels, dark: float, light: float) -> Pixels:
    """The page in ink that is not black, on paper that is not white."""
    return clipped(dark + page.astype(np.float32) * ((light - dark) / 255))


def scanned(page: Pixels, chance: Chance) -> Pixels:
    """A little askew and soft, with the grain of paper and sensor."""
    page = turned(page, chance.normal(0, 0.35))
    page = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.4, 0.8))
    return grainy(inked(page, chance.uniform(10, 60), chance.uniform(225, 252)), chance, chance.uniform(2, 6))


def faxed(page: Pixels, chance: Chance) -> Pixels:
    """Black and white alone, in lines, with ragged edges, specks and lost rows."""
    noise = chance.normal(0, 22, page.shape)
    bits = cv2.GaussianBlur(turned(page, chance.normal(0, 0.3)), (0, 0), 0.6) + noise > chance.uniform(120, 165)
    return specked(np.where(bits, 255, 0).astype(np.uint8), chance, 0.0002)


def photocopied(page: Pixels, chance: Chance) -> Pixels:
    """Copied twice: thicker or thinner strokes, a dark edge, dirt of the glass."""
    for _ in range(2):
        page = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.6, 0.9))
        page = clipped((page.astype(np.float32) - chance.uniform(105, 150)) * chance.uniform(3, 5) + 128)
    page = specked(turned(page, chance.normal(0, 0.5)), chance, 0.0003)
    shadow = round(page.shape[1] * chance.uniform(0.005, 0.02))
    page[:, :shadow] = chance.integers(0, 60)
    return grainy(page, chance, 4)


def faint(page: Pixels, chance: Chance) -> Pixels:
    """Ink that is hardly darker than the paper."""
    light = chance.uniform(215, 245)
    return grainy(inked(cv2.GaussianBlur(page, (0, 0), 0.6), light - chance.uniform(45, 80), light), chance, 4)


def light_on_dark(page: Pixels, chance: Chance) -> Pixels:
    """White letters on black."""
    return scanned(255 - page, chance)


def stamped(page: Pixels, chance: Chance) -> Pixels:
    """Rings and bars of a rubber stamp across the text, lighter than the print."""
    page = scanned(page, chance)
    height, width = page.shape
    over = np.full_like(page, 255)
    for _ in range(2):
        middle = (int(chance.uniform(0.25, 0.75) * width), int(chance.uniform(0.2, 0.8) * height))
        for radius in (0.11, 0.1):
            cv2.circle(over, middle, round(radius * width), 150, max(2, width // 500), cv2.LINE_AA)
        angle = chance.uniform(-30, 30)
        box = cv2.boxPoints((middle, (0.3 * width, 0.05 * width), angle)).astype(np.int32)
        cv2.polylines(over, [box], True, 150, max(2, width // 500), cv2.LINE_AA)
    return np.minimum(page, over)


def photographed(page: Pixels, chance: Chance) -> Pixels:
    """Through a lens: bent paper, perspective, uneven light, blur, noise, JPEG."""
    page = bent(page, chance.uniform(0.0, 0.012) * page.shape[0])
    page = tilted(page, chance, 0.035)
    page = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.7, 1.2))
    lit = inked(page, chance.uniform(25, 60), chance.uniform(190, 235)).astype(np.float32) * _light(page.shape, chance)
    return packed(grainy(clipped(lit), chance, chance.uniform(3, 7)), int(chance.integers(55, 85)))


def bent(page: Pixels, depth: float) -> Pixels:
    """Lines that rise and fall by `depth` pixels over the width, as on an open book."""
    height, width = page.shape
    across = np.arange(width, dtype=np.float32)
    shift = (depth * np.sin(across / width * math.pi)).astype(np.float32)
    down = np.arange(height, dtype=np.float32)[:, None] + shift[None] - depth / 2
    return np.asarray(cv2.remap(page, np.tile(across, (height, 1)), down, cv2.INTER_LINEAR, borderValue=255), np.uint8)


def tilted(page: Pixels, chance: Chance, most: float) -> Pixels:
    """Seen from the side, on a darker table: corners move by up to `most` of the sides."""
    height, width = page.shape
    margin = round(0.03 * width)
    page = cv2.copyMakeBorder(page, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=90)
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + chance.uniform(-most, most, (4, 2)).astype(np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(cv2.warpPerspective(page, matrix, (width, height), borderValue=90), np.uint8)


def turned(page: Pixels, degrees: float) -> Pixels:
    """Askew by so many degrees, on white."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=255), np.uint8)


def grainy(page: Pixels, chance: Chance, deviation: float) -> Pixels:
    """With noise on every pixel."""
    return clipped(page + chance.normal(0, deviation, page.shape))


def specked(page: Pixels, chance: Chance, share: float) -> Pixels:
    """With dust, black on white and white on black."""
    small = (page.shape[0] // 2, page.shape[1] // 2)
    dust = cv2.resize((chance.random(small) < share).astype(np.uint8), page.shape[::-1], interpolation=0) > 0
    return np.where(dust, 255 - page, page).astype(np.uint8)


def packed(page: Pixels, quality: int) -> Pixels:
    """As JPEG keeps it."""
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", page, [1, quality])[1], cv2.IMREAD_GRAYSCALE), np.uint8)


def clipped(values: NDArray[np.floating]) -> Pixels:
    """As bytes."""
    return np.clip(values, 0, 255).astype(np.uint8)


def _light(shape: tuple[int, ...], chance: Chance) -> NDArray[np.float32]:
    """From one side, falling off to the other by up to two fifths."""
    corners = chance.uniform(0.6, 1.0, (2, 2)).astype(np.float32)
    return np.asarray(cv2.resize(corners, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
