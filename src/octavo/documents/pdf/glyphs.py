"""The text layer in its smallest pieces, for formulas: single glyphs with the box of their ink."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from octavo.documents.pdf.characters import LOW_HALVES, Characters, runs_of
from octavo.documents.pdf.graphics import Affine
from octavo.documents.pdf.styles import Style, baselines_of, styles_at
from octavo.domain.block import Word
from octavo.domain.columns import words_in

_LARGE = re.compile(r"ex\d*$|extension|mathx", re.IGNORECASE)
"""Fonts of large symbols, where codes of control characters are glyphs."""
_BLANKS = (0x20, 0xA0, 0x0D, 0x0A)
"""Codes of blanks; in fonts of large symbols they are glyphs, and then more than one point high."""
_ACCENTS = frozenset({"Sk", "Lm", "Mn"})
_SYMBOLIC = re.compile(r"(?:mib?|b?sy|ex)[a-z]?\d*$|math|symbol|extension|^ms[ab]m|^eu[fsr]", re.IGNORECASE)
"""Fonts of formulas, whose letters are symbols that stand alone."""
_NARROW = 0.12
"""Letters of one run are no farther than twice this (in ems) from one another."""
_ALPHA, _DIGIT = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glyphs:
    """All that are visible, in content order.

    Attributes:
        texts: what they say.
        boxes: around their ink in page pixels: x0, y0, x1, y1, one row each.
        styles: how they are set.
        style: the place of each one's style in `styles`.
        baselines: in page pixels.
        spaced: whether a space stands before one.
    """

    texts: list[str]
    boxes: NDArray[np.float64]
    styles: list[Style]
    style: NDArray[np.intp]
    baselines: NDArray[np.float64]
    spaced: NDArray[np.bool_]


def glyphs_of(characters: Characters, to_pixels: Affine) -> tuple[Word, ...]:
    """Every visible glyph in content order; letters (or digits) that follow one another in one font are one piece.

    Boxes surround the ink; `space_before` tells of a space in front, `line` is unknown. Glyphs without a meaning keep
    the bare code of their font as text, control characters included.
    """
    with np.errstate(all="ignore"):  # a page may place its glyphs anywhere
        glyphs = _glyphs(characters, to_pixels)
        return _pieces(glyphs) if glyphs.texts else ()


def _glyphs(characters: Characters, to_pixels: Affine) -> _Glyphs:
    codes = characters.codes
    drawn, blanks = np.ones(len(codes), bool), np.isin(codes, _BLANKS)
    drawn[blanks] = characters.are_drawn(np.flatnonzero(blanks))
    whole = np.flatnonzero(drawn & ~((codes >= LOW_HALVES.start) & (codes < LOW_HALVES.stop)))
    left, right, bottom, top = edges = characters.tight_boxes(whole.tolist())
    blank = (left == right) | (blanks[whole] & (top - bottom < 1))
    seen = whole[~blank]
    drawn[whole[blank]] = False
    styles, style, objects = styles_at(characters, seen, to_pixels)
    spaced = np.diff(np.cumsum(~drawn)[seen], prepend=0) > 0
    spaced[:1] = True
    return _Glyphs(
        texts=[
            _spelled(code, styles[of].font.name) for code, of in zip(codes[seen].tolist(), style.tolist(), strict=True)
        ],
        boxes=_placed(edges[:, ~blank], to_pixels),
        styles=styles,
        style=style,
        baselines=characters.baselines(seen, to_pixels, objects),
        spaced=spaced,
    )


def _placed(edges: NDArray[np.float64], to_pixels: Affine) -> NDArray[np.float64]:
    """Boxes of the page's own space (left, right, bottom, top) in page pixels."""
    a, b, c, d, e, f = to_pixels
    left, right, bottom, top = edges
    xs = np.stack([a * left + c * top + e, a * right + c * bottom + e])
    ys = np.stack([b * left + d * top + f, b * right + d * bottom + f])
    return np.stack([xs.min(0), ys.min(0), xs.max(0), ys.max(0)], axis=1)


@lru_cache(maxsize=8192)
def _spelled(code: int, font: str) -> str:
    if 0x20 < code < 0x7F:
        return chr(code)
    if code == 0xFFFE or (code == 0x02 and not _LARGE.search(font)):
        return "-"
    return unicodedata.normalize("NFKC", chr(code)) if 0xFB00 <= code <= 0xFB06 else chr(code)


@lru_cache(maxsize=1024)
def _is_accent(text: str) -> bool:
    """Whether a glyph is a mark over the letter that comes after it, which then stands alone."""
    return unicodedata.category(text[0]) in _ACCENTS or text == "~"


@lru_cache(maxsize=8192)
def _kinds(text: str) -> tuple[int, int]:
    """Of its first and its last character: whether it is a letter, or a digit."""
    first, last = (_ALPHA * each.isalpha() + _DIGIT * each.isdigit() for each in (text[0], text[-1]))
    return first, last


def _pieces(glyphs: _Glyphs) -> tuple[Word, ...]:
    first = np.flatnonzero(_begins(glyphs))
    texts, sides = runs_of(glyphs.texts, glyphs.boxes, first)
    styles = [glyphs.styles[each] for each in glyphs.style[first].tolist()]
    return words_in(
        sides,
        {
            "text": texts,
            "font": [style.font for style in styles],
            "rotation": [style.rotation for style in styles],
            "baseline": baselines_of(glyphs.baselines[first].tolist(), styles),
            "space_before": glyphs.spaced[first].tolist(),
        },
    )


def _begins(glyphs: _Glyphs) -> NDArray[np.bool_]:
    """Whether a glyph begins a piece: it does not follow the one before it, or that one stands alone."""
    follows = _follow(glyphs)
    accents = np.array([_is_accent(text) for text in glyphs.texts[:-1]], bool)
    under = accents & (glyphs.boxes[:-1, 2] > glyphs.boxes[1:, 0])
    begins = np.ones(len(glyphs.texts), bool)
    begins[1:] = ~follows
    begins[2:] |= under[:-1]
    return begins


def _follow(glyphs: _Glyphs) -> NDArray[np.bool_]:
    """Of each glyph but the first, whether it goes on with what the one before it began."""
    style, gap = glyphs.style, glyphs.boxes[1:, 0] - glyphs.boxes[:-1, 2]
    kinds = np.array([_kinds(text) for text in glyphs.texts], np.intp)
    sizes = np.array([each.font.size for each in glyphs.styles])[style[:-1]]
    turned = np.array([each.rotation != 0 for each in glyphs.styles])[style[:-1]]
    symbolic = np.array([bool(_SYMBOLIC.search(each.font.name)) for each in glyphs.styles])[style[:-1]]
    level = np.abs(glyphs.baselines[:-1] - glyphs.baselines[1:]) <= 0.02 * sizes
    near = (-2 * _NARROW * sizes < gap) & (gap < 2 * _NARROW * sizes)
    alike = (kinds[:-1, 1] & kinds[1:, 0]) != 0
    joined = alike & level & near & ~symbolic
    follows: NDArray[np.bool_] = ~glyphs.spaced[1:] & (style[1:] == style[:-1]) & (turned | joined)
    return follows
