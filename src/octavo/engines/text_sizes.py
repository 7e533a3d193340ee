"""How large a line's type is, told from its letters and its ink."""

from __future__ import annotations

import re
from dataclasses import dataclass

from octavo.engines.text_words import Ink

_TALL = re.compile(
    r"[A-Z0-9bdfhkl\u00c0-\u00de(){}\[\]|/\\%$&!?"
    r"\u0386-\u03ab\u03b2\u03b4\u03b6\u03b8\u03bb\u03be\u0400-\u042f\u0431\u0439\u0444\u0451\u0531-\u109f\u1200-\u17ff]"
)
"""Capitals, letters with ascenders, and letters of scripts that know no capitals."""
_SQUARE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

# Em heights over what is inked, medians over 500 lines of 14 printed documents; nine of ten lie within a tenth.
_OF_TALL = 1.33
_OF_LOW = 1.9
_OF_SQUARE = 1.09

_ASCENDER = 0.9
_DESCENDER = 0.24
_UNDER_SQUARES = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSize:
    """Measures of a line, in pixels of its crop: `top` and `bottom` go from ascender to descender."""

    em: float
    top: float
    baseline: float
    bottom: float


def line_size(text: str, ink: Ink) -> LineSize:
    """From the letters that `text` has, for `aces` is as high as half an `H`; square scripts fill their em."""
    if _SQUARE.search(text):
        em = _OF_SQUARE * (ink.bottom - ink.top)
        return LineSize(em=em, top=ink.top, baseline=ink.bottom - _UNDER_SQUARES * em, bottom=ink.bottom)
    em = (_OF_TALL if _TALL.search(text) else _OF_LOW) * max(1, ink.baseline - ink.top)
    return LineSize(
        em=em, top=ink.baseline - _ASCENDER * em, baseline=ink.baseline, bottom=ink.baseline + _DESCENDER * em
    )
