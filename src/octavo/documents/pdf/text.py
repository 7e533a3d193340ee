"""Words of a PDF page, from its characters as PDFium tells them: exact fonts, baselines, spacing and visibility.

Characters are looked at in columns, one array for all boxes, one for all sizes and so on, for a page has thousands.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from octavo.documents.pdf.accents import ACCENTS, with_accent
from octavo.documents.pdf.characters import LOW_HALVES, Characters, runs_of
from octavo.documents.pdf.graphics import Affine
from octavo.documents.pdf.leftward import as_read
from octavo.documents.pdf.spaces import GUESSED, NO_SPACE, REAL, Flags, Letters, Numbers, Places, are_apart
from octavo.documents.pdf.styles import Style, baselines_of, styles_at
from octavo.domain.block import Word, is_from_right
from octavo.domain.columns import words_in

JUMP = 1.5
"""A gap wider than this (in ems) ends a run even without a line break."""
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
"""What PDFium makes of a hyphen at a line's end."""
_LIGATURES = range(0xFB00, 0xFB07)
_GLYPH, _NOTHING, _SPACE, _BREAK = range(4)
"""What a character is."""


class TextLayer(NamedTuple):
    """The words of a page, and how many characters of it were not looked at."""

    words: tuple[Word, ...] = ()
    left_out: int = 0


def text_of(characters: Characters, to_pixels: Affine) -> TextLayer:
    """All words of the page in content order, a change of font inside a word starting a new one.

    Words of one line of writing share `line`; `space_before` tells whether a space stands before a word. Characters
    beyond `MOST_CHARACTERS` are left out.
    """
    with np.errstate(all="ignore"):  # a page may place its characters anywhere
        glyphs = _glyphs(characters, to_pixels)
        words = _words(glyphs, characters, to_pixels) if glyphs.texts else ()
    return TextLayer(_with_true_pitch(words), characters.left_out)


