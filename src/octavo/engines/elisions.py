"""The letter `l` beside an apostrophe, which typewriters and some faces print like the digit 1."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"(?<![^\W_])1(?=['’](?!s\b)[^\W\d_])")
_WILL = re.compile(r"(?<=[^\W\d_]['’])(?:1l|l1)\b")
_WHO_WILL = re.compile(r"(?<![^\W_])((?:I|you|s?he|it|we|they|who|that|there|this|what)['’])11\b", re.IGNORECASE)


def with_elisions(word: str) -> str:
    """The word with `1'air` as `l'air` and `we'1l` as `we'll`.

    Feet (`1'6`), plurals (`1's`) and years (`Jan'11`) keep their digits.
    """
    return _WHO_WILL.sub(r"\1ll", _WILL.sub("ll", _ARTICLE.sub("l", word)))
