"""What stands over one another: limits of large operators, fractions, roots, lines over and under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import AXIS, Atom, group
from octavo.structure.equations.layout import latex_of
from octavo.structure.equations.rows import lines_by_height
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.symbols import STACKED, Kind

_REACH = 0.5
"""Limits begin within so many ems of their operator."""
_FRACTION_REACH = 0.65
"""Numerators and denominators begin within so many ems of their bar: low letters are far below it."""
_LINE_REACH = 0.35
"""Letters begin within so many ems of a line that is drawn over them."""
_DISPLAYED = 1.2
"""Operators taller than this (in ems) are of the size for displayed formulas."""
_TIGHT = 0.16
"""A line over letters keeps less than this distance (in ems), a fraction bar hardly ever."""
_SMALL = 0.9
"""Limits are set at most this large, against their operator; that may be scaled to go with the text's font."""
_BESIDE = 12
"""Limits stand within so many places of their operator, the other limit between them."""
_FAR = 12.0
"""Numerators and denominators are no taller than this (in ems of the page)."""
_NEIGHBOURS = 40
"""A fraction's glyphs stand within so many places of one another in the content."""


def set_limits(sheet: Sheet) -> None:
    """Operators take the small rows that stand centered above and below them."""
    for place in list(sheet.places()):
        if place not in sheet:
            continue
        atom = sheet[place]
        if atom.kind is Kind.BIG or (atom.kind is Kind.NAME and atom.latex in STACKED):
            _set_limits(sheet, place)
        elif atom.latex in _CARRIERS:
            _set_over(sheet, place)


_CARRIERS = frozenset(
    {"=", r"\to", r"\longrightarrow", r"\sim", r"\simeq", r"\leq", r"\geq", r"\Rightarrow", r"\rightharpoonup"}
)
"""Relations that writers put something over."""


def _set_over(sheet: Sheet, place: int) -> None:
    """A relation takes what stands centered over it."""
    atom = sheet[place]
    row = limit_at(sheet, atom.box, atom, down=False, place=place)
    over = [sheet[each] for each in row]
    if not over or any(each.baseline > atom.box.y0 or each.size > 0.8 * atom.size for each in over):
        return
    if abs(union_of(each.box for each in over).center_x - atom.box.center_x) > 0.12 * atom.size:
        return
    command = "xrightarrow" if atom.latex in (r"\to", r"\longrightarrow") else "overset"
    latex = rf"\{command}{{{latex_of(over)}}}" + ("" if command == "xrightarrow" else f"{{{atom.latex}}}")
    made = group([*over, atom], latex, baseline=atom.baseline, size=atom.size, kind=Kind.REL)
    sheet.replace([*row, place], made)


def _set_limits(sheet: Sheet, place: int) -> None:
    operator = [place]
    atom = sheet[place]
    if atom.latex == "lim" and place + 1 in sheet and sheet[place + 1].latex in ("sup", "inf"):
        operator.append(place + 1)
    members = [sheet[each] for each in operator]
    box = union_of(member.box for member in members)
    below = limit_at(sheet, box, atom, down=True, place=place)
    above = [] if atom.kind is Kind.NAME else limit_at(sheet, box, atom, down=False, place=place)
    if not below and not above:
        _set_beside(sheet, place)
        return
    further = _further(sheet, below, atom, place) if below else []
    name = "".join(member.latex for member in members)
    latex = (
        name
        if name.startswith("\\")
        else rf"\{name}"
        if len(name) < 7 and not name.startswith("arg")
        else rf"\operatorname*{{{name}}}"
    )
    if latex in (r"\int", r"\oint", r"\iint"):
        latex += r"\limits"
    if below:
        rows = [line for row in (below, *further) for line in lines_by_height([sheet[each] for each in row])]
        under = r" \\ ".join(latex_of(row) for row in rows)
        latex += rf"_{{\substack{{{under}}}}}" if len(rows) > 1 else f"_{{{under}}}"
    if above:
        latex += f"^{{{latex_of([sheet[each] for each in above])}}}"
    places = [*operator, *below, *above, *chain.from_iterable(further)]
    made = group([sheet[each] for each in sorted(places)], latex, baseline=atom.baseline, size=atom.size, kind=Kind.BIG)
    sheet.replace(places, made)


