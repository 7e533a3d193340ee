"""The letters `l`, `I` and `O` in numbers, which many faces print like the digits 1 and 0."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![^\W_])(?=[^\W_]*\d|[lO][.,:/-]\d)[\dlIO]+(?:[.,:/-][\dlIO]+)*(?![^\W_])")
"""What holds nothing but digits, these letters and marks of numbers."""
_ONE = re.compile(r"(?<=\d)[lI](?=[\d.,:/-])|(?<=[.,:/-])[lI](?=[\d.,:/-])|(?<![^\W_])l(?=[.,:/-]\d)")
_NOUGHTS = re.compile(r"(?<=[\d.,:/-])O+|(?<![^\W_])O(?=[.,]\d)")
_FEWEST = 0.5
"""At least this share of the letters and digits of a number must be digits."""


def with_digits(word: str) -> str:
    """The word with `2O79` as `2079` and `4-l/2` as `4-1/2`.

    What may be something else stays: 5l (of water), O2, I.2, an ordinal as 2o.
    """
    return _NUMBER.sub(_mended, word)


def _mended(number: re.Match[str]) -> str:
    signs = [sign for sign in number[0] if sign.isalnum()]
    if sum(sign.isdigit() for sign in signs) < _FEWEST * len(signs):
        return number[0]
    return _NOUGHTS.sub(lambda found: "0" * len(found[0]), _ONE.sub("1", number[0]))
