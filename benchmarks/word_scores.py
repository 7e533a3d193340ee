"""How near a text comes to what is written: as an evaluation from outside judges it, or where there is none by ours."""

from __future__ import annotations

import json
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import plain
from dense_scans import Scan

JUDGE = """
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
import evaluate

found = [evaluate.judge(item, folder / "dev", text) for item, text in json.load(sys.stdin)]
print(json.dumps([[sum(each[name]) / len(each[name]) for name in ("word_f1", "ned")] for each in found]))
"""
"""Run by an interpreter that has what `evaluate.py` needs."""


@dataclass(frozen=True)
class Score:
    """Of one text.

    Attributes:
        words: F1 of its words, as a multiset.
        edits: edit distance by the length of the longer one.
    """

    words: float
    edits: float


def scores(texts: Sequence[tuple[Scan, str]], folder: Path | None, scorer: str) -> list[Score]:
    """One for each text; `folder` is that of `evaluate.py`, which judges its own documents alone."""
    if folder is None or any(scan.item is None for scan, _ in texts):
        return [score(scan.truth, text) for scan, text in texts]
    asked = json.dumps([(scan.item, text) for scan, text in texts])
    command = [scorer, "-c", JUDGE, str(folder.absolute())]
    told = subprocess.run(command, input=asked, check=True, capture_output=True, text=True).stdout
    return [Score(*each) for each in json.loads(told)]


def score(truth: str, markdown: str) -> Score:
    """Ours; marks of Markdown, and how white space is written, do not count."""
    wanted, found = squeezed(truth), squeezed(plain(markdown).replace("#", " ").replace("|", " "))
    return Score(
        words=f1(wanted.split(), found.split()), edits=distance(wanted, found) / max(1, len(wanted), len(found))
    )


def squeezed(text: str) -> str:
    """The text with one blank between words, in the usual form of its characters."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def f1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Harmonic mean of the shares of words found and of words right."""
    left, hits = list(wanted), 0
    counts = {word: left.count(word) for word in set(left)}
    for word in found:
        if counts.get(word, 0):
            counts[word] -= 1
            hits += 1
    return 2 * hits / max(1, len(wanted) + len(found))


def distance(one: str, other: str) -> int:
    """Edit distance (Myers 1999, "A fast bit-vector algorithm for approximate string matching")."""
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for place, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << place
    every, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    more, less, edits = every, 0, len(one)
    for character in other:
        same = places.get(character, 0) | less
        level = (((same & more) + more) ^ more) | same
        up, down = less | (~(level | more) & every), more & level
        edits += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & every, (down << 1) & every
        more, less = down | (~(same | up) & every), up & same
    return edits
