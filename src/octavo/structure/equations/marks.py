"""Glyphs that only mean something together: tall delimiters built from parts, accents over letters."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import pairwise

from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import AXIS, Atom, concatenated, group
from octavo.structure.equations.layout import latex_of
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.symbols import Kind, kind_of

_COMBINING = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "ddot": "\u0308", "acute": "\u0301",
              "grave": "\u0300", "breve": "\u0306", "check": "\u030c", "mathring": "\u030a"}  # fmt: skip


def join_parts(sheet: Sheet) -> None:
    """Parts that stand on one another become one delimiter (or radical)."""
    parts = [place for place in sheet.places() if sheet[place].kind is Kind.PART]
    stacks: list[list[int]] = []
    for place in sorted(parts, key=lambda each: sheet[each].box.y0):
        if sheet[place].latex.startswith("brace"):
            continue
        stack = next((each for each in reversed(stacks) if _stands_on(sheet[place], sheet[each[-1]])), None)
        if stack is None:
            stacks.append([place])
        else:
            stack.append(place)
    for stack in stacks:
        _close(sheet, stack)


def _stands_on(lower: Atom, upper: Atom) -> bool:
    em = upper.size
    over = abs(lower.box.center_x - upper.box.center_x) < 0.45 * em or lower.box.x_overlap(upper.box) > 0.05 * em
    near = over and -0.3 * em < lower.box.y0 - upper.box.y1 < 0.5 * em
    return (
        near
        and (lower.latex[:-1] == upper.latex[:-1] or "m" in (lower.latex[-1], upper.latex[-1]))
        and not (lower.latex.endswith("t") and upper.latex.endswith("b"))
    )


def _close(sheet: Sheet, stack: list[int]) -> None:
    members = [sheet[place] for place in stack]
    names = [member.latex[:-1] for member in members]
    name = next((name for name, member in zip(names, members, strict=True) if member.latex[-1] != "m"), names[0])
    latex = {"{": r"\{", "}": r"\}"}.get(name, name)
    box = union_of(member.box for member in members)
    kind = Kind.RADICAL if latex == r"\sqrt" else kind_of(latex)
    size = members[0].size
    sheet.replace(stack, group(members, latex, baseline=box.center_y + AXIS * size, size=size, kind=kind))


def join_signs(sheet: Sheet) -> None:
    """Signs that TeX sets as two or three glyphs become one: negations, long arrows, dots."""
    for place in list(sheet.places()):
        if place in sheet and sheet[place].latex == "/" and sheet[place].sure:
            _strike(sheet, place)
        while place in sheet and sheet[place].latex in _BEGINNINGS:
            if not (_join_dots(sheet, place) or _join_pair(sheet, place)):
                break


def _strike(sheet: Sheet, place: int) -> None:
    """A slash through a relation negates it."""
    stroke = sheet[place]
    through = [other for other in sheet.centered_in(stroke.box) if other != place and sheet[other].kind is Kind.REL]
    for other in through[:1]:
        relation = sheet[other]
        latex = _NEGATED.get(relation.latex, rf"\not{relation.latex}")
        made = group([relation, stroke], latex, baseline=relation.baseline, size=relation.size, kind=Kind.REL)
        sheet.replace([other, place], made)


def _join_pair(sheet: Sheet, place: int) -> bool:
    follower = sheet.after(place)
    if follower is None:
        return False
    left, right = sheet[place], sheet[follower]
    if _is_congruence(left, right):
        sheet.replace(
            [place, follower], group([left, right], r"\cong", baseline=right.baseline, size=right.size, kind=Kind.REL)
        )
        return True
    if abs(left.baseline - right.baseline) > 0.15 * left.size or not (left.sure or right.sure):
        return False
    gap = (right.box.x0 - left.box.x1) / left.size
    loose = 0.08 if left.latex in (r"\Leftarrow", r"\leftarrow") else -0.05
    latex = _PAIRS.get((left.latex, right.latex)) if -0.9 < gap < loose else None
    if left.latex == r"\mapsto" and right.latex in (r"\to", r"\longrightarrow") and gap < 0.3:
        latex = r"\mapsto" if right.latex == r"\to" else r"\longmapsto"
    if left.latex == r"\not" and gap < 0:
        latex = _NEGATED.get(right.latex, rf"\not{right.latex}")
    if left.latex == r"\int" and right.latex == r"\int" and gap < 0:
        latex = r"\iint"
    if left.latex == r"\iint" and right.latex == r"\int" and gap < 0:
        latex = r"\iiint"
    if latex is None:
        return False
    made = group([left, right], latex, baseline=right.baseline, size=left.size, kind=Kind.REL)
    sheet.replace([place, follower], made)
    return True


def _is_congruence(left: Atom, right: Atom) -> bool:
    """Whether a tilde stands over an equals sign."""
    over = left.latex == r"\sim" and right.latex == "=" and left.box.x_overlap(right.box) > 0.8 * right.box.width
    return over and left.baseline < right.baseline


def _join_dots(sheet: Sheet, place: int) -> bool:
    dots = [sheet[each] for each in range(place, place + 3) if each in sheet]
    first = dots[0]
    name = {".": r"\ldots", r"\cdot": r"\cdots"}.get(first.latex)
    if name is None or len(dots) < 3 or any(dot.latex != first.latex or dot.size != first.size for dot in dots):
        return False
    if first.latex == "." and _join_steep(sheet, place, dots):
        return True
    if not all(0 < after.box.x0 - before.box.x0 < 0.7 * first.size for before, after in pairwise(dots)):
        return False
    math = any(place + step in sheet and sheet[place + step].sure for step in (-1, 3))
    if not math and not first.sure:
        return False
    sheet.replace(range(place, place + 3), group(dots, name, baseline=first.baseline, size=first.size))
    return True


def _join_steep(sheet: Sheet, place: int, dots: list[Atom]) -> bool:
    """Dots under one another, or down a diagonal, as matrices have them."""
    first = dots[0]
    steps = [
        (after.box.x0 - before.box.x0, after.baseline - before.baseline, first.size) for before, after in pairwise(dots)
    ]
    if not all(0.2 * em < down < 0.6 * em and -0.02 * em < right < 0.7 * em for right, down, em in steps):
        return False
    name = r"\ddots" if steps[0][0] > 0.15 * first.size else r"\vdots"
    middle = dots[1]
    made = group(dots, name, baseline=middle.box.center_y + AXIS * first.size, size=first.size)
    sheet.replace(range(place, place + 3), made)
    return True


_PAIRS = {
    ("-", r"\to"): r"\longrightarrow", (r"\leftarrow", "-"): r"\longleftarrow",
    ("=", r"\Rightarrow"): r"\Longrightarrow",
    (r"\Leftarrow", "="): r"\Longleftarrow", (r"\Leftarrow", r"\Rightarrow"): r"\Longleftrightarrow",
    (r"\leftarrow", r"\to"): r"\longleftrightarrow", ("|", "="): r"\models", (",", r"\to"): r"\hookrightarrow",
}  # fmt: skip
_BEGINNINGS = frozenset({".", r"\cdot", r"\mapsto", r"\not", r"\sim", r"\int", r"\iint"}) | {left for left, _ in _PAIRS}
_NEGATED = {"=": r"\neq", r"\in": r"\notin", r"\mid": r"\nmid"}


def set_accents(sheet: Sheet) -> None:
    """Each accent and the letters below it become one."""
    for place in list(sheet.places()):
        if place not in sheet or sheet[place].kind is not Kind.ACCENT:
            continue
        below = _below(sheet, place)
        if below:
            _put_accent(sheet, place, below)


def _below(sheet: Sheet, place: int) -> list[int]:
    """The letters that an accent stands over; TeX puts it before them, others after."""
    accent = sheet[place]
    em = accent.size
    if accent.latex.startswith("wide"):
        reach = BBox(accent.box.x0 - 0.1 * em, accent.box.y1 - 0.1 * em, accent.box.x1 + 0.1 * em, accent.box.y1 + em)
        return _covered(sheet, accent, [other for other in sheet.centered_in(reach) if other != place])
    reach = BBox(accent.box.x0 - em, accent.box.y0, accent.box.x1 + em, accent.box.y1 + 1.2 * em)
    letters = [other for other in sheet.centered_in(reach) if other != place and _carries(sheet[other], accent)]
    return [min(letters, key=lambda other: _distance(sheet, other, place))] if letters else []


def _covered(sheet: Sheet, accent: Atom, below: list[int]) -> list[int]:
    """Those of the atoms under a wide accent that it was set over.

    TeX centers it over all of them, or, over a single letter, as far right of its middle as the letter leans (The
    TeXbook, appendix G, rule 12); scripts and brackets that only begin under it are none of its own.
    """
    ordered = sorted(below, key=lambda each: sheet[each].box.x0)
    middle = accent.box.center_x

    def off(count: int) -> float:
        box = union_of(sheet[each].box for each in ordered[:count])
        return abs(middle - box.center_x - (_SKEW * accent.size if count == 1 else 0.0))

    def fits(end: int) -> bool:
        box = union_of(sheet[each].box for each in ordered[:end])
        return sheet[ordered[end - 1]].kind is not Kind.OPEN and box.width < accent.box.width + _STEP * accent.size

    ends = [end for end in range(1, len(ordered) + 1) if fits(end)]
    return ordered[: min(ends, key=off)] if ends else ordered


_STEP = 0.5
"""Wide accents grow in steps of less than this (in ems), and TeX takes the widest that fits."""
_SKEW = 0.08
"""Accents stand so many ems right of the middle of an italic letter."""


def _distance(sheet: Sheet, letter: int, accent: int) -> float:
    """How unlikely it is that an accent belongs to a letter: far off, far away in the content, or of another size."""
    off = abs(sheet[letter].box.center_x - sheet[accent].box.center_x) / sheet[accent].size
    off += 0.3 if sheet[letter].size < 0.85 * sheet[accent].size else 0.0
    return off + (0.0 if letter == accent + 1 else 0.15 if letter == accent - 1 else 0.3)


def _carries(letter: Atom, accent: Atom) -> bool:
    em = accent.size
    over = letter.box.x0 - 0.25 * em < accent.box.center_x < letter.box.x1 + 0.25 * em
    gap = letter.box.y0 - accent.box.y1
    return over and -0.25 * em < gap < 0.35 * em and letter.kind in (Kind.ORD, Kind.TEXT, Kind.NAME)


def _put_accent(sheet: Sheet, place: int, below: list[int]) -> None:
    accent = sheet[place]
    base = [sheet[other] for other in below]
    members = [accent, *base] if place < below[0] else [*base, accent]
    composed = unicodedata.normalize("NFC", base[0].latex + _COMBINING.get(accent.latex, "")) if len(base) == 1 else ""
    prose = not accent.sure and not base[0].sure and len(composed) == 1 and composed.isalpha()
    if prose:
        made = replace(
            base[0],
            latex=composed,
            kind=Kind.TEXT,
            box=union_of(member.box for member in members),
            words=tuple(word for member in members for word in member.words),
            spaced=members[0].spaced,
        )
    elif accent.latex == "bar" and base[0].latex == "h" and accent.box.y1 > base[0].box.y0 + 0.1 * accent.size:
        # A stroke through the letter is no accent: fonts without the sign for Planck's constant compose it.
        made = group(members, r"\hbar", baseline=base[0].baseline, size=base[0].size)
    else:
        latex = rf"\{accent.latex}{{{latex_of(base)}}}"
        if accent.alphabet and accent.alphabet == base[0].alphabet:
            bare = [replace(atom, alphabet="", kind=Kind.ORD) for atom in base]
            latex = rf"\{accent.alphabet}{{\{accent.latex}{{{latex_of(bare)}}}}}"
        if len(base) == 1 and base[0].is_text and 1 < len(base[0].latex) <= 3 and not accent.latex.startswith("wide"):
            latex = _over_one(accent, base[0])
        made = group(members, latex, baseline=base[0].baseline, size=base[0].size)
    sheet.replace([place, *below], made)


def _over_one(accent: Atom, letters: Atom) -> str:
    """Letters in a row, of which only the one below the accent carries it: a product of symbols of a text font."""
    width = letters.box.width / len(letters.latex)
    carrier = int((accent.box.center_x - letters.box.x0) / width)
    carrier = min(max(carrier, 0), len(letters.latex) - 1)
    each = [latex_of([replace(letters, latex=letter, kind=Kind.ORD)]) for letter in letters.latex]
    each[carrier] = rf"\{accent.latex}{{{each[carrier]}}}"
    return concatenated(each)
