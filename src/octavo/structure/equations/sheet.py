"""The atoms of a page with a quick answer to "what lies here": groups replace their members as they are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from octavo.domain.geometry import BBox
from octavo.structure.equations.atoms import Atom


class Sheet:
    """Atoms in content order. A place is an atom's number; places of atoms that went into groups stay empty."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self._atoms: list[Atom | None] = list(atoms)
        self._boxes: NDArray[np.float64] = np.array(
            [(atom.box.x0, atom.box.y0, atom.box.x1, atom.box.y1) for atom in atoms]
        ).reshape(-1, 4)
        sizes = [atom.size for atom in atoms if atom.is_text] or [atom.size for atom in atoms] or [1.0]
        self.em = max(set(sizes), key=sizes.count)
        """The em of most of the page's text, in pixels."""

    def __getitem__(self, place: int) -> Atom:
        atom = self._atoms[place]
        if atom is None:
            raise LookupError("Nothing stands at this place any more.")
        return atom

    def __contains__(self, place: int) -> bool:
        return 0 <= place < len(self._atoms) and self._atoms[place] is not None

    def after(self, place: int) -> int | None:
        """The next place that holds an atom."""
        return next((each for each in range(place + 1, len(self._atoms)) if self._atoms[each] is not None), None)

    def places(self) -> Iterator[int]:
        """Places that hold an atom, in content order."""
        return (place for place, atom in enumerate(self._atoms) if atom is not None)

    @property
    def atoms(self) -> list[Atom]:
        """All atoms, in content order."""
        return [atom for atom in self._atoms if atom is not None]

    def centered_in(self, box: BBox) -> list[int]:
        """Places of the atoms whose center lies in `box`."""
        if not len(self._boxes):
            return []
        x = (self._boxes[:, 0] + self._boxes[:, 2]) / 2
        y = (self._boxes[:, 1] + self._boxes[:, 3]) / 2
        inside = (x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)
        found: list[int] = np.flatnonzero(inside).tolist()
        return found

    def replace(self, places: Iterable[int], by: Atom) -> int:
        """Put one atom where several stood; it takes the first place, which is returned."""
        taken = sorted(set(places))
        for place in taken:
            self._atoms[place] = None
            self._boxes[place] = np.nan
        self._atoms[taken[0]] = by
        self._boxes[taken[0]] = by.box.x0, by.box.y0, by.box.x1, by.box.y1
        return taken[0]
