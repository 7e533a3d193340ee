"""Which words there are in some languages: told by fingerprints of lists that ship with Octavo."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_SHORTEST = 4
"""Shorter words are in the lists of too many languages to tell one."""
_FEWEST, _MOSTLY = 5, 0.6
"""A text is in a language if that has so many of its words, and this share of its longer ones."""

_LIST = ".words"

_Fingerprints = NDArray[np.uint32]
_Mask = NDArray[np.bool_]


class Vocabulary:
    """Words of some languages: names with a capital, all others in small letters; letters alone, three or more."""

    def __init__(self) -> None:
        """Reads the lists."""
        self._lists = _lists()

    def languages_of(self, words: Sequence[str], among: Sequence[str] = ()) -> tuple[str, ...]:
        """The language (BCP 47, its first part) that most of some words are of; several where they have as many.

        Args:
            words: of a text, without marks.
            among: the languages that it may be in; empty means any.
        """
        longer = [word for word in words if len(word) >= _SHORTEST and word.isalpha()]
        wanted = {tag.partition("-")[0].lower() for tag in among} or self._lists
        found = {tag: int(self.has([tag], longer).sum()) for tag in self._lists if tag in wanted}
        best = max(found.values(), default=0)
        if best < max(_FEWEST, _MOSTLY * len(longer)):
            return ()
        return tuple(tag for tag, count in found.items() if count == best)

    def known(self, words: Sequence[str]) -> _Mask:
        """Which of some words are words or names of any of the languages, whatever their letters' case."""
        return self.has(tuple(self._lists), words)

    def has(self, languages: Sequence[str], words: Sequence[str]) -> _Mask:
        """The same of some of the languages."""
        cased = [word.lower() for word in words], [word.capitalize() for word in words]
        return np.asarray(np.any([self._holds(tag, each) for tag in languages for each in cased], axis=0))

    def _holds(self, language: str, words: Sequence[str]) -> _Mask:
        prints = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint32)
        listed = self._lists[language]
        return np.asarray(listed[np.minimum(np.searchsorted(listed, prints), len(listed) - 1)] == prints)


@cache
def _lists() -> dict[str, _Fingerprints]:
    """CRC-32 of words by language, in rising order; `scripts/word_lists.py` stores what they differ by."""
    found = {file.name.removesuffix(_LIST): file for file in (files("octavo") / "words").iterdir()}
    return {tag: _fingerprints(file.read_bytes()) for tag, file in sorted(found.items()) if file.name.endswith(_LIST)}


def _fingerprints(data: bytes) -> _Fingerprints:
    return np.cumsum(np.frombuffer(zlib.decompress(data), dtype="<u4"), dtype=np.uint32)
