"""All formulas of a page: displayed ones apart, inline ones folded into the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from octavo.domain.block import Drawing, Font, PlacedImage, Rule, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import Atom, atoms_of
from octavo.structure.equations.displays import FoundEquation, find_displays
from octavo.structure.equations.fonts import role_of
from octavo.structure.equations.inline import is_spaced, runs_of
from octavo.structure.equations.layout import latex_of, main_line
from octavo.structure.equations.marks import join_parts, join_signs, set_accents
from octavo.structure.equations.matrices import set_matrices
from octavo.structure.equations.rows import Row, rows_of
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.stacks import set_bars, set_limits
from octavo.structure.lines import is_space_between, join_words

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
    return find_math(page.words, page.glyphs(), bars_of(page.rules, page.drawings, page.images))


def holds_math(words: Iterable[Word]) -> bool:
    """Whether any word is set in a font for formulas, or has a character that only formulas have."""
    return any(
        (role_of(word.font.name).math and word.text not in _BULLETS) or _SYMBOLS.search(word.text) for word in words
    )


def bars_of(rules: Iterable[Rule], drawings: Iterable[Drawing] = (), images: Iterable[PlacedImage] = ()) -> list[BBox]:
    """Thin horizontal strokes, however they are drawn: rules, short paths, or images one pixel high."""
    boxes = [each.box for group in (rules, drawings, images) for each in group]
    return [box for box in boxes if box.width > 3 * box.height]


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
    set_bars(sheet, [bar for bar in bars if bar.height < BAR_THICKNESS * sheet.em])
    set_matrices(sheet)
    equations, rows = find_displays(rows_of(sheet.atoms))
    home = _Homes(words, glyphs)
    taken = {id(word) for equation in equations for word in equation.words}
    folded = [fold for row in rows for fold in _folds(row, home)]
    return FoundMath(words=tuple(home.rest(taken, folded)), equations=tuple(equations))


def pieces_of(words: Sequence[Word]) -> tuple[Piece, ...]:
    """The words of one line as stretches of text and of formulas; spaces belong to the text."""
    pieces: list[Piece] = []
    for is_math, group in groupby(enumerate(words), key=lambda each: each[1].math):
        for run in [[each] for each in group] if is_math else [list(group)]:
            first = run[0][0]
            led = " " if first and is_space_between(words[first - 1], words[first]) else ""
            if led and (is_math or pieces):
                pieces.append(Piece(text=led, is_math=False, words=()))
            members = tuple(word for _, word in run)
            pieces.append(Piece(text=join_words(members), is_math=is_math, words=members))
    return tuple(pieces)


class _Homes:
    """Which word of the page each glyph is a part of."""

    def __init__(self, words: Sequence[Word], glyphs: Sequence[Word]) -> None:
        self._words = words
        shelves: dict[tuple[str, int], list[int]] = {}
        for place, word in enumerate(words):
            if word.baseline is not None:
                shelves.setdefault((word.font.name, round(word.baseline)), []).append(place)
        self.place: dict[int, int] = {}
        self._glyphs: dict[int, list[Word]] = {}
        for glyph in glyphs:
            found = self._find(shelves, glyph)
            if found is not None:
                self.place[id(glyph)] = found
                self._glyphs.setdefault(found, []).append(glyph)

    def _find(self, shelves: dict[tuple[str, int], list[int]], glyph: Word) -> int | None:
        if glyph.baseline is None:
            return None
        middle = glyph.box.center_x
        for level in (0, -1, 1):
            for place in shelves.get((glyph.font.name, round(glyph.baseline) + level), ()):
                box = self._words[place].box
                if box.x0 - 1 <= middle <= box.x1 + 1:
                    return place
        return None

    def line(self, glyph: Word) -> int:
        """The line of the word that a glyph is a part of."""
        return self._words[self.place[id(glyph)]].line

    def rest(self, taken: set[int], folded: Sequence[tuple[Word, frozenset[int]]]) -> Iterator[Word]:
        """The page's words without what formulas took; a folded formula comes where its first glyph stood."""
        first: dict[int, list[Word]] = {}
        gone = set(taken)
        for word, members in folded:
            gone |= members
            places = [self.place[each] for each in members if each in self.place]
            first.setdefault(min(places, default=len(self._words) - 1), []).append(word)
        for place, word in enumerate(self._words):
            own = self._glyphs.get(place, [])
            if not any(id(glyph) in gone for glyph in own):
                yield word
                yield from first.get(place, ())
                continue
            parts = [
                (part.box.x0, part) for part in _left_over(word, [glyph for glyph in own if id(glyph) not in gone])
            ]
            parts += [(part.box.x0, part) for part in first.get(place, ())]
            yield from (part for _, part in sorted(parts, key=lambda each: each[0]))


def _left_over(word: Word, glyphs: Sequence[Word]) -> Iterator[Word]:
    """What is left of a word: its remaining glyphs, those that stand together as one."""
    run: list[Word] = []
    for glyph in glyphs:
        if run and glyph.box.x0 - run[-1].box.x1 > 0.25 * word.font.size:
            yield _part(word, run)
            run = []
        run.append(glyph)
    if run:
        yield _part(word, run)


def _part(word: Word, run: Sequence[Word]) -> Word:
    ink = union_of(glyph.box for glyph in run)
    return Word(
        text="".join(glyph.text for glyph in run),
        box=BBox(ink.x0, word.box.y0, ink.x1, word.box.y1),
        font=word.font,
        confidence=word.confidence,
        line=word.line,
        baseline=word.baseline,
        space_before=run[0].space_before,
    )


def _folds(row: Row, home: _Homes) -> Iterator[tuple[Word, frozenset[int]]]:
    """Inline formulas of one row, each as a word, with the identities of its glyphs."""
    ordered = sorted(row.atoms, key=lambda atom: atom.box.x0)
    for first, end in runs_of(ordered):
        atoms = ordered[first:end]
        spaced = first > 0 and is_spaced(ordered[first - 1], atoms[0])
        glyphs = [word for atom in atoms for word in atom.words]
        line = next((home.line(word) for word in glyphs if id(word) in home.place), -1)
        yield _folded(atoms, line, spaced=spaced), frozenset(id(word) for word in glyphs)


def _folded(atoms: Sequence[Atom], line: int, *, spaced: bool) -> Word:
    baseline, size = main_line(atoms)
    ink = union_of(atom.box for atom in atoms)
    font = next(word.font for atom in atoms for word in atom.words)
    return Word(
        text=f"${latex_of(atoms).strip()}$",
        box=BBox(ink.x0, min(ink.y0, baseline - 0.75 * size), ink.x1, max(ink.y1, baseline + 0.25 * size)),
        font=Font(size=size, name=font.name, color=font.color),
        line=line,
        baseline=baseline,
        space_before=spaced,
        math=True,
    )
