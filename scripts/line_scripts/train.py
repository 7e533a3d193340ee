"""Train the classifier of scripts and write it as ONNX.

    python scripts/line_scripts/train.py FONTS WORK

FONTS: a folder of font files. WORK: where lines and the network are kept. See README.md beside this file.
"""

# ruff: noqa: NPY002 - chance that makes lines is no secret

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from fonts import families, parted
from network import LineScripts
from numpy.typing import NDArray
from render import HEIGHT, WIDTH, Faces, line
from scripts import CLASSES, NONE
from torch import Tensor, nn
from words import vocabulary

SEED = 7
LINES, TEST_LINES = 72_000, 6_000
EPOCHS, BATCH, RATE = 9, 96, 3e-3
SHARES = {"Latin": 6.0, "Cyrillic": 2.0, "Greek": 2.0, "Han": 2.5, NONE: 2.0}
"""How many times as often as the others these are shown."""

Lines = tuple[NDArray[np.uint8], NDArray[np.int64]]


def main() -> None:
    """Make lines (once), train, write `line_script.onnx` and print the confusion matrix of fonts never seen."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("fonts", type=Path)
    arguments.add_argument("work", type=Path)
    told = arguments.parse_args()
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    kept = told.work / "lines.npz"
    if not kept.exists():
        make_lines(told.fonts, kept)
    lines = np.load(kept)
    network = trained(lines["train"], lines["train_classes"], told.work)
    wrong = confusion(network, lines["test"], lines["test_classes"])
    np.savetxt(told.work / "confusion.csv", wrong, fmt="%d", delimiter=",", header=",".join(CLASSES))
    print(f"right {np.trace(wrong) / wrong.sum():.4f}")
    export(network, told.work / "line_script.onnx")


def make_lines(fonts: Path, target: Path) -> None:
    """Lines to train with, and lines in other fonts to test with."""
    words = vocabulary()
    faces = families(fonts, words)
    both: list[dict[str, Faces]] = [{}, {}]
    for script in words:
        for chosen, part in zip(both, parted(script, faces[script]), strict=True):
            chosen[script] = part or dict(faces[script])
    weights = [SHARES.get(name, 1.0) for name in CLASSES]
    train, train_classes = drawn(LINES, weights, words, both[0])
    test, test_classes = drawn(TEST_LINES, [1.0] * len(CLASSES), words, both[1])
    np.savez(target, train=train, train_classes=train_classes, test=test, test_classes=test_classes)


def drawn(count: int, weights: list[float], words: dict[str, list[str]], faces: dict[str, Faces]) -> Lines:
    """So many lines, and the number of each line's class."""
    classes = np.array(random.choices(range(len(CLASSES)), weights, k=count), dtype=np.int64)
    return np.stack([line(CLASSES[number], words, faces) for number in classes]), classes


def trained(lines: NDArray[np.uint8], classes: NDArray[np.int64], work: Path) -> LineScripts:
    """The network after `EPOCHS`, kept after each of them."""
    torch.set_num_threads(1)  # the network is too small to be shared out
    network = LineScripts(len(CLASSES)).to(memory_format=torch.channels_last)
    steps = EPOCHS * (len(lines) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(EPOCHS):
        total = 0.0
        for pixels, wanted in batches(lines, classes):
            loss = loss_of(network(pixels), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            plan.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total * BATCH / len(lines):.4f}", flush=True)
        torch.save(network.state_dict(), work / "network.pt")
    return network


def batches(lines: NDArray[np.uint8], classes: NDArray[np.int64]) -> Iterator[tuple[Tensor, Tensor]]:
    """All lines once, in any order, each batch moved by a few pixels."""
    order = np.random.permutation(len(lines))
    for first in range(0, len(order) - BATCH + 1, BATCH):
        chosen = order[first : first + BATCH]
        moved = np.roll(lines[chosen], (random.randint(-2, 2), random.randint(-12, 12)), axis=(1, 2))
        yield as_input(moved), torch.from_numpy(classes[chosen])


def as_input(lines: NDArray[np.uint8]) -> Tensor:
    """Grey values, 0 to 1."""
    return torch.from_numpy(lines[:, None].astype(np.float32) / 255).contiguous(memory_format=torch.channels_last)


def confusion(network: LineScripts, lines: NDArray[np.uint8], classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many lines of each class (row) were taken for which (column)."""
    network.eval()
    counted = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    with torch.no_grad():
        for first in range(0, len(lines), BATCH):
            told = network(as_input(lines[first : first + BATCH])).argmax(dim=1).numpy()
            np.add.at(counted, (classes[first : first + BATCH], told), 1)
    return counted


def export(network: LineScripts, target: Path) -> None:
    """Write the network for lines of any width; the names of the scripts go along."""
    network.eval()
    line, widths = torch.zeros(1, 1, HEIGHT, WIDTH), {"line": {3: "width"}}
    torch.onnx.export(network, (line,), target, input_names=["line"], dynamic_axes=widths, dynamo=False)
    model = onnx.load(target)
    onnx.helper.set_model_props(model, {"scripts": ",".join(CLASSES)})
    onnx.save(model, target)


if __name__ == "__main__":
    main()
