"""Words that are cut at the end of a line."""

from __future__ import annotations

import re

_HYPHENS = ("-", "\u00ad", "\u2010")
_CUT = re.compile(r"(\S*[^\W\d_]{2})[-\u00ad\u2010]$")
_ADDRESS = re.compile(r"://|@|\w[./]\w")
_NEXT = re.compile(r"[^\W\d_]+")
_KEPT = frozenset({"quasi", "self", "well"})
"""Beginnings of words that keep their hyphen, wherever the line ends."""
_SMALL = frozenset(["and", "by", "de", "in", "of", "off", "on", "the", "to", "up"])
"""Within compounds such words stand whole, between hyphens."""
_AND = frozenset(["and", "bzw", "oder", "sowie", "und"])
"""Before them a hyphen stands for the end of a word that comes later: `two- and threefold`."""


def rejoined(before: str, after: str) -> str | None:
    """The text of two lines where a word goes on from the first to the second; None where none does.

    A hyphen stays before a capital, in addresses, after words that are always followed by one, and in compounds of
    small words and numbers.
    """
    if not (before.endswith(_HYPHENS) and after[:1].isalpha() and after[0].islower()):
        return None
    cut, rest = _CUT.search(before), _NEXT.match(after)
    if cut is None or (rest is not None and rest[0] in _AND):
        return None
    begun = cut[1].lower().lstrip("([“\"'")
    if _ADDRESS.search(begun) or begun in _KEPT or _is_compound(begun):
        return before + after
    return before[:-1] + after


def _is_compound(begun: str) -> bool:
    """Whether what is cut ends with a whole part of a compound: `state-of-the`, `mid-19th`."""
    first, hyphen, part = begun.rpartition("-")
    return any(map(str.isdigit, part)) or (bool(hyphen) and first[-1:].isalnum() and part in _SMALL)
