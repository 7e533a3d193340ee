"""Lines of text as a detector cuts them from scans, faxes and photographs."""

# ruff: noqa: NPY002 - chance that makes lines is no secret

from __future__ import annotations

import random
from typing import TypeAlias

import cv2
import numpy as np
from fonts import Face, any_face, letters_of
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scripts import NONE
from words import made_up, marked, number

HEIGHT, WIDTH = 32, 192
Pixels: TypeAlias = NDArray[np.uint8]
Faces: TypeAlias = dict[str, list[Face]]


def line(script: str, words: dict[str, list[str]], faces: dict[str, Faces]) -> Pixels:
    """One line, grey, `HEIGHT` x `WIDTH`: cut where it is longer, and its last columns repeated where it is shorter."""
    image = nothing(words, faces) if script == NONE else written(text_of(script, words), any_face(faces[script]))
    return fitted(degraded(image))


def text_of(script: str, words: dict[str, list[str]]) -> str:
    """One to eight words of a script, some of them made up, with numbers and the odd Latin word between them."""
    own = words[script]
    chosen = [made_up(own) if random.random() < 0.25 else random.choice(own) for _ in range(random.randint(1, 8))]
    extra = [number() for _ in chosen if random.random() < 0.15]
    if len(chosen) > 3 and script != "Latin" and random.random() < 0.15:
        extra.append(random.choice(words["Latin"]))
    for word in extra:
        chosen.insert(random.randrange(len(chosen) + 1), word)
    text = ("" if script in {"Han", "Thai", "Lao", "Khmer", "Burmese"} and random.random() < 0.7 else " ").join(
        map(marked, chosen)
    )
    if script in {"Latin", "Cyrillic", "Greek", "Armenian"} and random.random() < 0.2:
        text = text.upper()
    return text


def written(text: str, face: Face) -> Pixels:
    """Text in black on white, as high as the detector cuts lines: some paper above and below, or a little too tight."""
    text = "".join(letter for letter in text if letter in letters_of(face)).strip() or "1"
    size = random.randint(18, 60)
    font = ImageFont.truetype(face[0], size, index=face[1])
    left, top, right, bottom = font.getbbox(text)
    tall, pad = max(bottom - top, 4), random.uniform(-0.03, 0.25)
    above, below = round(tall * (pad + random.uniform(-0.03, 0.1))), round(tall * (pad + random.uniform(-0.03, 0.1)))
    side = round(tall * random.uniform(0.0, 0.4))
    image = Image.new("L", (min(right - left, 60 * tall) + 2 * side + 2, max(8, tall + above + below)), 255)
    ImageDraw.Draw(image).text((side - left, above - top), text, font=font, fill=random.choice([0, 0, 0, 40, 90]))
    if random.random() < 0.06:
        height = image.height - random.randint(1, max(1, below + 1))
        ImageDraw.Draw(image).line((0, height, image.width, height), fill=0, width=random.randint(1, 3))
    return np.asarray(image)


def nothing(words: dict[str, list[str]], faces: dict[str, Faces]) -> Pixels:
    """What is no writing of any script, or cannot be told: numbers, rules, shapes, upside-down lines."""
    kind = random.random()
    if kind < 0.4:
        numbers = " ".join(number() for _ in range(random.randint(1, 5)))
        return written(numbers, any_face(faces["Latin"]))
    if kind < 0.55:
        script = random.choice(list(words))
        return np.ascontiguousarray(written(text_of(script, words), any_face(faces[script]))[::-1, ::-1])
    image = np.full((40, random.randint(40, 400)), 255, np.uint8)
    if kind < 0.65:
        return image
    if kind < 0.8:
        return np.clip(cv2.resize(np.random.randint(0, 256, (6, 30), np.uint8), image.shape[::-1]), 0, 255)
    for _ in range(random.randint(1, 14)):
        start, end = (tuple(int(random.random() * side) for side in image.shape[::-1]) for _ in range(2))
        shape = random.choice([cv2.line, cv2.rectangle])
        shape(image, start, end, random.randint(0, 160), random.choice([1, 1, 2, 3]))
        if random.random() < 0.4:
            cv2.circle(image, start, random.randint(2, 14), random.randint(0, 160), random.choice([-1, 1, 2]))
    return image


def degraded(image: Pixels) -> Pixels:
    """The line after printing, copying, photographing, scanning and packing; some lines stay as they are."""
    if random.random() < 0.5:
        image = slanted(image)
    if random.random() < 0.5:
        share = random.uniform(0.3, 1.0)
        size = (max(8, round(image.shape[1] * share)), max(10, round(image.shape[0] * share)))
        image = cv2.resize(image, size, interpolation=random.choice([cv2.INTER_AREA, cv2.INTER_LINEAR]))
    if random.random() < 0.3:
        kernel = np.ones((2, 2), np.uint8)
        image = cv2.erode(image, kernel) if random.random() < 0.6 else cv2.dilate(image, kernel)
    if random.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.3, 1.6))
    if random.random() < 0.5:
        image = noisy(image)
    if random.random() < 0.2:
        image = np.where(image > random.randint(90, 200), 255, 0).astype(np.uint8)
    if random.random() < 0.3:
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, random.randint(15, 80)])[1]
        image = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return 255 - image if random.random() < 0.15 else image


def slanted(image: Pixels) -> Pixels:
    """Sheared, a little turned, wider or narrower."""
    height, width = image.shape
    shear, rise, wide = random.gauss(0, 0.08), random.gauss(0, 0.01), random.uniform(0.75, 1.3)
    matrix = np.array([[wide, shear, -shear * height / 2], [rise, 1, -rise * width / 2]], np.float32)
    return cv2.warpAffine(image, matrix, (round(width * wide) + 4, height), borderMode=cv2.BORDER_REPLICATE)


def noisy(image: Pixels) -> Pixels:
    """Paper that is not white, light that is not even, grain, and specks."""
    width = image.shape[1]
    dark, bright = random.uniform(0, 60), random.uniform(150, 255)
    values = dark + image.astype(np.float32) * ((bright - dark) / 255)
    values += np.linspace(0, random.gauss(0, 20), width)[None] + np.random.normal(0, random.uniform(0, 18), image.shape)
    if random.random() < 0.3:
        values[np.random.random(image.shape) < random.uniform(0, 0.02)] = random.choice([dark, bright])
    return np.clip(values, 0, 255).astype(np.uint8)


def fitted(image: Pixels) -> Pixels:
    """`HEIGHT` high, a piece of it `WIDTH` wide; shorter lines end in their last column."""
    width = max(8, round(image.shape[1] * HEIGHT / image.shape[0]))
    shrinks = image.shape[0] > HEIGHT
    image = cv2.resize(image, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    start = random.randint(0, max(0, width - WIDTH))
    piece = image[:, start : start + WIDTH]
    return np.pad(piece, ((0, 0), (0, WIDTH - piece.shape[1])), mode="edge")
