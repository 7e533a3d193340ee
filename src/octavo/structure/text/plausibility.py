"""Whether a text layer reads like writing at all: broken encodings decode to characters, but not to words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from octavo.domain.block import Word

UNREADABLE = 0.1
"""A text layer with more than this share of characters without meaning is not believed."""
FEWEST_BARE = 4
"""Of fewer characters without meaning, some are signs."""
SLANTED, FEWEST_ANGLES = 2, 4
"""Letters turned by more degrees than this, at so many angles, follow a curve."""
FEWEST_LETTERS = 60
"""Of fewer letters nothing can be said."""
UNLIKE = 0.66
"""Latin text whose letters are less like European usage (cosine) than this is odd; shifted letters have .4 to .5."""
MOST_ALIKE = 0.4
"""So is text of which one character makes more than this,"""
MOST_MIXED = 0.1
"""text in which more words than this mix scripts,"""
MOST_TWICE = 0.02
"""and text with more pairs of signs than this, for each letter, as UTF-8 leaves when it is decoded as Latin-1."""

_MEANINGLESS = frozenset({"Co", "Cn", "Cc", "Cs"})
_BRACKETS = re.compile("[\uf8e5-\uf8fe]")
"""Pieces of large brackets, as Symbol and fonts of TeX have them."""
_TWICE = re.compile("[\u00c2\u00c3\u00c4\u00c5\u00d0\u00d1\u00e2][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")
_USAGE = dict(
    zip(
        "eainostrludcmhpgvbfkywzqjx",
        (138, 86, 80, 79, 71, 70, 70, 69, 45, 40, 39, 33, 29, 25, 24, 16, 15, 14, 13, 9, 9, 8, 7, 4, 3, 3),
        strict=True,
    )
)
"""Letters in a thousand of running text: the mean of English, French, German, Spanish, Italian and Dutch, roughly."""


def meaningless(words: Iterable[Word]) -> float:
    """Share of characters that mean nothing outside their font: private use, unassigned, control, U+FFFD."""
    text = "".join(word.text for word in words)
    bare = sum(text.count(char) for char in set(text) if _is_meaningless(char))
    return bare / len(text) if text else 0.0


def bare_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Lines of nothing but characters without meaning, which are more than a bullet or a piece of a large bracket."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    texts = {line: "".join(word.text for word in held) for line, held in lines.items() if line >= 0}
    bare = (line for line, text in texts.items() if all(map(_is_meaningless, text)) and not _BRACKETS.search(text))
    return [lines[line] for line in bare if len(texts[line]) >= FEWEST_BARE]


def is_curved(words: Iterable[Word]) -> bool:
    """Whether single letters stand at several angles, none of them upright or at right angles: words on a curve."""
    angles = {round(word.rotation) for word in words if word.rotation % 90 and len(word.text) == 1}
    return sum(SLANTED < angle % 90 < 90 - SLANTED for angle in angles) >= FEWEST_ANGLES


def is_odd(words: Sequence[Word]) -> bool:
    """Whether the text may be nonsense and should be compared with what is printed. Tables of codes are odd, too."""
    text = "".join(word.text for word in words)
    letters = {char: count for char, count in Counter(text.lower()).items() if char.isalpha()}
    total = sum(letters.values())
    if total < FEWEST_LETTERS:
        return False
    repeated = max(letters.values()) > MOST_ALIKE * total
    twice = len(_TWICE.findall(text)) > MOST_TWICE * total
    mixed = sum(_mixes_scripts(word.text) for word in words) > MOST_MIXED * len(words)
    return repeated or twice or mixed or _is_unlike_language(letters)


def _is_meaningless(char: str) -> bool:
    if char.isascii():
        return not char.isprintable()
    return char == "\ufffd" or unicodedata.category(char) in _MEANINGLESS


def agreement(one: str, other: str) -> float:
    """How much two readings of one line have in common, 0 to 1; spaces, case and signs do not count."""
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _is_unlike_language(letters: Mapping[str, int]) -> bool:
    """Whether Latin letters, which occur so often, are used as no European language does."""
    counts: Counter[str] = Counter()
    for char, count in letters.items():
        if _script(char) == "LATIN":
            counts[unicodedata.normalize("NFD", char)[0]] += count
    total = sum(counts.values())
    if total < FEWEST_LETTERS or total < 0.5 * sum(letters.values()):
        return False
    shared = sum(counts[char] * usage for char, usage in _USAGE.items())
    return shared < UNLIKE * math.hypot(*counts.values()) * math.hypot(*_USAGE.values())


def _mixes_scripts(text: str) -> bool:
    return (
        not text.isascii()
        and len({_script(char) for char in text if char.isalpha()} & {"LATIN", "CYRILLIC", "GREEK", "ARABIC"}) > 1
    )


def _script(char: str) -> str:
    """The script of a letter, as the first word of its name says."""
    return "LATIN" if char.isascii() else unicodedata.name(char, "").partition(" ")[0]


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
