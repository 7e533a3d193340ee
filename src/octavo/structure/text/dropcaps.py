"""Drop caps: a large first letter beside the first lines of a paragraph belongs to its first word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octavo.domain.block import Word

LARGE = 1.9
"""A drop cap is at least so many times as large as the body."""
NEAR = 1.2
"""Its word begins within so many ems of the body."""


def with_drop_caps_joined(words: Sequence[Word], body_size: float) -> list[Word]:
    """The words, each drop cap put before the word that it begins. Nothing is lost: a cap without a word stays."""
    joined: dict[int, Word] = {}
    gone: set[int] = set()
    for cap in words:
        if len(cap.text) != 1 or not cap.text.isalpha() or cap.font.size < LARGE * body_size:
            continue
        home = _begun(cap, words, body_size)
        if home is not None:
            joined[id(home)] = replace(home, text=cap.text + home.text)
            gone.add(id(cap))
    return [joined.get(id(word), word) for word in words if id(word) not in gone]


def _begun(cap: Word, words: Sequence[Word], em: float) -> Word | None:
    """The word that goes on from the cap: beside it, at its top, in the body's type, within a text of two lines."""
    beside = [
        word
        for word in words
        if word is not cap
        and 0.75 * em < word.font.size < 1.35 * em
        and -0.3 * em < word.box.x0 - cap.box.x1 < NEAR * em
        and word.box.y_overlap(cap.box) > 0.4 * word.box.height
    ]
    if len(beside) < 2:
        return None
    first = min(beside, key=lambda word: word.box.y0)
    return first if first.text[0].islower() or first.text.isupper() else None
