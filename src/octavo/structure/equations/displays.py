"""Displayed formulas: rows of symbols that stand apart from the lines of prose around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from octavo.domain.block import Word
from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import Atom
from octavo.structure.equations.layout import latex_of
from octavo.structure.equations.rows import Row
from octavo.structure.equations.symbols import Kind

INDENT = 1.1
"""A displayed formula begins at least so many ems right of the lines of prose."""
APART = 0.75
"""Or it keeps so many ems of free space above and below."""
_NUMBER = re.compile(r"\(?[A-Z]?[.-]?\d+(?:[.\-]\d+)*[a-z]?'*\)?")
_NUMBER_GAP = 1.2
_LINKS = frozenset(
    re.findall(r"\w+", "and or for if where with when as otherwise while in all any every some such that")
)
_WORDY = ((3, 0.35), (5, 0.2))
"""So many words that cover such a share of their row make a sentence of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEquation:
    r"""A displayed formula.

    Attributes:
        box: around its ink (its number included), in page pixels.
        latex: without `$$`; ends with `\tag{..}` where a number stands at the margin.
        words: what it was read from.
        number: as it stands, without brackets; empty where there is none.
    """

    box: BBox
    latex: str
    words: tuple[Word, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what is asked of it again and again."""

    row: Row
    box: BBox
    prose: bool
    number: str

    @property
    def em(self) -> float:
        return self.row.em


def find_displays(rows: Sequence[Row]) -> tuple[list[FoundEquation], list[Row]]:
    """Displayed formulas, and the rows that are none."""
    lines = [_line(row) for row in rows]
    prose = [line for line in lines if line.prose]
    used: set[int] = set()
    found: list[FoundEquation] = []
    for place, line in enumerate(lines):
        if place in used or line.prose or line.number or not _is_formula(line.row.atoms):
            continue
        beside = [
            each for each in range(len(lines)) if each != place and each not in used and _same_height(line, lines[each])
        ]
        column = [
            each
            for each in prose
            if each.box.x_overlap(line.box) > 0 and _vertical_gap(each.box, line.box) < 15 * line.em
        ]
        mates = _mates(line, lines, beside, column)
        if mates is None or not _stands_apart(line, lines, column, mates):
            continue
        used |= {place, *mates}
        loose = [each for each in range(len(lines)) if each not in used and _belongs(lines[each], line)]
        used |= set(loose)
        found.append(_equation([line, *(lines[each] for each in (*mates, *loose))]))
    for place, line in enumerate(lines):
        if place not in used and line.number:
            used |= {place} if _number(found, line) else set()
    return found, [line.row for place, line in enumerate(lines) if place not in used]


def _number(found: list[FoundEquation], line: _Line) -> bool:
    """Give a number that stands between the rows of a formula to the row above it."""
    near = [
        place
        for place, equation in enumerate(found)
        if not equation.number
        and _vertical_gap(equation.box, line.box) < line.em
        and equation.box.x_overlap(line.box) <= 0
    ]
    if not near:
        return False
    place = min(
        near, key=lambda each: (found[each].box.center_y > line.box.center_y, _vertical_gap(found[each].box, line.box))
    )
    before = found[place]
    found[place] = FoundEquation(
        box=before.box.union(line.box),
        latex=rf"{before.latex} \tag{{{line.number}}}",
        words=before.words + tuple(word for atom in line.row.atoms for word in atom.words),
        number=line.number,
    )
    return True


def _line(row: Row) -> _Line:
    texts = [atom for atom in row.atoms if atom.is_text and len(atom.latex) > 1 and not atom.is_product]
    box = row.box
    share = sum(atom.box.width for atom in texts) / max(box.width, 1e-6)
    several = [atom for atom in texts if atom.latex.lower() not in _LINKS]
    wordy = share > 0.55 or any(len(several) >= count and share > least for count, least in _WORDY)
    prose = bool(texts) and (wordy or _begins_with_word(row, several))
    return _Line(row, box, prose, _number_of(row.atoms))


def _begins_with_word(row: Row, several: Sequence[Atom]) -> bool:
    """Whether the row starts with a word of prose, as a sentence does that goes on with a formula."""
    ordered = sorted(row.atoms, key=lambda atom: atom.box.x0)
    first = ordered[0]
    if len(ordered) > 1 and ordered[1].latex == "(" and ordered[1].box.x0 - first.box.x1 < 0.2 * first.size:
        return False
    if len(ordered) > 1 and first in several and ordered[1] in several:
        return True
    return first in several and len(first.latex) > 3 and len(row.atoms) > 1 and first.alphabet in ("mathrm", "mathit")


def _number_of(atoms: Sequence[Atom]) -> str:
    """The number of an equation that these atoms are nothing but; in brackets, as most are."""
    text = "".join(atom.latex for atom in atoms)
    return text[1:-1] if text[:1] == "(" and text[-1:] == ")" and _NUMBER.fullmatch(text) else ""


def _is_formula(atoms: Sequence[Atom]) -> bool:
    ordered = sorted(atoms, key=lambda atom: atom.box.x0)
    if (
        ordered[0].latex in (r"\bullet", r"\square", r"\blacksquare", r"\triangleright", "-")
        and ordered[0].spaced
        and len(ordered) > 1
    ):
        gap = ordered[1].box.x0 - ordered[0].box.x1
        if gap > 0.25 * ordered[0].size and ordered[0].latex != "-":
            return False
    if _is_label(ordered) or any("\ufffd" in word.text for atom in atoms for word in atom.words):
        return False
    sure = [atom for atom in atoms if atom.sure]
    related = any(
        atom.kind in (Kind.REL, Kind.BIG, Kind.BIN) or ("\\" in atom.latex and len(atom.latex) > 12) for atom in atoms
    )
    if len(atoms) >= 3 and sure and (related or len(sure) >= 3):
        return True
    return any(len(atom.latex) > 25 for atom in sure)


def _is_label(ordered: Sequence[Atom]) -> bool:
    """Whether a row begins as an item of a list does: with a label in brackets, or a number and a stop."""
    for place, (before, after) in enumerate(pairwise(ordered[:6])):
        if after.box.x0 - before.box.x1 > 0.3 * before.size and before.latex in (")", "."):
            label = "".join(atom.latex for atom in ordered[: place + 1])
            return bool(re.fullmatch(r"\(?(?:\\mathrm\{)?[A-Za-z]{0,4}\}?[\d.]*'?[).]", label)) and not any(
                atom.sure for atom in ordered[: place + 1]
            )
    return False


def _same_height(line: _Line, other: _Line) -> bool:
    return line.box.y_overlap(other.box) > 0.4 * min(line.box.height, other.box.height)


def _vertical_gap(one: BBox, other: BBox) -> float:
    return max(0.0, -one.y_overlap(other))


def _mates(line: _Line, lines: Sequence[_Line], beside: Sequence[int], column: Sequence[_Line]) -> list[int] | None:
    """Rows of the same formula at its height; None when something else stands beside it."""
    left = min((each.box.x0 for each in column), default=line.box.x0) - line.em
    right = max((each.box.x1 for each in column), default=line.box.x1) + line.em
    mates: list[int] = []
    numbers = [each for each in beside if lines[each].number]
    if numbers:
        # The number may hang outside of the column, but only the nearest one is this formula's.
        mates.append(min(numbers, key=lambda each: -line.box.x_overlap(lines[each].box)))
    for each in beside:
        other = lines[each]
        if other.number or other.box.x1 < left or other.box.x0 > right:
            continue
        linking = all(not atom.is_text or atom.latex.lower() in _LINKS for atom in other.row.atoms)
        if other.prose or not linking or -line.box.x_overlap(other.box) > 8 * line.em:
            return None
        mates.append(each)
    return mates


def _stands_apart(line: _Line, lines: Sequence[_Line], column: Sequence[_Line], mates: Sequence[int]) -> bool:
    box = union_of([line.box, *(lines[each].box for each in mates if not lines[each].number)])
    if not column:
        return any(atom.kind is Kind.REL for atom in line.row.atoms)
    nearest = sorted(column, key=lambda each: _vertical_gap(each.box, box))[:6]
    left = median_low(each.box.x0 for each in nearest)
    if box.x0 > left + INDENT * line.em:
        return True
    gaps = [_vertical_gap(each.box, box) for each in column]
    return min(gaps) > APART * line.em and any(atom.kind in (Kind.REL, Kind.BIG) for atom in line.row.atoms)


def _belongs(other: _Line, line: _Line) -> bool:
    """Whether a loose row (a limit that was not recognised, a part of a symbol) lies within reach of a formula."""
    if other.prose or other.number or other.em > 0.9 * line.em:
        return False
    inside = line.box.x0 - 0.3 * line.em < other.box.center_x < line.box.x1 + 0.3 * line.em
    reach = _LIMIT_REACH if _is_limit(other, line) else 0.3
    return inside and _vertical_gap(other.box, line.box) < reach * line.em


_LIMIT_REACH = 0.6
"""Limits begin within so many ems of the operator's row."""


def _is_limit(other: _Line, line: _Line) -> bool:
    """Whether a loose row stands at an end of an operator of the line, where other programs than TeX set limits."""
    left, right = 0.3 * line.em, 0.8 * line.em
    signs = (atom.box for atom in line.row.atoms if atom.kind is Kind.BIG)
    return any(sign.x0 - left < other.box.center_x < sign.x1 + right for sign in signs)


def _equation(lines: Sequence[_Line]) -> FoundEquation:
    atoms = [atom for line in lines if not line.number for atom in line.row.atoms]
    number = next((line.number for line in lines if line.number), "")
    if not number:
        atoms, number = _without_number(atoms)
    latex = latex_of(atoms)
    words = tuple(word for line in lines for atom in line.row.atoms for word in atom.words)
    tag = rf" \tag{{{number}}}" if number else ""
    return FoundEquation(box=union_of(line.box for line in lines), latex=latex + tag, words=words, number=number)


def _without_number(atoms: Sequence[Atom]) -> tuple[list[Atom], str]:
    """A number that stands close to its formula, at either end."""
    ordered = sorted(atoms, key=lambda atom: atom.box.x0)
    for place in _wide_gaps(ordered):
        for formula, number in ((ordered[:place], ordered[place:]), (ordered[place:], ordered[:place])):
            told = _number_of(number)
            if told and len(formula) > 2:
                return formula, told
    return ordered, ""


def _wide_gaps(ordered: Sequence[Atom]) -> Iterator[int]:
    for place in range(1, len(ordered)):
        if ordered[place].box.x0 - ordered[place - 1].box.x1 > _NUMBER_GAP * ordered[place].size:
            yield place
