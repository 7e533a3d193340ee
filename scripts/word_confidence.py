"""Fits how likely words are right, by what the networks say of them, on lines that are drawn: prints two constants.

    python scripts/word_confidence.py FONTS [--lines 1500]

FONTS: a folder of fonts; which ones, and what else this needs, stands in scripts/line_scripts/README.md. Lines of words
from many languages are drawn and damaged as those are that the classifier of scripts learns from, and read as pages
are. A word is right when it stands in the text at its place, marks around it aside. The constants belong into
src/octavo/engines/word_confidence.py, whenever a network, or the way that words are made of characters, changes.
"""

# ruff: noqa: NPY002 - chance that makes lines is no secret

from __future__ import annotations

import argparse
import difflib
import random
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent / "line_scripts"))

import itertools

from fonts import any_face, families, letters_of
from render import Faces, degraded, text_of, written
from words import vocabulary

from octavo.engines.text_cascade import TextCascade
from octavo.engines.text_words import ink_of, runs_of
from octavo.engines.word_confidence import products

SEED = 2
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
"""Words are counted between these."""
HANDWRITING = re.compile(
    "kristi|fifthhorseman|isabella|ecolier|rufscript|breip|femke|dancing|kaushan|leckerli|Z003|humor", re.IGNORECASE
)
"""Fonts that look like it are left out: what is fitted is print."""
MARKS = "()[]{}<>:;,.!?\"'*=_-|/\\~#«»“”…"
SMALLEST = 6
"""Pixels that a line is high, at least."""


def main() -> None:
    """Draw, read, count, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("fonts", type=Path)
    arguments.add_argument("--lines", type=int, default=1500)
    told = arguments.parse_args()
    random.seed(SEED)
    np.random.seed(SEED)
    seen = np.array([pair for text, crop in drawn(told.fonts, told.lines) for pair in judged(text, crop)])
    said, right = fitted(seen)
    print(f"{len(seen)} words, {seen[:, 1].mean():.3f} right")
    print(f"_SAID = {said}\n_RIGHT = {right}")


def drawn(folder: Path, count: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Lines, and what they say."""
    words = vocabulary()
    faces = printed(families(folder, {"Latin": words["Latin"]})["Latin"])
    for _ in range(count):
        text, face = text_of("Latin", words), any_face(faces)
        text = " ".join("".join(each for each in text if each == " " or each in letters_of(face)).split()) or "1"
        line = degraded(written(text, face))
        if min(line.shape) >= SMALLEST:
            yield text, np.ascontiguousarray(np.repeat(line[:, :, None], 3, axis=2))


def printed(faces: Faces) -> Faces:
    """Families without those that imitate handwriting."""
    kept = {name: [face for face in each if not HANDWRITING.search(face[0])] for name, each in faces.items()}
    return {name: each for name, each in kept.items() if each}


def judged(text: str, crop: NDArray[np.uint8], cascade: TextCascade = TextCascade()) -> Iterator[tuple[float, bool]]:  # noqa: B008 - one is enough
    """Of each word that is read on a line: what the networks say, and whether it is right."""
    glyphs = cascade.read(crop)
    runs = runs_of(glyphs, ink_of(crop))
    found = [bare("".join(glyph.text for glyph in run)) for run in runs]
    truth = [bare(word) for word in text.split()]
    same = difflib.SequenceMatcher(None, found, truth, autojunk=False).get_matching_blocks()
    right = {place for block in same for place in range(block.a, block.a + block.size)}
    for place, said in enumerate(products(glyphs, runs)):
        if found[place]:
            yield said, place in right


def bare(word: str) -> str:
    """A word without the marks around it."""
    return unicodedata.normalize("NFKC", word).strip(MARKS)


def fitted(seen: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The mean of what is said between two edges, and the share of such words that is right; never falling."""
    parts = [seen[(seen[:, 0] >= low) & (seen[:, 0] < high)] for low, high in itertools.pairwise(EDGES)]
    means = [part.mean(axis=0) for part in parts if len(part)]
    said = [round(float(mean[0]), 3) for mean in means]
    right = np.maximum.accumulate([round(float(mean[1]), 3) for mean in means])
    return (0.0, *said, 1.0), (0.0, *map(float, right), float(right[-1]))


if __name__ == "__main__":
    main()
