"""What is said of a page whose pixels were hard to read: nothing that stayed unread is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from octavo.domain.result import Recognition
from octavo.domain.scripts import SCRIPTS
from octavo.pipeline.illegible import Legible

DOUBTFUL = 0.6
"""Text that was read with less confidence than this is hardly any."""
MOST_WRONG = 0.2
"""A page of whose words more than this share is likely wrong says so."""

MISSED = 0.005
"""Ink that looks like writing and stayed unread is told from this share on."""
_TOLD_SCRIPTS = 3
"""Scripts that are told one by one."""


def doubts_of(found: Recognition, clear: Legible, languages: Sequence[str]) -> Iterator[str]:
    """Warnings for a page that was read from its pixels.

    Args:
        found: its words; the confidence is the mean over the lines found, those that stayed unread counting as 0.
        clear: what of them may be read.
        languages: BCP 47 codes that the caller expects.
    """
    yield from unread_scripts(found.unread, languages)
    if found.looks_like:
        yield (
            f"This page looks like {' or '.join(found.looks_like)} script, and what was read of it is likely wrong: "
            "say which languages to expect."
        )
    if found.behind:
        yield "Writing of the other side of the sheet shines through this page: it was left out."
    if clear.pictures:
        yield _pictured(clear)
    elif not found.words and found.confidence < DOUBTFUL:
        yield "There is writing on this page, but none of it could be read."
    if found.missed >= MISSED:
        yield f"Some writing on this page could not be read and is missing: about {found.missed:.1%} of its ink."
    if clear.words and (wrong := 1 - fmean(word.confidence for word in clear.words)) > MOST_WRONG:
        yield f"The text of this page was hard to read: {wrong:.0%} of its words are likely wrong."


def _pictured(clear: Legible) -> str:
    lines, them = ("A line", "it") if clear.lines == 1 else (f"{clear.lines} lines", "them")
    pictures = "a picture shows" if len(clear.pictures) == 1 else f"{len(clear.pictures)} pictures show"
    return f"{lines} of this page could not be read, as it is with handwriting: {pictures} {them} instead."


def unread_scripts(unread: Mapping[str, int], languages: Sequence[str]) -> Iterator[str]:
    """Which lines were left out for their script, and what would read them."""
    for name, count in sorted(unread.items(), key=lambda pair: -pair[1])[:_TOLD_SCRIPTS]:
        lines = "A line" if count == 1 else f"{count} lines"
        yield (
            f"{lines} of this page in {name} script could not be read and {'is' if count == 1 else 'are'} missing: "
            f"Tesseract reads them, once {SCRIPTS[name].package(languages)} is installed."
        )
