"""Several rows between tall delimiters: matrices, and cases behind one brace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from octavo.domain.geometry import BBox
from octavo.structure.equations.atoms import AXIS, Atom, group
from octavo.structure.equations.layout import latex_of, main_line
from octavo.structure.equations.rows import lines_by_height
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.symbols import PARTNERS, Kind

_TALL = 1.9
"""Delimiters around several rows are taller than this, in ems."""
_COLUMN_GAP = 0.7
"""Columns stand at least so many ems apart."""
_DISPLAYED = 1.3625
"""The distance of a displayed fraction's two lines without a bar, in ems (The TeXbook, appendix G, rule 15);"""
_IN_TEXT = 1.126
"""inside a line of text, in ems of its small letters;"""
_SLACK = 0.04
"""and how far off that other fonts are."""
_ENVIRONMENTS = {"(": "pmatrix", "[": "bmatrix", r"\{": "Bmatrix", "|": "vmatrix", r"\|": "Vmatrix"}


def set_matrices(sheet: Sheet) -> None:
    """Tall delimiters with several rows between them become matrices or cases, the smallest first."""
    tall = [place for place in sheet.places() if _is_tall(sheet[place])]
    # Of brackets in brackets that are equally tall, the inner ones come first.
    for place in sorted(tall, key=lambda each: (round(sheet[each].box.height), -sheet[each].box.x0)):
        if place in sheet and sheet[place].latex in PARTNERS:
            _ = _set_matrix(sheet, place, tall) or _set_cases(sheet, place)


def _is_tall(atom: Atom) -> bool:
    return atom.box.height > _TALL * atom.size and (atom.latex in PARTNERS or atom.kind is Kind.CLOSE)


def _set_matrix(sheet: Sheet, place: int, tall: Sequence[int]) -> bool:
    left = sheet[place]
    em = left.size
    mates = [each for each in tall if each in sheet and _pair_up(left, sheet[each])]
    if not mates:
        return False
    right = min(mates, key=lambda each: sheet[each].box.x0)
    region = BBox(left.box.x1, left.box.y0 - 0.2 * em, sheet[right].box.x0, left.box.y1 + 0.2 * em)
    inside = [each for each in sheet.centered_in(region) if each not in (place, right)]
    rows = _rows(sheet, inside)
    if len(rows) < 2:
        return False
    if left.latex == "(" and _is_binomial(rows, em):
        upper, lower = (latex_of(row) for row in rows)
        _replace(sheet, [place, *inside, right], rf"\binom{{{upper}}}{{{lower}}}", left)
        return True
    name = _ENVIRONMENTS.get(left.latex, "matrix")
    body = rf"\begin{{{name}}} {_table(rows, em)} \end{{{name}}}"
    if name == "matrix":
        body = rf"\left{left.latex} {body} \right{sheet[right].latex}"
    _replace(sheet, [place, *inside, right], body, left)
    return True


def _is_binomial(rows: Sequence[Sequence[Atom]], em: float) -> bool:
    """Whether two rows are as far apart as the two of a fraction; rows of a matrix are so far as lines of text."""
    if len(rows) != 2 or any(_gaps(row, em) for row in rows):
        return False
    (upper, size), (lower, other) = map(main_line, rows)
    apart = _IN_TEXT if size < 0.85 * em else _DISPLAYED
    return size == other and abs((lower - upper) / size - apart) < _SLACK


def _pair_up(left: Atom, right: Atom) -> bool:
    """Whether two delimiters stand at the same height and close one another."""
    slack = 0.3 * left.size
    same = abs(right.box.y0 - left.box.y0) < slack and abs(right.box.y1 - left.box.y1) < slack
    return same and right.latex == PARTNERS[left.latex] and right.box.x0 > left.box.x1


def _set_cases(sheet: Sheet, place: int) -> bool:
    brace = sheet[place]
    em = brace.size
    if brace.latex != r"\{":
        return False
    region = BBox(brace.box.x1, brace.box.y0 - 0.2 * em, brace.box.x1 + 60 * em, brace.box.y1 + 0.2 * em)
    near = sorted((each for each in sheet.centered_in(region) if each != place), key=lambda each: sheet[each].box.x0)
    inside: list[int] = []
    end = brace.box.x1
    for each in near:
        if sheet[each].box.x0 > end + 4 * em:
            break
        inside.append(each)
        end = max(end, sheet[each].box.x1)
    if inside and _is_behind(sheet, inside):
        inside.pop()
    rows = _rows(sheet, inside)
    if len(rows) < 2:
        return False
    _replace(sheet, [place, *inside], rf"\begin{{cases}} {_table(rows, em)} \end{{cases}}", brace)
    return True


def _is_behind(sheet: Sheet, inside: Sequence[int]) -> bool:
    """Whether the last is a stop of the sentence behind all rows, and not of the row that it is level with."""
    stop = sheet[inside[-1]]
    level = [sheet[each].box.x1 for each in inside[:-1] if abs(sheet[each].baseline - stop.baseline) < 0.6 * stop.size]
    return stop.latex in {".", ",", ";"} and stop.box.x0 - max(level, default=0.0) > 0.3 * stop.size


def _rows(sheet: Sheet, places: Sequence[int]) -> list[list[Atom]]:
    return lines_by_height([sheet[each] for each in places]) if places else []


def _table(rows: Sequence[Sequence[Atom]], em: float) -> str:
    """Rows and columns as LaTeX; columns are where every row leaves a gap."""
    cuts = _gaps([atom for row in rows for atom in row], em)
    return r" \\ ".join(" & ".join(latex_of(cell) for cell in _cells(row, cuts)) for row in rows)


def _cells(row: Sequence[Atom], cuts: Sequence[float]) -> list[list[Atom]]:
    edges = [float("-inf"), *cuts, float("inf")]
    cells = [[atom for atom in row if left <= atom.box.center_x < right] for left, right in pairwise(edges)]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _gaps(atoms: Sequence[Atom], em: float) -> list[float]:
    """Where no atom of any row stands for the width of a column gap."""
    cuts: list[float] = []
    end = None
    for box in sorted((atom.box for atom in atoms), key=lambda each: each.x0):
        if end is not None and box.x0 - end > _COLUMN_GAP * em:
            cuts.append((box.x0 + end) / 2)
        end = box.x1 if end is None else max(end, box.x1)
    return cuts


def _replace(sheet: Sheet, places: Sequence[int], latex: str, delimiter: Atom) -> None:
    ordered = sorted(places)
    axis = delimiter.box.center_y
    made = group([sheet[each] for each in ordered], latex, baseline=axis + AXIS * delimiter.size, size=delimiter.size)
    sheet.replace(ordered, made)
