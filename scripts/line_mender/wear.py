"""What copies of copies, fax machines and stamps do to a line of print: strokes get thin and break, dirt comes."""

# ruff: noqa: NPY002 - chance that makes lines is no secret

from __future__ import annotations

import random
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
LEAST_LEFT = 0.16
"""Share of the ink that a copy leaves, at least: of less nobody can read anything."""


def worn(line: Pixels) -> Pixels:
    """A clean line (grey, dark on light) as it looks after all that."""
    kind = random.random()
    page = line if kind < 0.15 else copied(line)
    if random.random() < 0.15:
        page = _crossed(page)
    if random.random() < 0.1:
        page = _screened(page)
    if random.random() < 0.12:
        page = _sent(page)
    if random.random() < 0.5:
        page = _dirty(page)
    if random.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), random.uniform(0.3, 0.9))
    if random.random() < 0.7:
        page = _bytes(page + np.random.normal(0, random.uniform(1, 10), page.shape))
    if random.random() < 0.3:
        packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, random.randint(30, 85)])[1]
        page = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return page


def copied(line: Pixels) -> Pixels:
    """Copied one to three times: what was paler than a threshold is gone, or what was darker has spread."""
    times = random.randint(1, 3)
    page = _copied_often(line, random.uniform(75, 165), times)
    ink = float(np.sum(255 - line.astype(np.float32)))
    for threshold in (110, 125, 140, 160):
        if float(np.sum(255 - page.astype(np.float32))) >= LEAST_LEFT * ink:
            break
        page = _copied_often(line, threshold, times)
    return page


def _copied_often(line: Pixels, threshold: float, times: int) -> Pixels:
    page = line
    for _ in range(times):
        soft = cv2.GaussianBlur(page, (0, 0), random.uniform(0.45, 0.95)).astype(np.float32)
        page = _bytes((soft - threshold) * random.uniform(2.5, 6) + 128)
    return page


def _crossed(page: Pixels) -> Pixels:
    """A rule or a piece of a ring runs through the line."""
    height, width = page.shape
    over = np.full_like(page, 255)
    ends = [(round(random.uniform(-0.2, 1.2) * width), round(random.uniform(-0.3, 1.3) * height)) for _ in range(2)]
    if random.random() < 0.6:
        ends = [(0, ends[0][1]), (width, ends[0][1] + random.randint(-2, 2))]
    cv2.line(over, ends[0], ends[1], random.randint(0, 170), random.randint(1, max(1, height // 9)), cv2.LINE_AA)
    return np.minimum(page, over)


def _screened(page: Pixels) -> Pixels:
    """On a tint: dots in rows, as grey is printed."""
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
    angle, pitch = random.uniform(0, 1.57), random.uniform(3.5, 13)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    waves = (np.cos(2 * np.pi * along / pitch) + np.cos(2 * np.pi * across / pitch)) / 2
    dots = np.where(waves > random.uniform(0.5, 0.85), random.randint(40, 190), 255)
    return np.minimum(page, cv2.GaussianBlur(dots.astype(np.uint8), (0, 0), 0.5))


def _sent(page: Pixels) -> Pixels:
    """By fax: black or white, with half of the rows."""
    height, width = page.shape
    rows = cv2.resize(page, (width, max(4, height // 2)), interpolation=cv2.INTER_AREA)
    bits = np.where(rows > random.randint(110, 190), 255, 0).astype(np.uint8)
    return cv2.resize(bits, (width, height), interpolation=cv2.INTER_NEAREST)


def _dirty(page: Pixels) -> Pixels:
    """Specks of one to four pixels, dark on light and light on dark."""
    page = page.copy()
    for value in (random.randint(0, 90), random.randint(190, 255)):
        seeds = (np.random.random(page.shape) < random.uniform(0, 0.004)).astype(np.uint8)
        page[cv2.dilate(seeds, np.ones((random.randint(1, 4), random.randint(1, 4)), np.uint8)) > 0] = value
    return page


def _bytes(values: NDArray[np.floating]) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)
