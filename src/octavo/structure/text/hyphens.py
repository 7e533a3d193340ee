"""Words that are cut at the end of a line."""

from __future__ import annotations

import re

_HYPHENS = ("-", "\u00ad", "\u2010")
_CUT = re.compile(r"(\S*[^\W\d_]{2})[-\u00ad\u2010]$")
_ADDRESS = re.compile(r"://|@|\w[./]\w")
_KEPT = frozenset({"quasi", "self", "well"})
"""Beginnings of words that keep their hyphen, wherever the line ends."""


def rejoined(before: str, after: str) -> str | None:
    """The text of two lines where a word goes on from the first to the second; None where none does.

    A hyphen stays before a capital, in addresses, and after words that are always followed by one.
    """
    if not (before.endswith(_HYPHENS) and after[:1].isalpha() and after[0].islower()):
        return None
    cut = _CUT.search(before)
    if cut is None:
        return None
    begun = cut[1]
    if _ADDRESS.search(begun) or begun.lower().lstrip("([“\"'") in _KEPT:
        return before + after
    return before[:-1] + after
