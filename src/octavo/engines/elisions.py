"""The letter `l` beside an apostrophe, which typewriters and some faces print like the digit 1."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"(?<![^\W_])1(?=['’](?!s\b)[^\W\d_])")
_WILL = re.compile(r"(?<=[^\W\d_]['’])(?:1l|l1|11)\b")


def with_elisions(word: str) -> str:
    """The word with `1'air` as `l'air` and `we'1l` as `we'll`; feet (`1'6`) and plurals (`1's`) keep their digit."""
    return _WILL.sub("ll", _ARTICLE.sub("l", word))
