"""Atoms: the symbols of a formula with their places; what the layout of a formula is read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from octavo.domain.block import Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.fonts import FontRole, Table, role_of
from octavo.structure.equations.symbols import NAMES, Kind, is_mathematical, symbol

AXIS = 0.25
"""Fraction bars and large symbols are centered so many ems above the baseline."""

_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """A symbol, a name, a piece of text, or a group that is already LaTeX.

    Attributes:
        latex: what it is written as; the bare text for `Kind.TEXT`.
        box: its ink, in page pixels.
        baseline: y of its baseline; for groups that of their main line.
        size: em of its font.
        words: what it was made of.
        sure: it can only belong to a formula.
        spaced: a space stands before it.
        alphabet: LaTeX command that its letters need.
        stacked: it has its limits already.
    """

    latex: str
    kind: Kind
    box: BBox
    baseline: float
    size: float
    words: tuple[Word, ...]
    sure: bool = False
    spaced: bool = False
    alphabet: str = ""
    stacked: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is a word of prose as far as the word itself can tell."""
        return self.kind is Kind.TEXT

    @property
    def is_product(self) -> bool:
        """Whether it is letters in a row that are no word: formulas may take their letters from an italic text font."""
        if self.kind is not Kind.TEXT or self.alphabet != "mathit" or not 2 <= len(self.latex) <= 3:
            return False
        if len(self.latex) == 2:
            return self.latex.lower() not in _SHORT_WORDS
        return not (self.latex.islower() or self.latex.istitle())


_SHORT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "ab ad ai al am an as at au be by ce cf co da de di do du ed eg el em en er es et eu ex go he hi ho ia id ie if"
        " il im in is it ja je jo jr ka ki la le li lo ma me mi mr ms my na ne ni no nr ob of og oh on op or os ou po"
        " pp se si so st su sa ta te ti to tu um un up us va vi vs we wo ya yo za ze zu",
    )
)
"""Words of two letters of the common languages."""


def atoms_of(words: Iterable[Word]) -> list[Atom]:
    """One atom a word; letters of text fonts stay text until the layout knows better."""
    listed = list(words)
    told = _told(listed)
    return [_atom(word, _role(word, told)) for word in listed]


def group(atoms: Sequence[Atom], latex: str, *, baseline: float, size: float, kind: Kind = Kind.ORD) -> Atom:
    """Atoms made one; it stands where they stood."""
    return Atom(
        latex=latex,
        kind=kind,
        box=union_of(atom.box for atom in atoms),
        baseline=baseline,
        size=size,
        words=tuple(word for atom in atoms for word in atom.words),
        sure=True,
        spaced=atoms[0].spaced,
    )


def _role(word: Word, told: frozenset[Table]) -> FontRole:
    role = role_of(word.font.name)
    return replace(role, table=Table.UNICODE, wide=role.table is Table.EXTENSION) if role.table in told else role


_TELLING = {
    Table.SYMBOLS: frozenset("∥↦⟨⟩⋅\u0338"),
    Table.LETTERS: frozenset("ϵϱμ"),
    Table.EXTENSION: frozenset("∑∏∫∮⋃⋂⨁⨂⟨⟩⌊⌋⌈⌉⎛⎝⎞⎠⎧⎨⎩"),
}
"""Characters that glyphs of TeX's fonts get only from a table of meanings, never from their names."""


def _told(words: Iterable[Word]) -> frozenset[Table]:
    """The kinds of fonts whose glyphs come with their meaning; of others TeX's own encodings have to be known.

    Common tables of meanings know letters and symbols, but not large symbols.
    """
    found = {table for word in words if word.text[0] in _TELLING.get(table := role_of(word.font.name).table, ())}
    letters = {Table.LETTERS} if found & {Table.SYMBOLS, Table.LETTERS} else set()
    return frozenset(letters | (found & {Table.EXTENSION}))


def _atom(word: Word, role: FontRole) -> Atom:
    latex, kind, alphabet = _read(word.text, role)
    baseline = word.baseline if word.baseline is not None else word.box.y1
    if role.wide or role.table in (Table.EXTENSION, Table.MATHABX_LARGE) or kind is Kind.BIG:
        baseline = word.box.center_y + AXIS * word.font.size
    return Atom(
        latex=latex,
        kind=kind,
        box=word.box,
        baseline=baseline,
        size=word.font.size,
        words=(word,),
        sure=(role.math and kind is not Kind.TEXT)
        or is_mathematical(word.text[0])
        or (len(word.text) == 1 and latex[0] == "\\" and word.text.isalpha()),
        spaced=word.space_before,
        alphabet=alphabet,
    )


@lru_cache(maxsize=8192)
def _read(text: str, role: FontRole) -> tuple[str, Kind, str]:
    if _LETTERS.fullmatch(text) and not role.math:
        return text, Kind.NAME if text in NAMES and role.upright else Kind.TEXT, role.alphabet
    if len(text) == 1:
        latex, kind = symbol(text, role)
        if kind is Kind.ACCENT and role.wide and latex in ("hat", "tilde"):
            latex = f"wide{latex}"
        return latex, kind, role.alphabet if _takes_alphabet(text, kind, role) else ""
    if not role.math and not text.isdigit():
        return text, Kind.TEXT, role.alphabet
    parts = [symbol(char, role) for char in text]
    alphabet = role.alphabet if text.isalpha() or role.alphabet == "mathbf" else ""
    return concatenated(latex for latex, _ in parts), parts[0][1], alphabet


def _takes_alphabet(text: str, kind: Kind, role: FontRole) -> bool:
    if kind is Kind.ACCENT:
        return role.alphabet == "mathbf"
    if kind is not Kind.ORD or not text.isalnum():
        return False
    if role.table in (Table.SYMBOLS, Table.AMS_B) or role.alphabet == "mathcal":
        return "A" <= text <= "Z"
    if text.isdigit():
        return role.alphabet == "mathbf"
    return text.isascii() or role.alphabet != "mathrm"


def concatenated(parts: Iterable[str]) -> str:
    """LaTeX tokens as one string: a command is kept apart from a letter after it."""
    out = ""
    for part in parts:
        if part and part[0].isalpha() and re.search(r"\\[A-Za-z]+$", out):
            out += " "
        out += part
    return out