def _set_beside(sheet: Sheet, place: int) -> None:
    """A displayed operator takes the limits that stand beside its ends, as those of integrals do; TeX sets them next.

    They are so far above and below the line that they would make rows of their own.
    """
    atom = sheet[place]
    height = atom.box.height
    if height < _DISPLAYED * atom.size:
        return
    ends: dict[bool, list[int]] = {True: [], False: []}
    each = place + 1
    while each in sheet and sheet[each].size < _SMALL * min(atom.size, sheet.em):
        box = sheet[each].box
        low = box.center_y > atom.box.y1 - _END * height
        if not low and box.center_y > atom.box.y0 + _END * height:
            break
        start = sheet[ends[low][-1]].box.x1 if ends[low] else atom.box.x1
        if abs(box.x0 - start) > 0.6 * atom.size:
            break
        ends[low].append(each)
        each += 1
    if not ends[True] and not ends[False]:
        return
    latex = atom.latex
    for low, mark in ((True, "_"), (False, "^")):
        if ends[low]:
            latex += f"{mark}{{{latex_of([sheet[each] for each in ends[low]])}}}"
    places = [place, *sorted((*ends[True], *ends[False]))]
    made = group([sheet[each] for each in places], latex, baseline=atom.baseline, size=atom.size, kind=Kind.BIG)
    sheet.replace(places, made)


_END = 0.3
"""The ends of an operator are so much of its height."""


def limit_at(sheet: Sheet, box: BBox, atom: Atom, *, down: bool, place: int) -> list[int]:
    """Places of the small row that stands centered under (or over) `box`, for the operator `atom` at `place`."""
    em = atom.size
    near, far = (box.y1 - 0.1 * em, box.y1 + 1.1 * em) if down else (box.y0 - 1.1 * em, box.y0 + 0.1 * em)
    band = BBox(box.x0 - 4 * em, near, box.x1 + 4 * em, far)
    small = [
        each
        for each in sheet.centered_in(band)
        if sheet[each].size < _SMALL * min(em, sheet.em) and abs(each - place) < _NEIGHBOURS
    ]
    if box.height < _DISPLAYED * em and atom.kind is Kind.BIG:
        # Inside a line operators have their limits beside them; what is above and below belongs to other lines.
        small = [each for each in small if abs(each - place) <= len(small) + 1]
    touching = [each for each in small if sheet[each].box.x_overlap(box) > -0.15 * em]
    for row in (_connected(sheet, touching, small, em), _run(sheet, small, place)):
        if row and _is_limit(union_of(sheet[each].box for each in row), box, em, down=down):
            return row
    return []


def _is_limit(row: BBox, box: BBox, em: float, *, down: bool) -> bool:
    """Whether a row stands centered under (or over) an operator, near it."""
    gap = row.y0 - box.y1 if down else box.y0 - row.y1
    return abs(row.center_x - box.center_x) < 0.3 * em and -0.25 * em < gap < _REACH * em


def _further(sheet: Sheet, row: list[int], atom: Atom, place: int) -> list[list[int]]:
    """More rows of a limit that has several, each centered under the one before."""
    rows: list[list[int]] = []
    size = max(sheet[each].size for each in row)
    while True:
        box = union_of(sheet[each].box for each in row)
        band = BBox(box.x0 - 4 * atom.size, box.y1 - 0.2 * size, box.x1 + 4 * atom.size, box.y1 + size)
        small = [
            each
            for each in sheet.centered_in(band)
            if each not in row and sheet[each].size < 1.1 * size and abs(each - place) < _NEIGHBOURS
        ]
        touching = [each for each in small if sheet[each].box.x_overlap(box) > 0]
        row = _connected(sheet, touching, small, atom.size)
        if not row:
            return rows
        under = union_of(sheet[each].box for each in row)
        if abs(under.center_x - box.center_x) > 0.3 * size or not -0.1 * size < under.y0 - box.y1 < _REACH * size:
            return rows
        rows.append(row)


