"""Atoms in content order to rows: what stands on one line, scripts and tall groups included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.domain.geometry import BBox, union_of
from octavo.structure.equations.atoms import AXIS, Atom
from octavo.structure.equations.layout import SMALLER
from octavo.structure.equations.symbols import Kind

GAP = 2.2
"""A wider gap (in ems) ends a row."""


@dataclass(slots=True)
class Row:
    """Atoms on one line, in content order while it grows; `em` and `baseline` are those of its largest letters."""

    atoms: list[Atom]
    baseline: float
    em: float
    end: float

    @property
    def box(self) -> BBox:
        """Around the ink of all atoms."""
        return union_of(atom.box for atom in self.atoms)

    def takes(self, atom: Atom) -> bool:
        """Whether `atom` goes on with this row."""
        em = max(self.em, atom.size)
        if atom.box.x0 > max(self.end, self.atoms[-1].box.x1) + GAP * em or not self._level_with(atom):
            return False
        return atom.box.x0 >= self.end - 0.45 * em or self._has_room(atom)

    def _level_with(self, atom: Atom) -> bool:
        """Whether an atom stands at the row's height, raised or lowered by no more than a script is."""
        if atom.box.y1 - atom.box.y0 > atom.size:
            return atom.box.y0 < self.baseline - AXIS * self.em < atom.box.y1
        top, bottom = atom.baseline - 0.75 * atom.size, atom.baseline + 0.25 * atom.size
        shared = min(bottom, self.baseline + 0.25 * self.em) - max(top, self.baseline - 0.75 * self.em)
        return shared > 0.4 * min(atom.size, self.em)

    def _has_room(self, atom: Atom) -> bool:
        """Whether a script that the content tells of later fits between the atoms of the row."""
        if atom.size > SMALLER * self.em or atom.box.x0 < self.atoms[0].box.x1 - 0.2 * self.em:
            return False
        slack = 0.1 * atom.size
        return not any(atom.box.x_overlap(each.box) > slack and atom.box.y_overlap(each.box) > 0 for each in self.atoms)

    def add(self, atom: Atom) -> None:
        """Put `atom` at the end."""
        self.atoms.append(atom)
        larger = atom.size > 1.1 * self.em
        if larger:
            self.em, self.baseline = atom.size, atom.baseline
        if (
            larger
            or (atom.size > 0.9 * self.em and abs(atom.baseline - self.baseline) < 0.2 * self.em)
            or atom.kind is Kind.BIG
        ):
            self.end = max(self.end, atom.box.x1)


def rows_of(atoms: Iterable[Atom]) -> list[Row]:
    """Rows in content order; a row that was left for another may be gone on with."""
    rows: list[Row] = []
    for atom in atoms:
        if rows and abs(rows[-1].baseline - atom.baseline) < 0.02 * atom.size and rows[-1].takes(atom):
            home: Row | None = rows[-1]
        else:
            near = [row for row in rows[-3:] if row.takes(atom)]
            home = min(reversed(near), key=lambda row: abs(row.baseline - atom.baseline), default=None)
        if home is None:
            rows.append(Row([atom], atom.baseline, atom.size, atom.box.x1))
        else:
            home.add(atom)
    return rows


def lines_by_height(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Atoms of one region as lines from top to bottom, whatever their order in the content."""
    size = max(atom.size for atom in atoms)
    main = sorted((atom for atom in atoms if atom.size > 0.9 * size), key=lambda atom: atom.baseline)
    lines: list[list[Atom]] = []
    for atom in main:
        if (lines and abs(atom.baseline - lines[-1][-1].baseline) < 0.35 * size) or (
            lines and _inside(lines[-1], atom)
        ):
            lines[-1].append(atom)
        else:
            lines.append([atom])
    for atom in atoms:
        if atom.size <= 0.9 * size:
            min(lines, key=lambda line: _distance(line, atom)).append(atom)
    return lines


def _inside(line: Sequence[Atom], atom: Atom) -> bool:
    return any(
        other.box.height > 1.2 * other.size and other.box.y0 < atom.box.center_y < other.box.y1 for other in line
    )


def _distance(line: Sequence[Atom], atom: Atom) -> float:
    """How far a script is from the atom of a line that it could belong to."""
    return min(
        abs(other.box.center_y - atom.box.center_y)
        + 0.5 * max(0.0, atom.box.x0 - other.box.x1)
        + 2 * max(0.0, other.box.x0 - atom.box.x0)
        for other in line
    )
