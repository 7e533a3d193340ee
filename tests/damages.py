"""What happens to pages on their way to a file: scanners, fax machines, cameras, and time."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
WHITE = (255, 255, 255)


def turned(page: Pixels, degrees: float) -> Pixels:
    """Laid askew on the glass, clockwise; nothing is cut off."""
    quarters, rest = divmod(degrees + 45, 90)
    page = np.ascontiguousarray(np.rot90(page, -int(quarters) % 4))
    angle = rest - 45
    if not angle:
        return page
    height, width = page.shape[:2]
    sine, cosine = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
    sides = round(width * cosine + height * sine), round(width * sine + height * cosine)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    matrix[:, 2] += (sides[0] - width) / 2, (sides[1] - height) / 2
    return cv2.warpAffine(page, matrix, sides, flags=cv2.INTER_CUBIC, borderValue=WHITE)


def noisy(page: Pixels, deviation: float) -> Pixels:
    """Grain, the same in all channels."""
    grain = np.random.default_rng(7).normal(0, deviation, page.shape[:2])
    return _bytes(page.astype(np.float32) + grain[:, :, None])


def blurred(page: Pixels, radius: float) -> Pixels:
    """Out of focus by so many pixels."""
    return cv2.GaussianBlur(page, (0, 0), radius)


def shaded(page: Pixels, darkest: float) -> Pixels:
    """Lit from the top left, with the shadow of a hand over the right: paper is so bright there, 0 to 1."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    slope = 1 - 0.5 * (1 - darkest) * (x + y) / 2
    edge = 1 / (1 + np.exp(-(x - 0.62 + 0.2 * np.sin(5 * y)) * 40))
    light = slope * (1 - edge * (1 - darkest / slope.min()))
    return _bytes(page * light[:, :, None])


def faint(page: Pixels, ink: int, paper: int = 245) -> Pixels:
    """Printed with little ink: from `ink` to `paper`, of 255."""
    return _bytes(ink + page.astype(np.float32) / 255 * (paper - ink))


def speckled(page: Pixels, share: float) -> Pixels:
    """Dirt: so many of the pixels are specks of up to three pixels."""
    chance = np.random.default_rng(7)
    mask = (chance.random(page.shape[:2]) < share / 4).astype(np.uint8)
    page = page.copy()
    page[cv2.dilate(mask, np.ones((2, 2), np.uint8)) > 0] = 40
    return page


def faxed(page: Pixels, dpi: int, across: int = 204, down: int = 98) -> Pixels:
    """As a fax machine sends it: black or white, with fewer rows than columns."""
    height, width = page.shape[:2]
    sides = round(width * across / dpi), round(height * down / dpi)
    small = cv2.resize(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), sides, interpolation=cv2.INTER_AREA)
    lines = np.where(small > 150, 255, 0).astype(np.uint8)
    tall = cv2.resize(lines, (sides[0], round(height * across / dpi)), interpolation=cv2.INTER_NEAREST)
    return np.repeat(tall[:, :, None], 3, axis=2)


def scaled(page: Pixels, factor: float) -> Pixels:
    """At another resolution."""
    sides = max(1, round(page.shape[1] * factor)), max(1, round(page.shape[0] * factor))
    return cv2.resize(page, sides, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def slanted(page: Pixels, share: float) -> Pixels:
    """Photographed from below: the upper edge is shorter by this share, on a dark table."""
    height, width = page.shape[:2]
    inset, margin = share * width / 2, 0.03 * width
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners + np.array([[inset, 0], [-inset, 0], [0, 0], [0, 0]], np.float32) + margin
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    sides = round(width + 2 * margin), round(height + 2 * margin)
    return cv2.warpPerspective(page, matrix, sides, flags=cv2.INTER_CUBIC, borderValue=(70, 62, 55))


def curled(page: Pixels, depth: float) -> Pixels:
    """A page of an open book, photographed from above: it rises to its spine at the left by this share of its width.

    Lines bend upwards towards the spine and letters are narrower there, as a camera in the middle of the page sees it.
    """
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rise = depth * width * np.exp(-5 * x / width)
    nearer = 1 + rise / (1.6 * height)
    return cv2.remap(
        page,
        (width / 2 + (x - width / 2) / nearer).astype(np.float32),
        (height / 2 + (y - height / 2) / nearer + 0.35 * rise).astype(np.float32),
        cv2.INTER_CUBIC,
        borderValue=WHITE,
    )


def waved(page: Pixels, height: float) -> Pixels:
    """Paper that got wet: lines swing by so many pixels up and down, about twice across the page."""
    rows, cols = page.shape[:2]
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    swing = height * np.sin(2 * np.pi * (1.7 * x / cols + 0.4 * y / rows))
    return cv2.remap(page, x, (y + swing).astype(np.float32), cv2.INTER_CUBIC, borderValue=WHITE)


def shining_through(page: Pixels, behind: Pixels, share: float) -> Pixels:
    """The other side of the leaf, in a mirror, with this share of its ink."""
    other = cv2.resize(behind[:, ::-1], page.shape[1::-1]).astype(np.float32)
    return _bytes(page.astype(np.float32) * (1 - share * (1 - blurred(_bytes(other), 1.2) / 255)))


def thinned(page: Pixels, threshold: float, blur: float = 0.75) -> Pixels:
    """A copy of a copy: what was paler than the threshold is gone, and thin strokes with it."""
    for _ in range(2):
        soft = cv2.GaussianBlur(page, (0, 0), blur).astype(np.float32)
        page = _bytes((soft - threshold) * 4 + 128)
    return page


def stamped(page: Pixels, colour: tuple[int, int, int], middle: tuple[float, float] = (0.5, 0.3)) -> Pixels:
    """With the ring and the slanting frame of a rubber stamp across it, in coloured ink; `middle` as shares."""
    height, width = page.shape[:2]
    over = np.full_like(page, 255)
    place, thick = (round(middle[0] * width), round(middle[1] * height)), max(2, width // 230)
    cv2.circle(over, place, round(0.13 * width), colour, thick, cv2.LINE_AA)
    cv2.circle(over, place, round(0.1 * width), colour, max(1, thick // 2), cv2.LINE_AA)
    frame = cv2.boxPoints((place, (0.4 * width, 0.07 * width), -20)).astype(np.int32)
    cv2.polylines(over, [frame], True, colour, thick, cv2.LINE_AA)
    return np.minimum(page, over)


def copied(page: Pixels, share: float) -> Pixels:
    """With the black edges of a copying machine, so wide for the page's width."""
    width = round(share * page.shape[1])
    return cv2.copyMakeBorder(page, width, width // 2, width, width, cv2.BORDER_CONSTANT, value=(12, 12, 12))


def opened(left: Pixels, right: Pixels, shadow: float = 0.5) -> Pixels:
    """Two pages of a book on one scan, dark in the gutter."""
    page = np.concatenate((left, right), axis=1)
    x = np.abs(np.arange(page.shape[1]) - left.shape[1]) / left.shape[1]
    return _bytes(page * (1 - shadow * np.exp(-30 * x))[None, :, None])


def as_jpeg(page: Pixels, quality: int) -> Pixels:
    return _through(page, "JPEG", quality=quality)


def _through(page: Pixels, kind: str, **options: int) -> Pixels:
    file = io.BytesIO()
    Image.fromarray(page).save(file, kind, **options)
    return np.asarray(Image.open(file).convert("RGB"))


def _bytes(values: NDArray[np.floating]) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)
