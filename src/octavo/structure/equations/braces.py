"""Braces that lie over or under a part of a formula, with their labels."""

from __future__ import annotations

from collections.abc import Iterator

from octavo.domain.geometry import union_of
from octavo.structure.equations.atoms import Atom, group
from octavo.structure.equations.layout import latex_of
from octavo.structure.equations.sheet import Sheet
from octavo.structure.equations.stacks import limit_at, stack_at
from octavo.structure.equations.symbols import Kind

_REACH = 0.5
"""What a brace holds begins within so many ems of it."""


def set_braces(sheet: Sheet) -> None:
    """TeX draws such a brace from four ends and rules between them: outer ends, and the two halves of its point."""
    for ends in list(_braces(sheet)):
        _set_brace(sheet, ends)


def _braces(sheet: Sheet) -> Iterator[list[int]]:
    """The four ends of each brace, from left to right."""
    ends = [
        place for place in sheet.places() if sheet[place].latex.startswith("brace") and sheet[place].kind is Kind.PART
    ]
    ends.sort(key=lambda place: (round(sheet[place].box.center_y / sheet[place].size), sheet[place].box.x0))
    for first in range(0, len(ends) - 3, 4):
        four = ends[first : first + 4]
        heights = [sheet[place].box.center_y for place in four]
        if max(heights) - min(heights) < 0.5 * sheet[four[0]].size:
            yield four


def _set_brace(sheet: Sheet, ends: list[int]) -> None:
    pieces = [sheet[place] for place in ends]
    over = pieces[0].latex == "brace<"
    box = union_of(piece.box for piece in pieces)
    content = stack_at(sheet, box, _REACH, down=over)
    if not content:
        return
    label = limit_at(sheet, box, pieces[0], down=not over, place=ends[0])
    inside = [sheet[place] for place in content]
    latex = rf"\{'over' if over else 'under'}brace{{{latex_of(inside)}}}"
    if label:
        latex += f"{'^' if over else '_'}{{{latex_of([sheet[place] for place in label])}}}"
    main: Atom = max(inside, key=lambda atom: atom.size)
    places = sorted([*ends, *content, *label])
    made = group([sheet[place] for place in places], latex, baseline=main.baseline, size=main.size, kind=Kind.BIG)
    sheet.replace(places, made)
