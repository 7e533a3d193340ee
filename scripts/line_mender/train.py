"""Train the mender of lines and write it as ONNX.

    python scripts/line_mender/train.py FONTS WORK

FONTS: a folder of font files. WORK: where lines and the network are kept. See README.md beside this file.
"""

# ruff: noqa: NPY002 - chance that makes lines is no secret

from __future__ import annotations

import argparse
import pickle
import random
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from network import LineMender
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional
from wear import worn

sys.path.insert(0, str(Path(__file__).parent.parent / "line_scripts"))

import re

from fonts import Face, any_face, families, letters_of, parted
from render import text_of
from words import vocabulary

SEED = 8
LINES = 8_000
STEPS, BATCH, RATE = 4_000, 16, 3e-3
HEIGHT, WIDTH = 48, 256
LARGE = 4
"""Lines are drawn so many times as large, and made smaller: no hints that fit letters to pixels."""
TOLD = "loss {:.4f} after {} steps"
HANDWRITING = re.compile(
    "kristi|fifthhorseman|isabella|ecolier|rufscript|breip|femke|dancing|kaushan|leckerli|Z003|humor|lobster|gotico"
    "|fraktur",
    re.IGNORECASE,
)
"""Fonts that look like it are left out: it is print that is to be mended."""

Pixels = NDArray[np.uint8]


def main() -> None:
    """Draw lines (once), train, write `line_mender.onnx`."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("fonts", type=Path)
    arguments.add_argument("work", type=Path)
    arguments.add_argument("--steps", type=int, default=STEPS)
    told = arguments.parse_args()
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    kept = told.work / "lines.pkl"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(drawn(told.fonts, LINES)))
    network = trained(pickle.loads(kept.read_bytes()), told.steps, told.work)
    export(network, told.work / "line_mender.onnx")


def drawn(fonts: Path, count: int) -> list[Pixels]:
    """So many clean lines in fonts that are not held out for tests, 14 to 50 pixels high."""
    words = {"Latin": vocabulary()["Latin"]}
    faces = parted("Latin", families(fonts, words)["Latin"])[0]
    faces = {name: found for name, found in faces.items() if not HANDWRITING.search(found[0][0])}
    return [written(text(words), any_face(faces)) for _ in range(count)]


def text(words: dict[str, list[str]]) -> str:
    """A few words, half of the time all in small letters but for the first."""
    line = " ".join(text_of("Latin", words) for _ in range(2))
    return line.capitalize() if random.random() < 0.5 else line


def written(line: str, face: Face) -> Pixels:
    """Black on white, cut as the detector cuts lines."""
    line = "".join(letter for letter in line if letter in letters_of(face)).strip() or "1"
    size = random.randint(13, 34)
    font = ImageFont.truetype(face[0], LARGE * size, index=face[1])
    left, top, right, bottom = font.getbbox(line)
    tall = max(bottom - top, 8 * LARGE)
    above, below = (round(tall * random.uniform(-0.02, 0.25)) for _ in range(2))
    width, height = min(right - left, 40 * LARGE * size) // LARGE, (tall + above + below) // LARGE
    image = Image.new("L", (LARGE * max(8, width), LARGE * max(8, height)), 255)
    ImageDraw.Draw(image).text((-left, above - top), line, font=font, fill=random.choice([0, 0, 30, 60]))
    pixels = cv2.resize(np.asarray(image), (max(8, width), max(8, height)), interpolation=cv2.INTER_AREA)
    return np.asarray(pixels, np.uint8)


def trained(lines: list[Pixels], steps: int, work: Path) -> LineMender:
    """The network after so many steps."""
    torch.set_num_threads(1)  # too small to be shared out
    network = LineMender().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=steps)
    total = 0.0
    for step in range(1, steps + 1):
        pairs = np.stack([pair(random.choice(lines)) for _ in range(BATCH)])
        seen, meant = (torch.from_numpy(pairs[:, place : place + 1]) for place in range(2))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = network.scores(seen.contiguous(memory_format=torch.channels_last))
        loss = functional.binary_cross_entropy_with_logits(scores.float(), meant)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        plan.step()
        total += loss.item()
        if step % 200 == 0:
            print(TOLD.format(total / 200, step), flush=True)
            torch.save(network.state_dict(), work / "mender.pt")
            total = 0.0
    return network


def pair(line: Pixels) -> NDArray[np.float32]:
    """A piece of a line as it is seen, and as it was meant: ink, 0 to 1, 48 pixels high."""
    seen, meant = ink_of(worn(line)), ink_of(line)
    width = max(4, round(line.shape[1] * HEIGHT / line.shape[0]))
    both = [cv2.resize(each, (width, HEIGHT), interpolation=cv2.INTER_LINEAR) for each in (seen, meant)]
    start = random.randint(0, max(0, width - WIDTH))
    pieces = [each[:, start : start + WIDTH] for each in both]
    return np.stack([np.pad(piece, ((0, 0), (0, WIDTH - piece.shape[1]))) for piece in pieces]).astype(np.float32)


def ink_of(line: Pixels) -> NDArray[np.float32]:
    """How much of the darkest ink is where."""
    paper, dark = float(np.median(line)), float(np.percentile(line, 1))
    return np.clip((paper - line.astype(np.float32)) / max(24.0, paper - dark), 0, 1).astype(np.float32)


def export(network: LineMender, target: Path) -> None:
    """Write the network for lines of any width."""
    network.eval()
    line, widths = torch.zeros(1, 1, HEIGHT, WIDTH), {"line": {3: "width"}}
    torch.onnx.export(network, (line,), target, input_names=["line"], dynamic_axes=widths, dynamo=False)


if __name__ == "__main__":
    main()