def _run(sheet: Sheet, small: Sequence[int], place: int) -> list[int]:
    """Those that follow one another in the content right before or after the operator; TeX sets limits so."""
    runs: list[list[int]] = []
    for each in small:
        if runs and not any(between in sheet for between in range(runs[-1][-1] + 1, each)):
            runs[-1].append(each)
        else:
            runs.append([each])
    near = [run for run in runs if min(abs(each - place) for each in run) <= _BESIDE + len(run)]
    return min(near, key=lambda run: min(abs(each - place) for each in run), default=[])


def _connected(sheet: Sheet, row: Iterable[int], others: Sequence[int], em: float) -> list[int]:
    """A row with all that touches it to the left and right."""
    found = set(row)
    grew = bool(found)
    while grew:
        box = union_of(sheet[each].box for each in found)
        more = {
            each for each in others if each not in found and sheet[each].box.x_overlap(box) > -0.3 * em
            and sheet[each].box.y_overlap(box) > -0.1 * em
        }  # fmt: skip
        found |= more
        grew = bool(more)
    return sorted(found)


def set_bars(sheet: Sheet, bars: Iterable[BBox]) -> None:
    """Bars become roots, fractions and lines over or under their content, the shortest first."""
    for bar in sorted(bars, key=lambda each: each.width):
        _ = _set_root(sheet, bar) or _set_fraction(sheet, bar) or _set_line(sheet, bar)
    for place in list(sheet.places()):
        if place in sheet and sheet[place].kind is Kind.RADICAL:
            _set_bare_root(sheet, place)


def _set_root(sheet: Sheet, bar: BBox) -> bool:
    reach = sheet.em
    for place in sheet.centered_in(BBox(bar.x0 - 2 * reach, bar.y0 - reach, bar.x0 + reach, bar.y1 + 6 * reach)):
        radical = sheet[place]
        em = radical.size
        if radical.kind is not Kind.RADICAL or radical.latex != r"\sqrt":
            continue
        if abs(radical.box.x1 - bar.x0) > 0.2 * em or abs(radical.box.y0 - bar.center_y) > 0.25 * em:
            continue
        under = BBox(bar.x0 - 0.05 * em, bar.y0 - 0.05 * em, bar.x1 + 0.1 * em, radical.box.y1 + 0.35 * em)
        content = [each for each in sheet.centered_in(under) if each != place]
        if content:
            _make_root(sheet, place, content)
            return True
    return False


def _set_bare_root(sheet: Sheet, place: int) -> None:
    """A radical whose bar is not told apart: it holds what follows."""
    radical = sheet[place]
    if place + 1 in sheet and -0.2 < (sheet[place + 1].box.x0 - radical.box.x1) / radical.size < 0.3:
        _make_root(sheet, place, [place + 1])


def _make_root(sheet: Sheet, place: int, content: list[int]) -> None:
    radical = sheet[place]
    em = radical.size
    corner = BBox(radical.box.x0 - 0.5 * em, radical.box.y0 - 0.5 * em, radical.box.x0 + 0.5 * em, radical.box.center_y)
    index = [
        each
        for each in sheet.centered_in(corner)
        if each != place and each not in content and sheet[each].size < 0.75 * em and abs(each - place) < 4
    ]
    inside = [sheet[each] for each in content]
    degree = f"[{latex_of([sheet[each] for each in index])}]" if index else ""
    places = sorted([*index, place, *content])
    main = max(inside, key=lambda atom: atom.size)
    made = group(
        [sheet[each] for each in places],
        rf"\sqrt{degree}{{{latex_of(inside)}}}",
        baseline=main.baseline,
        size=main.size,
    )
    sheet.replace(places, made)


