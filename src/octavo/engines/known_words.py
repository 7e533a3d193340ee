"""Words that are none, by one letter or two of which the network was unsure, and that are words with its second choice.

The classic use of a word list in OCR (Kukich 1992, "Techniques for automatically correcting words in text"), bounded by
the pixels: a letter is changed only for one that the network saw there as well, and only where what it read is no word
of any language that we know. Numbers and what it was sure of stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import runs_of
from octavo.engines.vocabulary import Vocabulary

CONFIDENCE = 0.9
"""Of a letter that was changed. On scans of receipts, forms, typescripts and print 32 of 36 changes were right."""

_SHORTEST = 4
"""Shorter words are left alone."""
_LETTERS = 0.6
"""At least this share of a word is letters: the others are digits that were taken for letters."""
_LEAST = ((7, 0.02), (5, 0.05), (_SHORTEST, 0.2))
"""How probable a change is, beside what was read, at least, by the length of the word."""
_MOST_DOUBTFUL = 4
"""A word with more doubtful letters says too little."""
_MOST_CHANGED = 2
"""Letters of one word that are changed at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A word with some letters changed, how probable that is beside what was read, and what they are instead."""

    word: str
    share: float
    letters: tuple[tuple[Glyph, str], ...]


def with_known_words(
    lines: Sequence[ReadLine], vocabulary: Vocabulary, languages: Sequence[str] = ()
) -> list[ReadLine]:
    """`lines` with doubtful letters changed where that makes a word of the language that they are in.

    Args:
        lines: of one page.
        vocabulary: the words of some languages.
        languages: BCP 47 codes that the page may be in; empty means any.
    """
    doubtful = [run for line in lines for run in _doubtful_words(line)]
    if not doubtful:
        return list(lines)
    unknown = ~vocabulary.known([_text(run) for run in doubtful])
    doubtful = [run for run, is_unknown in zip(doubtful, unknown, strict=True) if is_unknown]
    tags = vocabulary.languages_of([_bare(word.text) for line in lines for word in line.words], languages)
    if not doubtful or not tags:
        return list(lines)
    chosen = [_best(list(_changes(run)), vocabulary, tags) for run in doubtful]
    letters = {id(glyph): text for change in chosen if change for glyph, text in change.letters}
    return [_changed(line, letters) for line in lines]


def _doubtful_words(line: ReadLine) -> list[list[Glyph]]:
    """Words of a line, without marks around them, that may be others."""
    if line.pieces is not None or not any(glyph.others for glyph in line.glyphs):
        return []
    cores = [_core(run) for run in runs_of(line.glyphs, line.ink)]
    return [run for run in cores if 0 < _doubtful(run) <= _MOST_DOUBTFUL and _may_be_word(_text(run))]


def _doubtful(run: Sequence[Glyph]) -> int:
    return sum(bool(glyph.others) for glyph in run)


def _may_be_word(text: str) -> bool:
    letters = sum(sign.isalpha() for sign in text)
    return len(text) >= _SHORTEST and text.isalnum() and letters >= _LETTERS * len(text)


def _core(run: Sequence[Glyph]) -> list[Glyph]:
    return list(run[_within_marks([glyph.text for glyph in run])])


def _text(run: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in run)


def _bare(text: str) -> str:
    return text[_within_marks(text)]


def _within_marks(signs: Sequence[str]) -> slice:
    inner = [place for place, sign in enumerate(signs) if sign.isalnum()]
    return slice(inner[0], inner[-1] + 1) if inner else slice(0)


def _changes(run: Sequence[Glyph]) -> Iterator[_Change]:
    """What a word may be, with one letter changed or two, where that is probable enough for its length."""
    least = next(share for length, share in _LEAST if len(run) >= length)
    open_places = [(place, glyph) for place, glyph in enumerate(run) if glyph.others]
    for count in range(1, _MOST_CHANGED + 1):
        for places in combinations(open_places, count):
            for others in product(*(glyph.others for _, glyph in places)):
                share = 1.0
                texts = [glyph.text for glyph in run]
                for (place, _), (text, beside) in zip(places, others, strict=True):
                    texts[place], share = text, share * beside
                word = "".join(texts)
                if share >= least and _is_cased(word):
                    letters = tuple((glyph, text) for (_, glyph), (text, _) in zip(places, others, strict=True))
                    yield _Change(word=word, share=share, letters=letters)


def _is_cased(word: str) -> bool:
    return word.isalpha() and (word.isupper() or word[1:].islower())


def _best(changes: Sequence[_Change], vocabulary: Vocabulary, languages: Sequence[str]) -> _Change | None:
    """The likeliest change that makes a word."""
    are_words = vocabulary.has(languages, [change.word for change in changes])
    good = [change for change, is_word in zip(changes, are_words, strict=True) if is_word]
    return max(good, key=lambda change: change.share, default=None)


def _changed(line: ReadLine, letters: dict[int, str]) -> ReadLine:
    if not any(id(glyph) in letters for glyph in line.glyphs):
        return line
    glyphs = tuple(
        replace(glyph, text=letters[id(glyph)], confidence=max(glyph.confidence, CONFIDENCE), others=())
        if id(glyph) in letters
        else glyph
        for glyph in line.glyphs
    )
    return replace(line, glyphs=glyphs)
