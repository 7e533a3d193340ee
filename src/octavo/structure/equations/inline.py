"""Formulas inside lines of prose: which atoms of a row they take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise, takewhile

from octavo.structure.equations.atoms import Atom
from octavo.structure.equations.fonts import role_of
from octavo.structure.equations.layout import is_script, main_line
from octavo.structure.equations.symbols import Kind

_WORD_GAP = 0.22
"""Between symbols that need no space, a gap wider than this (in ems) is a space between words."""
_SURE_GAP = 0.3
"""Between two glyphs of fonts for formulas it must be wider."""
_BEARING = 0.09
"""Brackets and bars have so much space of their own on either side, in ems."""
_FRACTION_BEARING = 0.12
"""Fractions keep this distance on either side."""
_FENCES = frozenset({"(", ")", "[", "]", "|", r"\|", r"\{", r"\}", ".", ","})
_NEUTRAL = frozenset("()[]{}=+-<>/|.,:;!'*") | {r"\{", r"\}", r"\%", "'"}
_STOPS = frozenset({".", ",", ":", ";", "?", "!", "’", "”"})
"""After these a raised number is the mark of a note."""
_PLAIN = frozenset("()[]<>+-.,:;/|%*'=") | frozenset(
    re.findall(
        r"\S+", r"\% \{ \} \| \setminus \bullet \bigcirc \square \blacksquare \triangleright \checkmark \langle \rangle"
    )
)
"""Signs that prose and numbers have too, whatever font they are set in."""
_LETTER_ALPHABETS = frozenset({"mathit", "mathbf", "mathsf"})
_OPENING = frozenset({"(", "[", r"\{"})
_CLOSING = {")": "(", "]": "[", r"\}": r"\{"}


class Mark(StrEnum):
    """What an atom of a line is: part of a formula, of prose, or of either."""

    MATH = "math"
    WEAK = "weak"
    NEUTRAL = "neutral"
    TEXT = "text"


def marks_of(atoms: Sequence[Atom], scripts: Sequence[bool]) -> list[Mark]:
    """The mark of each atom of a row (from left to right); scripts go with what they stand at."""
    marks: list[Mark] = []
    for place, atom in enumerate(atoms):
        marks.append(_script_mark(atoms, marks, place) if place and scripts[place] else _mark(atom))
    _promote_bases(atoms, marks, scripts)
    return marks


def runs_of(atoms: Sequence[Atom]) -> Iterator[tuple[int, int]]:
    """Spans (first, behind last) of the atoms of a row, left to right, that are inline formulas."""
    if not any(atom.sure or atom.alphabet in _LETTER_ALPHABETS for atom in atoms):
        return
    baseline, size = main_line(atoms)
    scripts = [is_script(atom, baseline, size) for atom in atoms]
    marks = marks_of(atoms, scripts)
    start = 0
    while start < len(atoms):
        if marks[start] is Mark.TEXT:
            start += 1
            continue
        end = start
        while end < len(atoms) and marks[end] is not Mark.TEXT:
            end += 1
        for first, last in _cut(atoms, scripts, start, end):
            trimmed = _trimmed(atoms, marks, first, last)
            if trimmed is not None:
                yield trimmed
        start = end


def is_spaced(before: Atom, after: Atom) -> bool:
    """Whether a space between words stands between two atoms of a row."""
    gap = (after.box.x0 - before.box.x1) / max(1e-6, before.size, after.size)
    gap -= _FRACTION_BEARING * (before.latex.startswith(r"\frac") + after.latex.startswith(r"\frac"))
    gap -= _BEARING * ((before.latex in _FENCES) + (after.latex in _FENCES))
    return gap > (_SURE_GAP if before.sure and after.sure else _WORD_GAP)


def _mark(atom: Atom) -> Mark:
    if atom.sure:
        return Mark.MATH
    if atom.alphabet in _LETTER_ALPHABETS and atom.latex.isalpha() and len(atom.latex) == 1:
        return Mark.WEAK
    if atom.is_text:
        return Mark.WEAK if atom.is_product else Mark.TEXT
    if atom.kind is Kind.NAME or atom.latex in _NEUTRAL or atom.latex.isdigit() or atom.kind is Kind.ACCENT:
        return Mark.NEUTRAL
    return Mark.TEXT


def _script_mark(atoms: Sequence[Atom], marks: Sequence[Mark], place: int) -> Mark:
    before = marks[place - 1]
    if atoms[place - 1].latex in _STOPS and atoms[place].latex.isdigit():
        return Mark.TEXT
    if atoms[place].sure and (atoms[place].latex != "*" or len(atoms[place - 1].latex) == 1):
        return Mark.MATH
    if before is Mark.TEXT:
        return Mark.TEXT
    return before


def _promote_bases(atoms: Sequence[Atom], marks: list[Mark], scripts: Sequence[bool]) -> None:
    """Letters of prose that carry a mathematical script, or a script that carries on one, are part of the formula."""
    for place in range(1, len(atoms)):
        script = scripts[place]
        if script and marks[place - 1] is not Mark.MATH and not is_spaced(atoms[place - 1], atoms[place]):
            _promote_base(atoms, marks, scripts, place)
        elif marks[place] is Mark.TEXT and script and marks[place - 1] is Mark.MATH:
            marks[place] = Mark.MATH
        elif marks[place] is Mark.TEXT and marks[place - 1] is not Mark.TEXT and _is_product(atoms, place):
            marks[place] = Mark.WEAK
    for place in range(len(atoms) - 2):
        if marks[place] is Mark.TEXT and (_is_applied(atoms, marks, place) or _is_modulus(atoms, place)):
            marks[place] = Mark.MATH


def _promote_base(atoms: Sequence[Atom], marks: list[Mark], scripts: Sequence[bool], place: int) -> None:
    """Make the letters before a script part of the formula where that is none of prose."""
    base, script = atoms[place - 1], atoms[place]
    low = script.baseline > base.baseline
    named = low and marks[place] is Mark.WEAK and base.latex.isalpha() and base.latex.isupper()
    if (marks[place] is Mark.MATH or named) and len(base.latex) <= 4:
        marks[place - 1] = Mark.MATH
    elif (marks[place - 1] is Mark.WEAK and low) or _is_raised_formula(atoms, marks, scripts, place):
        marks[place - 1] = marks[place] = Mark.MATH


def _is_raised_formula(atoms: Sequence[Atom], marks: Sequence[Mark], scripts: Sequence[bool], place: int) -> bool:
    """Whether scripts of a single upright letter that begin here hold a symbol, as exponents of e do."""
    if not marks[place - 1] is marks[place] is Mark.TEXT or len(atoms[place - 1].latex) != 1:
        return False
    behind = takewhile(lambda each: scripts[each], range(place, len(atoms)))
    return any(marks[each] is Mark.MATH for each in behind)


def _is_product(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a few italic letters are set right behind a symbol, as a differential is."""
    letters = atoms[place]
    return letters.alphabet == "mathit" and len(letters.latex) <= 3 and not is_spaced(atoms[place - 1], letters)


