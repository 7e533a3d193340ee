"""What is written along a drawing: labels in small type at its edge, and the numbers and names of axes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from octavo.domain.block import Word
from octavo.domain.geometry import BBox, Size, union_of
from octavo.structure.blocks.headings import LARGER
from octavo.structure.blocks.kinds import CAPTION
from octavo.structure.text.lines import SPLIT_GAP, dominant_size, words_in

MOST_LABEL_WORDS = 3
"""A label at the edge of a drawing has at most so many words,"""
SMALL = 0.88
"""is set in type at most so large as a share of the body's,"""
LABEL_REACH = 0.7
"""and stands within so many of its ems of the drawing."""
AXIS_REACH = 1.0
"""Numbers of any size stand within so many ems of the axis that they belong to,"""
FEWEST_NUMBERS = 3
"""and are at least so many."""

_NUMBER = re.compile(r"^[^\w\s]*\d[\d.,:/\-\u2013]*\s?(?:[%\u2030°kKmM]|bn|[^\w\s])?\)?$|^\(\w{1,6}\.?\)$")


def labels_of(words: Sequence[Word], size: Size) -> set[int]:
    """Places of words on short lines in small type: what stands at the edge of a drawing and names its parts."""
    body = dominant_size(words)
    lines: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        lines.setdefault(word.line, []).append(place)
    short = (places for places in lines.values() if _are_few(places, words))
    return {
        place
        for places in short
        if union_of(words[place].box for place in places).width < 0.25 * size.width
        for place in places
        if words[place].font.size < SMALL * body
    }


def marks_of_axes(words: Sequence[Word]) -> list[list[int]]:
    """Places of words that stand by few on their lines, as the numbers and names along an axis do."""
    lines: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        lines.setdefault(word.line, []).append(place)
    rows = (list(_parts(places, words)) for places in lines.values())
    return [part for row in rows if all(_is_mark(part, words) for part in row) for part in row]


def _is_mark(part: Sequence[int], words: Sequence[Word]) -> bool:
    if not _are_few(part, words):
        return False
    text = " ".join(words[place].text for place in part)
    is_part_of_text = text.endswith((".", ",", "。", "，", "、")) or ":" in text or CAPTION.match(text)
    return not is_part_of_text or _is_number(part, words)


def _are_few(places: Sequence[int], words: Sequence[Word]) -> bool:
    return words_in(words[place] for place in places) <= MOST_LABEL_WORDS


def _is_number(part: Sequence[int], words: Sequence[Word]) -> bool:
    return all(_NUMBER.match(words[place].text) for place in part)


def _parts(places: Sequence[int], words: Sequence[Word]) -> Iterable[list[int]]:
    """A line cut at its gaps."""
    part = [places[0]]
    for place in places[1:]:
        if words[place].box.x0 - words[part[-1]].box.x1 > SPLIT_GAP * words[place].font.size:
            yield part
            part = []
        part.append(place)
    yield part


def along_axes(box: BBox, marks: Sequence[Sequence[int]], words: Sequence[Word]) -> frozenset[int]:
    """Places of what is written along the edges of a drawing that is a chart: numbers stand there, and maybe names."""
    near: list[Sequence[int]] = []
    for _ in range(2):  # The mark at the end of an axis stands beside its neighbours more than beside the drawing.
        near = [part for part in marks if any(_reaches(box, words[place]) for place in part)]
        sizes = [words[part[0]].font.size for part in near if _is_number(part, words)]
        if len(sizes) < FEWEST_NUMBERS:
            return frozenset()
        near = [part for part in near if words[part[0]].font.size < LARGER * max(sizes)]
        box = union_of([box, *(words[place].box for part in near for place in part)])
    return frozenset(place for part in near for place in part)


def _reaches(box: BBox, mark: Word) -> bool:
    return box.grown(AXIS_REACH * mark.font.size).intersection(mark.box) > 0


def touches(box: BBox, label: Word) -> bool:
    """Whether a label stands as close to a drawing as what names its parts."""
    return box.grown(LABEL_REACH * label.font.size).intersection(label.box) > 0