def _set_fraction(sheet: Sheet, bar: BBox) -> bool:
    over = stack_at(sheet, bar, _FRACTION_REACH, down=False)
    under = stack_at(sheet, bar, _FRACTION_REACH, down=True)
    if not over or not under or max(*over, *under) - min(*over, *under) > _NEIGHBOURS + len(over) + len(under):
        return False
    top = union_of(sheet[each].box for each in over)
    bottom = union_of(sheet[each].box for each in under)
    em = max(sheet[each].size for each in (*over, *under))
    apart = max(min(over), min(under)) - min(max(over), max(under))
    if apart > _NEIGHBOURS / 3 and bottom.y0 - bar.y1 < _TIGHT * em:
        return False
    if abs(max(top.width, bottom.width) - bar.width) > 0.55 * em:
        return False
    if max(abs(top.center_x - bar.center_x), abs(bottom.center_x - bar.center_x)) > 0.4 * em:
        return False
    size = _size_around(sheet, bar, em)
    numerator, denominator = ([sheet[each] for each in side] for side in (over, under))
    places = sorted([*over, *under])
    made = group(
        [sheet[each] for each in places],
        rf"\frac{{{latex_of(numerator)}}}{{{latex_of(denominator)}}}",
        baseline=bar.center_y + AXIS * size,
        size=size,
    )
    sheet.replace(places, made)
    return True


def _size_around(sheet: Sheet, bar: BBox, em: float) -> float:
    """The em of the row that a fraction stands in: small figures on the axis of larger letters are of their size."""
    beside = BBox(bar.x0 - 3 * em, bar.y0 - em, bar.x1 + 3 * em, bar.y1 + em)
    near = [sheet[place] for place in sheet.centered_in(beside)]
    sizes = [atom.size for atom in near if abs(atom.baseline - AXIS * atom.size - bar.center_y) < 0.12 * atom.size]
    return max([em, *(size for size in sizes if 1.15 * em < size < 2.1 * em)])


def stack_at(sheet: Sheet, bar: BBox, reach: float, *, down: bool) -> list[int]:
    """What stands right above (or below) a bar, no wider than it."""
    far = _FAR * sheet.em
    room = BBox(bar.x0, bar.y0, bar.x1, bar.y1 + far) if down else BBox(bar.x0, bar.y0 - far, bar.x1, bar.y1)
    candidates = [each for each in sheet.centered_in(room) if _fits(sheet[each], bar, down=down)]
    candidates.sort(key=lambda each: sheet[each].box.y0 if down else -sheet[each].box.y1)
    taken: list[int] = []
    edge = bar.center_y
    for each in candidates:
        box, em = sheet[each].box, sheet[each].size
        gap = box.y0 - edge if down else edge - box.y1
        if gap > (0.05 if taken else reach) * em:
            break
        taken.append(each)
        edge = max(edge, box.y1) if down else min(edge, box.y0)
    return taken


def _fits(atom: Atom, bar: BBox, *, down: bool) -> bool:
    """Whether an atom lies wholly over (or under) a bar."""
    if atom.kind is Kind.PART:
        return False
    if atom.box.x0 < bar.x0 - 0.2 * atom.size or atom.box.x1 > bar.x1 + 0.2 * atom.size:
        return False
    if down:
        return atom.box.y0 > bar.center_y - 0.1 * atom.size
    return atom.box.y1 < bar.center_y + 0.1 * atom.size


def _set_line(sheet: Sheet, bar: BBox) -> bool:
    """A line over (or under) symbols and as wide as they are."""
    for down, command in ((True, "overline"), (False, "underline")):
        content = stack_at(sheet, bar, _LINE_REACH, down=down)
        if not content or not all(sheet[each].sure or not sheet[each].is_text for each in content):
            continue
        members = [sheet[each] for each in content]
        box, em = union_of(member.box for member in members), members[0].size
        sure = any(member.sure or member.alphabet == "mathit" for member in members)
        if sure and abs(box.width - bar.width) < 0.35 * em and abs(box.center_x - bar.center_x) < 0.3 * em:
            main = max(members, key=lambda atom: atom.size)
            latex = rf"\{command}{{{latex_of(members)}}}"
            sheet.replace(content, group(members, latex, baseline=main.baseline, size=main.size))
            return True
    return False
