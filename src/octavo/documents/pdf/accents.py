"""Accents that a document sets over letters as glyphs of their own."""

from __future__ import annotations

import unicodedata

_COMBINING = (0x300, 0x301, 0x302, 0x302, 0x303, 0x303, 0x308, 0x304, 0x306, 0x307, 0x30A, 0x30C, 0x30B, 0x327, 0x328)
ACCENTS = dict(zip("`´ˆ^˜~¨¯˘˙˚ˇ˝¸˛", map(chr, _COMBINING), strict=True))
"""What they look like alone, and as what they stand over a letter."""
_DOTLESS = {"ı": "i", "ȷ": "j"}


def with_accent(letter: str, accent: str) -> str:
    """Both as one character; nothing where there is none, or where one is no letter or the other no accent."""
    mark = ACCENTS.get(accent)
    if mark is None or not letter.isalpha():
        return ""
    text = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + mark)
    return text if len(text) == 1 else ""