def _is_modulus(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the modulus of a congruence begins here, in brackets behind it."""
    if atoms[place].latex != "mod" or not place or atoms[place - 1].latex != "(":
        return False
    return any(atom.latex in (r"\equiv", "=", r"\cong") for atom in atoms[max(0, place - 20) : place])


def _is_applied(atoms: Sequence[Atom], marks: Sequence[Mark], place: int) -> bool:
    """Whether a short word is a function: a bracket with a formula opens right behind it."""
    name, bracket = atoms[place], atoms[place + 1]
    if (
        bracket.latex != "("
        or len(name.latex) > 4
        or is_spaced(name, bracket)
        or marks[place + 2] not in (Mark.MATH, Mark.WEAK)
    ):
        return False
    return not place or is_spaced(atoms[place - 1], name) or atoms[place - 1].latex in _OPENING


def _cut(atoms: Sequence[Atom], scripts: Sequence[bool], start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run cut where prose goes on between two formulas."""
    depth, first, base = 0, start, atoms[start]
    for place in range(start, end):
        atom = atoms[place]
        depth = max(0, depth + (atom.latex in _OPENING) - (atom.latex in _CLOSING))
        base = base if scripts[place] else atom
        if place + 1 < end and not scripts[place + 1] and _parts(atoms, place, base, depth):
            yield first, place + 1
            first = place + 1
    yield first, end


def _parts(atoms: Sequence[Atom], place: int, base: Atom, depth: int) -> bool:
    """Whether prose goes on behind an atom: a space stands there that no formula has; `base` carries the scripts."""
    before, after = atoms[place], atoms[place + 1]
    if depth or not is_spaced(before, after):
        return False
    if after.latex == "(" and place + 2 < len(atoms) and _is_modulus(atoms, place + 2):
        return False
    if before.latex == ":" and any(each.latex in _ARROWS for each in atoms[place + 1 : place + 8]):
        return False
    if not before.sure and before.latex in {",", ";", ".", ":"}:
        return True
    loose = {Kind.REL, Kind.BIN, Kind.PUNCT, Kind.NAME, Kind.BIG}
    return base.kind not in loose and after.kind not in loose and before.latex != "!"


_ARROWS = frozenset({r"\to", r"\longrightarrow", r"\mapsto", r"\hookrightarrow", r"\longmapsto", r"\rightarrowtail"})
"""A colon before one of these belongs to a function."""


def _trimmed(atoms: Sequence[Atom], marks: Sequence[Mark], first: int, end: int) -> tuple[int, int] | None:
    """The span without what belongs to the sentence: stops, hyphens, brackets that close or open outside."""
    for inner_first, inner_end in _balanced(atoms, first, end):
        while inner_first < inner_end and _is_edge(atoms[inner_first], leading=True):
            inner_first += 1  # noqa: PLW2901 - the span shrinks from both sides
        while inner_first < inner_end and _is_edge(atoms[inner_end - 1], leading=False):
            inner_end -= 1  # noqa: PLW2901
        if _is_formula(atoms, marks, inner_first, inner_end):
            return inner_first, inner_end
    return None


def _balanced(atoms: Sequence[Atom], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of the span between brackets that have no partner in it, the longest first."""
    open_: list[int] = []
    lone: list[int] = []
    for place in range(first, end):
        latex = atoms[place].latex
        if latex in _OPENING:
            open_.append(place)
        elif latex in _CLOSING:
            if open_:
                open_.pop()
            else:
                lone.append(place)
    # Half-open intervals such as [0, 1) pair brackets of different kinds, and formulas may break over lines: only
    # brackets of the text's own font are cut off.
    cuts = sorted(place for place in (*open_, *lone) if not role_of(atoms[place].words[0].font.name).math)
    edges = [first - 1, *cuts, end]
    pieces = [(left + 1, right) for left, right in pairwise(edges)]
    return iter(sorted(pieces, key=lambda piece: piece[0] - piece[1]))


def _is_edge(atom: Atom, *, leading: bool) -> bool:
    if atom.sure and atom.kind is not Kind.PUNCT and atom.latex != ".":
        return False
    if leading:
        return atom.latex in {",", ".", ":", ";", "'", "!", "/", "-", ")", "]", "*"}
    return atom.latex in {",", ".", ":", ";", "-", "/", "(", "["}


def _is_formula(atoms: Sequence[Atom], marks: Sequence[Mark], first: int, end: int) -> bool:
    inside = range(first, end)
    evident = (atoms[place] for place in inside if marks[place] is Mark.MATH)
    if any(atom.latex not in _PLAIN and not atom.latex.isdigit() for atom in evident):
        return True
    weak = [place for place in inside if marks[place] is Mark.WEAK]
    related = any(atoms[place].kind in (Kind.REL, Kind.BIN) and atoms[place].latex != "-" for place in inside)
    return bool(weak) and related
