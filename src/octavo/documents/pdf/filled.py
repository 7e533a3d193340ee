"""The words of filled fields and annotations: as they are drawn where that can be read, else set into their boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from statistics import median

import numpy as np
import pypdfium2.raw as pdfium

from octavo.documents.pdf.annotations import Annotation
from octavo.documents.pdf.forms import MARKS, TICKED, UNTICKED
from octavo.documents.pdf.typesetter import Setter
from octavo.domain.block import Word
from octavo.domain.geometry import union_of

OFF = 0.4
"""What stands less than so many ems above or below its label is on one line with it."""
_BOXES = frozenset("☐□▢◻◯○❏❑❍⬜o")
"""What stands on a page where a box or a circle is to be ticked; `o` is a box in fonts of symbols."""
_FILL = frozenset("_.…·-‐–— ")
"""What lines that are to be filled in are made of."""


@dataclass(slots=True)
class Filled:
    """What the annotations of one page say; boxes are in page pixels.

    Attributes:
        words: in the order in which they are drawn; none shares its line with words of the page.
        covered: words of the page itself that fields replace: boxes to tick, lines to fill in.
        differing: fields that show another text than they hold.
    """

    words: list[Word] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    differing: int = 0


def filled(annotations: Sequence[Annotation], drawn: Sequence[Word], page: Sequence[Word], scale: float) -> Filled:
    """What `annotations` say, with the words that are drawn for them and those of the page itself.

    Words drawn outside every annotation are clipped away, so they are left out. `scale` is pixels a point.
    """
    out = Filled()
    shown, under = _by_annotation(annotations, drawn), _by_annotation(annotations, page)
    rotation = median([word.rotation for word in page]) if page else 0.0
    setter = Setter(rotation=round(rotation / 90) % 4 * 90, scale=scale)
    rows = _Rows(page)
    line = max((word.line for word in page), default=-1) + 1
    for place, annotation in enumerate(annotations):
        below = [page[each] for each in under.get(place, ())]
        words = _words_of(annotation, [drawn[each] for each in shown.get(place, ())], setter, out)
        if _says(below, words):
            continue
        words = rows.leveled(words) if annotation.field else words
        out.covered.update(each for each in under.get(place, ()) if words and _is_blank(page[each], annotation))
        for _, run in groupby(words, key=lambda word: word.line):
            out.words += [replace(word, line=line) for word in run]
            line += 1
    return out


def _by_annotation(annotations: Sequence[Annotation], words: Sequence[Word]) -> dict[int, list[int]]:
    """The places of words in `words` by the smallest annotation in which they stand."""
    found: dict[int, list[int]] = {}
    if not annotations:
        return found
    boxes = np.array([[box.x0, box.y0, box.x1, box.y1] for box in (each.box.grown(1) for each in annotations)])
    areas = np.array([each.box.area for each in annotations])
    for place, word in enumerate(words):
        x, y = word.box.center_x, word.box.center_y
        holds = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
        if holds.any():
            found.setdefault(int(np.where(holds, areas, np.inf).argmin()), []).append(place)
    return found


def _words_of(annotation: Annotation, shown: list[Word], setter: Setter, out: Filled) -> list[Word]:
    """What one annotation says; `shown` is drawn in its box."""
    form_field = annotation.field
    if form_field is None:
        return shown if _has_all(shown, annotation.text) else setter.set(annotation.text, annotation.box, shown)
    if form_field.secret:
        return []
    if form_field.kind in MARKS:
        return [setter.mark(TICKED if form_field.ticked else UNTICKED, annotation.box)]
    if form_field.kind == pdfium.FPDF_FORMFIELD_LISTBOX:
        return setter.set(form_field.value, annotation.box, shown, form_field.size)
    if not _has_all(shown, form_field.value):
        return setter.set(form_field.value, annotation.box, shown, form_field.size)
    if form_field.value and not _agrees(_letters(form_field.value), _squashed(shown)):
        out.differing += 1
    return _combed(shown, form_field.value) if form_field.comb else shown


def _has_all(shown: Sequence[Word], text: str) -> bool:
    """Whether nothing of the text is missing in what is shown; showing something else is all right."""
    seen, meant = _squashed(shown), _letters(text)
    return not meant or seen == meant or (bool(seen) and seen not in meant)


def _says(below: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether the page itself says so already, as where fields were made part of it and kept."""
    return bool(words) and _squashed(words) in _squashed(below)


def _is_blank(word: Word, annotation: Annotation) -> bool:
    if annotation.field is None:
        return False
    return set(word.text) <= (_BOXES if annotation.field.kind in MARKS else _FILL)


def _agrees(value: str, shown: str) -> bool:
    """Whether the value can be read in what is shown, which may be spelled out: 1234 as $1,234.00."""
    rest = iter(shown)
    return all(letter in rest for letter in value if letter.isalnum())


def _squashed(words: Sequence[Word]) -> str:
    return "".join(_letters(word.text) for word in words)


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _combed(shown: list[Word], value: str) -> list[Word]:
    """Characters that stand apart in cells as the words that they make up."""
    if _squashed(shown) != _letters(value):
        return shown
    rest, out = list(shown), []
    for text in value.split():
        cells: list[Word] = []
        while rest and len(_squashed(cells)) < len(_letters(text)):
            cells.append(rest.pop(0))
        if _squashed(cells) != _letters(text):
            return shown
        box = union_of(cell.box for cell in cells)
        out.append(replace(cells[0], text=text, box=box, line=shown[0].line, space_before=True))
    return out


class _Rows:
    """Where the writing of a page stands: what is filled in is often a little above or below its label."""

    def __init__(self, words: Sequence[Word]) -> None:
        upright = [word for word in words if word.baseline is not None]
        self._edges = np.array([(word.box.x0, word.box.x1, word.baseline) for word in upright]).reshape(-1, 3)

    def leveled(self, words: list[Word]) -> list[Word]:
        """A line of words, moved onto the baseline of the nearest words beside it, when that is less than `OFF` ems."""
        first = words[0] if words else None
        if first is None or first.baseline is None or any(word.line != first.line for word in words):
            return words
        box = union_of(word.box for word in words)
        x0, x1, baselines = self._edges.T
        away = np.maximum(x0 - box.x1, box.x0 - x1)
        beside = (np.abs(baselines - first.baseline) < OFF * first.font.size) & (away >= 0)
        if not beside.any():
            return words
        down = float(baselines[np.where(beside, away, np.inf).argmin()]) - first.baseline
        return [replace(word, box=word.box.shifted(0, down), baseline=first.baseline + down) for word in words]
