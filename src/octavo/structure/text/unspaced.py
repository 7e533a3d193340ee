"""Scripts that are written without spaces between words."""

from __future__ import annotations

import re

UNSPACED = (
    r"\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese and Japanese with their marks
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
)
"""Their characters, for the brackets of a regular expression."""

_BETWEEN = re.compile(rf"[{UNSPACED}]{{2}}")


def runs_on(before: str, after: str) -> bool:
    """Whether no space stands between two lines of such a script."""
    return _BETWEEN.match(before[-1:] + after[:1]) is not None
