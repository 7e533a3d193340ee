"""All formulas of a page: displayed ones apart, inline ones folded into the words around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from octavo.domain.block import PlacedImage, Rule, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import Atom, atoms_of
from octavo.structure.equations.braces import set_braces
from octavo.structure.equations.displays import FoundEquation, find_displays
from octavo.structure.equations.fonts import role_of
from octavo.structure.equations.inline import is_spaced, runs_of
from octavo.structure.equations.layout import latex_of, main_line
from octavo.structure.equations.marks import join_parts, join_signs, set_accents
from octavo.structure.equations.matrices import set_matrices
from octavo.structure.equations.rows import Row, rows_of
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.stacks import set_bars, set_limits
from octavo.structure.equations.symbols import Kind, kind_of
from octavo.structure.text.lines import is_space_between, join_words

BAR_THICKNESS = 0.12
"""Bars of fractions and roots are at most so thick, in ems."""
_BULLETS = frozenset("•◦∙·∗*□■")
_SYMBOLS = re.compile("[∀-∑∓∗-∾≁-⋮⋰⋱⟀-⟯⦀-⫿\U0001d400-\U0001d7ff]")
"""Characters that only formulas have, whatever their font."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMath:
    """What is left of a page's words, inline formulas folded in, and its displayed formulas."""

    words: tuple[Word, ...]
    equations: tuple[FoundEquation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a line: plain text, or a formula with its dollar signs."""

    text: str
    is_math: bool
    words: tuple[Word, ...]


def read_math(page: Page) -> FoundMath:
    """Formulas of a page with a text layer; the words as they are where there is no formula."""
    if not holds_math(page.words):
        return FoundMath(words=page.words)
    return find_math(page.words, page.glyphs(), bars_of((*page.rules, *page.bars, *page.images)))


def holds_math(words: Iterable[Word]) -> bool:
    """Whether any word is set in a font for formulas, or has a character that only formulas have."""
    return any(
        (role_of(word.font.name).math and word.text not in _BULLETS) or _SYMBOLS.search(word.text) for word in words
    )


def bars_of(strokes: Iterable[Rule | PlacedImage]) -> list[BBox]:
    """Thin horizontal strokes, however they are drawn: as rules, or (by dvips) as images one pixel high."""
    return [stroke.box for stroke in strokes if stroke.box.width > 3 * stroke.box.height]


def find_math(words: Sequence[Word], glyphs: Sequence[Word], bars: Sequence[BBox]) -> FoundMath:
    """Formulas among the glyphs of a page.

    Args:
        words: of the page; those outside of formulas come back as they are, those partly inside come back in part.
        glyphs: the same text in its smallest pieces, in content order, with the boxes of their ink.
        bars: horizontal strokes that may be fraction bars.
    """
    sheet = Sheet(atoms_of(glyph for glyph in glyphs if not glyph.rotation and glyph.baseline is not None))
    join_parts(sheet)
    join_signs(sheet)
    set_accents(sheet)
    set_limits(sheet)
    set_braces(sheet)
    set_bars(sheet, [bar for bar in bars if bar.height < BAR_THICKNESS * sheet.em])
    set_matrices(sheet)
    equations, rows = find_displays(rows_of(sheet.atoms))
    taken = [word for equation in equations for word in equation.words]
    folds = [fold for row in rows for fold in _folds(row)]
    beside = [word for fold in folds for word in fold.row_words]
    home = _Homes(words, [*taken, *beside])
    return FoundMath(words=tuple(home.rest(taken, folds)), equations=tuple(equations))


def pieces_of(words: Sequence[Word]) -> tuple[Piece, ...]:
    """The words of one line as stretches of text and of formulas; spaces belong to the text."""
    pieces: list[Piece] = []
    for is_math, group in groupby(enumerate(words), key=lambda each: each[1].math):
        for run in _unbroken(list(group)) if is_math else [list(group)]:
            first = run[0][0]
            led = " " if first and is_space_between(words[first - 1], words[first]) else ""
            if led and (is_math or pieces):
                pieces.append(Piece(text=led, is_math=False, words=()))
            members = tuple(word for _, word in run)
            text = merged(word.text for word in members) if is_math else join_words(members)
            pieces.append(Piece(text=text, is_math=is_math, words=members))
    return tuple(pieces)


def _unbroken(group: Sequence[tuple[int, Word]]) -> Iterator[list[tuple[int, Word]]]:
    """Formulas that follow one another, those together that no space parts: dollar signs side by side would be lost."""
    run = [group[0]]
    for each in group[1:]:
        if is_space_between(run[-1][1], each[1]):
            yield run
            run = []
        run.append(each)
    yield run


def merged(formulas: Iterable[str]) -> str:
    """Inline formulas, with their dollar signs, as one."""
    return f"${' '.join(formula[1:-1] for formula in formulas)}$"


_LINKING = re.compile(r"(\\[A-Za-z]+|.)\$$")


def goes_on(formula: str) -> bool:
    """Whether an inline formula at the end of a line goes on in the next one.

    TeX breaks formulas behind relations and signs of operations only (The TeXbook, chapter 18).
    """
    last = _LINKING.search(formula)
    return last is not None and kind_of(last[1]) in (Kind.REL, Kind.BIN) and last[1] not in ("*", ":")


@dataclass(frozen=True, slots=True)
class _Fold:
    """An inline formula that becomes a word.

    `glyphs` are its own, `row_words` (with the first formula of a row) all glyphs of its row.
    """

    atoms: Sequence[Atom]
    glyphs: Sequence[Word]
    row_words: Sequence[Word]
    spaced: bool


class _Homes:
    """Which word of the page each glyph is a part of."""

    def __init__(self, words: Sequence[Word], glyphs: Iterable[Word]) -> None:
        self._words = words
        self._shelves: dict[tuple[str, int], list[int]] = {}
        for place, word in enumerate(words):
            if word.baseline is not None:
                self._shelves.setdefault((word.font.name, round(word.baseline)), []).append(place)
        self._room = [len(word.text) for word in words]
        self._place: dict[int, int] = {}
        self._glyphs: dict[int, list[Word]] = {}
        for glyph in glyphs:
            found = self._find(glyph)
            if found is not None:
                self._room[found] -= len(glyph.text)
                self._place[id(glyph)] = found
                self._glyphs.setdefault(found, []).append(glyph)

    def _find(self, glyph: Word) -> int | None:
        if glyph.baseline is None:
            return None
        middle = glyph.box.center_x
        for level in (0, -1, 1):
            for place in self._shelves.get((glyph.font.name, round(glyph.baseline) + level), ()):
                word = self._words[place]
                inside = word.box.x0 - 1 <= middle <= word.box.x1 + 1
                # Words printed twice over one another have the same place: each glyph belongs to one of them.
                if inside and self._room[place] >= len(glyph.text) and _without(word.text, glyph.text) is not None:
                    return place
        return None

    def rest(self, taken: Iterable[Word], folds: Iterable[_Fold]) -> Iterator[Word]:
        """The page's words without what formulas took; a folded formula comes where its first glyph stood."""
        gone = {id(word) for word in taken}
        first: dict[int, list[Word]] = {}
        for fold in folds:
            gone |= {id(glyph) for glyph in fold.glyphs}
            places = [self._place[id(glyph)] for glyph in fold.glyphs if id(glyph) in self._place]
            place = min(places, default=len(self._words) - 1)
            line = self._words[places[0]].line if places else -1
            first.setdefault(place, []).append(_folded(fold, line))
        for place, word in enumerate(self._words):
            own = self._glyphs.get(place, ())
            if not own and place not in first:
                yield word
                continue
            left = [glyph for glyph in own if id(glyph) not in gone]
            parts = (
                [word]
                if len(left) == len(own)
                else list(_left_over(word, [glyph for glyph in own if id(glyph) in gone], left))
            )
            if place in first:
                parts = sorted([*parts, *first[place]], key=lambda part: part.box.x0)
            yield from parts


def _left_over(word: Word, taken: Sequence[Word], glyphs: Sequence[Word]) -> Iterator[Word]:
    """What is left of a word: its remaining glyphs, those that stand together as one."""
    text = word.text
    for glyph in taken:
        left = _without(text, glyph.text)
        text = text if left is None else left
    if len(text) != sum(len(glyph.text) for glyph in glyphs):
        # Some of its letters are not among the glyphs: they must not be lost.
        yield replace(word, text=text)
        return
    run: list[Word] = []
    for glyph in sorted(glyphs, key=lambda each: each.box.x0):
        if run and glyph.box.x0 - run[-1].box.x1 > 0.25 * word.font.size:
            yield _part(word, run)
            run = []
        run.append(glyph)
    if run:
        yield _part(word, run)


_DOTLESS = {"ı": "i", "ȷ": "j"}


def _without(text: str, glyph: str) -> str | None:
    """A word without one of its glyphs, which may be a letter that carries an accent there; None without that glyph."""
    if glyph in text:
        return text.replace(glyph, "", 1)
    if text.isascii():
        return None
    before, letter, after = unicodedata.normalize("NFD", text).partition(_DOTLESS.get(glyph, glyph))
    return unicodedata.normalize("NFC", before + after.lstrip(_MARKS)) if letter else None


_MARKS = "".join(map(chr, range(0x300, 0x370)))


def _part(word: Word, run: Sequence[Word]) -> Word:
    ink = union_of(glyph.box for glyph in run)
    return replace(
        word,
        text="".join(glyph.text for glyph in run),
        box=BBox(ink.x0, word.box.y0, ink.x1, word.box.y1),
        space_before=run[0].space_before,
    )


def _folds(row: Row) -> Iterator[_Fold]:
    """Inline formulas of one row."""
    ordered = sorted(row.atoms, key=lambda atom: atom.box.x0)
    row_words: list[Word] = [word for atom in ordered for word in atom.words]
    for first, end in runs_of(ordered):
        atoms = ordered[first:end]
        spaced = first > 0 and is_spaced(ordered[first - 1], atoms[0])
        yield _Fold(atoms, [word for atom in atoms for word in atom.words], row_words, spaced)
        row_words = []


def _folded(fold: _Fold, line: int) -> Word:
    baseline, size = main_line(fold.atoms)
    ink = union_of(atom.box for atom in fold.atoms)
    return Word(
        text=f"${latex_of(fold.atoms).strip()}$",
        box=BBox(ink.x0, min(ink.y0, baseline - 0.75 * size), ink.x1, max(ink.y1, baseline + 0.25 * size)),
        font=replace(fold.glyphs[0].font, size=size, bold=False),
        line=line,
        baseline=baseline,
        space_before=fold.spaced,
        math=True,
    )