def _with_true_pitch(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Fonts of Chinese and Japanese call themselves fixed, for all their characters are wide; code looks otherwise."""
    fixed = (word for word in words if word.font.mono)
    wide = {word.font.name for word in fixed if any(unicodedata.east_asian_width(each) in "FW" for each in word.text)}
    if not wide:
        return words
    return tuple(
        replace(word, font=replace(word.font, mono=False)) if word.font.name in wide else word for word in words
    )


@dataclass(slots=True, kw_only=True)
class _Glyphs:
    """Characters that show, in content order.

    Attributes:
        places: of the characters on the text page.
        texts: what they say.
        leftward: whether one is written from right to left.
        boxes: from ascender to descender in page pixels: x0, y0, x1, y1, one row each.
        styles: how they are set.
        style: the place of each one's style in `styles`.
        sizes: ems in page pixels.
        rotations: in degrees.
        spaces: what stands before one.
        filled: whether characters that say nothing, as between letters that are drawn out, stand right before one.
        ended: whether the document ends a line before one.
        starts: whether one begins a line of writing, for that reason or another.
    """

    places: Places
    texts: list[str]
    leftward: Flags
    boxes: Numbers
    styles: list[Style]
    style: Places
    sizes: Numbers
    rotations: Numbers
    spaces: Places
    filled: Flags
    ended: Flags
    starts: Flags

    def only(self, kept: Places) -> _Glyphs:
        """Some of them."""
        return _Glyphs(
            places=self.places[kept],
            texts=[self.texts[each] for each in kept.tolist()],
            leftward=self.leftward[kept],
            boxes=self.boxes[kept],
            styles=self.styles,
            style=self.style[kept],
            sizes=self.sizes[kept],
            rotations=self.rotations[kept],
            spaces=self.spaces[kept],
            filled=self.filled[kept],
            ended=self.ended[kept],
            starts=self.starts[kept],
        )


def _glyphs(characters: Characters, to_pixels: Affine) -> _Glyphs:
    """What shows of all characters, in lines."""
    codes, code = np.unique(characters.codes, return_inverse=True)
    kinds = [_kind_of(each) for each in codes.tolist()]
    kind = np.array([kind for kind, _ in kinds], np.intp)[code]
    _without_codes(characters, kind, codes, code)
    places = np.flatnonzero(kind == _GLYPH)
    styles, style, _ = styles_at(characters, places, to_pixels)
    spaces, ended = _before(characters, kind, places)
    glyphs = _Glyphs(
        places=places,
        texts=[kinds[each][1] for each in code[places].tolist()],
        leftward=np.array([is_from_right(text) for _, text in kinds], bool)[code[places]],
        boxes=_placed(characters.loose_boxes(places.tolist()), to_pixels),
        styles=styles,
        style=style,
        sizes=np.array([each.font.size for each in styles], float)[style],
        rotations=np.array([each.rotation for each in styles], float)[style],
        spaces=spaces,
        filled=_since(kind == _NOTHING, places) > 0,
        ended=ended,
        starts=ended.copy(),
    )
    if len(places):
        glyphs.starts[0] = True
        before = np.arange(len(places) - 1)
        glyphs.starts[1:] |= _breaks(glyphs, before, before + 1)
    accents = np.array([text in ACCENTS for _, text in kinds], bool)
    return _composed(glyphs, np.flatnonzero(accents[code[places]]).tolist())


@lru_cache(maxsize=4096)
def _kind_of(code: int) -> tuple[int, str]:
    """What a character is, and says."""
    if code in (0x0D, 0x0A):
        return _BREAK, ""
    if code in LOW_HALVES:
        return _NOTHING, ""
    text = _HYPHENS.get(code) or chr(code)
    if text.isspace():
        return _SPACE, ""
    if code == 0 or (unicodedata.category(text) in ("Cc", "Cf") and code not in _HYPHENS):
        return _NOTHING, ""
    return _GLYPH, unicodedata.normalize("NFKC", text) if code in _LIGATURES else text


def _without_codes(characters: Characters, kind: Places, codes: Places, code: Places) -> None:
    """What PDFium makes of a hyphen is also the number of a glyph without a meaning: that one says nothing."""
    marks = np.flatnonzero(np.isin(codes, list(_HYPHENS))[code])
    if len(marks):
        kind[marks[~np.array(characters.are_hyphens(marks.tolist()), bool)]] = _NOTHING


def _before(characters: Characters, kind: Places, places: Places) -> tuple[Places, Flags]:
    """What stands between each glyph and the one before it: a space of some kind, a break."""
    spaces = np.flatnonzero(kind == _SPACE)
    weight = np.zeros(len(kind), np.intp)
    weight[spaces] = 1
    real = weight.copy()
    real[spaces[np.array(characters.are_generated(spaces.tolist()), bool)]] = 0
    before = [_since(each, places) > 0 for each in (weight, real, kind == _BREAK)]
    return np.where(before[1], REAL, np.where(before[0], GUESSED, NO_SPACE)), before[2]


def _since(counted: Places | Flags, places: Places) -> Places:
    """How many there are between each place and the one before it."""
    return np.diff(np.cumsum(counted, dtype=np.intp)[places], prepend=0)


def _placed(corners: Numbers, to_pixels: Affine) -> Numbers:
    """Boxes of the page's own space in page pixels."""
    a, b, c, d, e, f = to_pixels
    xs = np.stack([a * corners[:, 0] + c * corners[:, 1] + e, a * corners[:, 2] + c * corners[:, 3] + e])
    ys = np.stack([b * corners[:, 0] + d * corners[:, 1] + f, b * corners[:, 2] + d * corners[:, 3] + f])
    return np.stack([xs.min(0), ys.min(0), xs.max(0), ys.max(0)], axis=1)


def _breaks(glyphs: _Glyphs, before: Places, after: Places) -> Flags:
    """Whether glyphs cannot belong to the lines of others: set elsewhere, in another direction, or turning back."""
    sizes, rotations = glyphs.sizes, glyphs.rotations
    one, other = glyphs.boxes[before].T, glyphs.boxes[after].T
    em = np.maximum(sizes[before], sizes[after])
    reach = JUMP * em
    gap = other[0] - one[2]
    back = (gap < -em) & (glyphs.leftward[before] | glyphs.leftward[after])
    gap = np.where(back, one[0] - other[2], gap)
    ligature = (one == other).all(0)  # One glyph that reads as several characters: each has its whole box.
    apart = (gap > reach) | (gap < -em) & ~ligature | (_overlap(one, other, 1) <= 0)
    if rotations.any():
        grown = one + np.stack([-reach, -reach, reach, reach])
        shared = np.maximum(0.0, _overlap(grown, other, 0)) * np.maximum(0.0, _overlap(grown, other, 1))
        apart = np.where(rotations[before] != 0, shared <= 0, apart)
    broken: Flags = apart | (np.abs(rotations[before] - rotations[after]) > 1)
    return broken


def _overlap(one: Numbers, other: Numbers, axis: int) -> Numbers:
    """What boxes (one column each) share from left to right (0) or downwards (1); negative is the gap between them."""
    shared: Numbers = np.minimum(one[axis + 2], other[axis + 2]) - np.maximum(one[axis], other[axis])
    return shared


def _composed(glyphs: _Glyphs, accents: list[int]) -> _Glyphs:
    """The glyphs, `accents` that are set over letters as glyphs of their own made one with them."""
    if not accents:
        return glyphs
    here = [True] * len(glyphs.texts)
    for place in sorted({each for accent in accents for each in (accent, accent + 1) if each < len(here)}):
        _compose(glyphs, place, here)
    return glyphs.only(np.flatnonzero(here))


def _compose(glyphs: _Glyphs, place: int, here: list[bool]) -> None:
    """Make the glyph at a place one with the glyph before it, where one of them is an accent over the other."""
    before = place - 1
    while before >= 0 and not here[before]:
        before -= 1
    if before < 0 or glyphs.starts[place] or glyphs.spaces[place] != NO_SPACE:
        return
    for letter, accent in ((place, before), (before, place)):
        boxes = glyphs.boxes[[letter]].T, glyphs.boxes[[accent]].T
        width = max(0.0, float(boxes[1][2, 0] - boxes[1][0, 0]))
        text = with_accent(glyphs.texts[letter], glyphs.texts[accent])
        if not text or _overlap(*boxes, 0)[0] < 0.5 * width:
            continue
        glyphs.texts[letter], here[accent] = text, False
        if letter == place:
            glyphs.starts[place], glyphs.spaces[place] = glyphs.starts[before], glyphs.spaces[before]
        elif place + 1 < len(here) and not glyphs.ended[place + 1]:
            glyphs.starts[place + 1] = _breaks(glyphs, np.array([letter]), np.array([place + 1]))[0]
        return


def _words(glyphs: _Glyphs, characters: Characters, to_pixels: Affine) -> tuple[Word, ...]:
    known = {style.font: place for place, style in enumerate(glyphs.styles)}
    fonts = np.array([known[style.font] for style in glyphs.styles], np.intp)[glyphs.style]
    apart = _are_apart(glyphs)
    begins = glyphs.starts | apart
    begins[1:] |= fonts[1:] != fonts[:-1]
    first = np.flatnonzero(begins)
    letters = as_read(glyphs.texts, glyphs.boxes, glyphs.leftward, first) if glyphs.leftward.any() else glyphs.texts
    texts, sides = runs_of(letters, glyphs.boxes, first)
    styles = [glyphs.styles[each] for each in glyphs.style[first].tolist()]
    baselines = characters.baselines(glyphs.places[first], to_pixels).tolist()
    return words_in(
        sides,
        {
            "text": texts,
            "font": [style.font for style in styles],
            "rotation": [style.rotation for style in styles],
            "line": (np.cumsum(glyphs.starts)[first] - 1).tolist(),
            "baseline": baselines_of(baselines, styles),
            "space_before": (apart & ~glyphs.starts)[first].tolist(),
        },
    )


def _are_apart(glyphs: _Glyphs) -> Flags:
    """Whether a space stands between each glyph and the one before it; says nothing of those that start a line."""
    stretched = glyphs.filled & glyphs.leftward
    stretched[1:] &= glyphs.leftward[:-1]
    return are_apart(Letters(glyphs.texts, _gaps(glyphs), glyphs.starts, glyphs.spaces, stretched))


def _gaps(glyphs: _Glyphs) -> Numbers:
    """Free space between each glyph and the one before it along the line, in ems; of the first one, nothing."""
    sizes, turned = glyphs.sizes, glyphs.rotations[:-1] % 180
    one, other = glyphs.boxes[:-1].T, glyphs.boxes[1:].T
    shared = np.where((turned > 45) & (turned < 135), _overlap(one, other, 1), _overlap(one, other, 0))
    return np.concatenate([[0.0], -shared / np.minimum(sizes[:-1], sizes[1:])])
