"""What is said of a page whose pixels were hard to read: nothing that stayed unread is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

DOUBTFUL = 0.6
"""A page read with less confidence than this on average says so."""

_SCRIPTS = {
    "Cyrillic": ("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"),
    "Greek": ("el",),
    "Arabic": ("ar", "ckb", "fa", "ps", "ug", "ur"),
    "Hebrew": ("he", "yi"),
    "Thai": ("th",),
    "Korean": ("ko",),
    "Indic": ("as", "bn", "gu", "hi", "kn", "ml", "mr", "ne", "or", "pa", "sa", "si", "ta", "te"),
    "Georgian": ("ka",),
    "Armenian": ("hy",),
    "Ethiopic": ("am", "ti"),
    "Burmese": ("my",),
    "Khmer": ("km",),
    "Lao": ("lo",),
}
"""Scripts that the models cannot read from pixels, and languages that are written in them."""


def doubts_of(has_words: bool, confidence: float, languages: Iterable[str]) -> Iterator[str]:
    """Warnings for a page that was read from its pixels.

    Args:
        has_words: whether anything could be read.
        confidence: mean over the lines found, those that stayed unread counting as 0.
        languages: BCP 47 codes that the caller expects.
    """
    for script in _unreadable(languages):
        yield f"{script} script cannot be read from pixels yet: what is written in it is missing or wrong."
    if not has_words and confidence < DOUBTFUL:
        yield "There is writing on this page, but none of it could be read."
    elif confidence < DOUBTFUL:
        yield f"The text of this page was hard to read: its mean confidence is {confidence:.2f}."


def _unreadable(languages: Iterable[str]) -> list[str]:
    asked = {language.lower().replace("_", "-").split("-")[0] for language in languages}
    return [script for script, codes in _SCRIPTS.items() if asked.intersection(codes)]
