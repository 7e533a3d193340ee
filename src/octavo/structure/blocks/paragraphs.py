"""Lines of one column to paragraphs: where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from octavo.domain.geometry import BBox, union_of
from octavo.structure.tables.ink import is_quantity
from octavo.structure.text.lines import Line, dominant_size
from octavo.structure.text.unspaced import UNSPACED

SAME_SIZE = 0.12
"""Font sizes that differ by less than this share are one size."""
OTHER_SIZE = 0.04
"""After a line that ends early, a difference by this share is enough."""
WIDE_STEP = 1.32
"""A step to the next line this many times the usual one ends a paragraph."""
INDENT = 0.7
"""A first line is indented by at least so many ems."""
MEASURE = 12.0
"""Lines narrower than this (in ems) fill nothing."""
MOSTLY = 0.75
"""Where text runs at least so far as a share of the column, lines beside it do not tell its measure."""
UNPARTED = 2.3
"""Characters of scripts without spaces that stay together are at most so wide, in ems."""

CENTERED, FEWEST_CENTERED = 0.25, 3
"""Lines whose middles differ by less than this (in ems), the upper of so many words, are centered: none begins."""
MOSTLY_FLUSH, FEWEST_RAGGED = 0.8, 2
"""Lines are flush at the right where this share end at one place, and so many begin elsewhere than the line above."""
ROW = 2.0
"""A gap so many ems wide parts a label from its value, or what stands at two sides: no sentence runs across it."""
RAISED = 0.8
"""The number of a note is at most so large as the words after it."""

_LEADERS = re.compile(r"(?:[.\u2026\u00b7_]\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,7})$")
_VALUE = re.compile(r"^\d{1,2}\.\d{1,2}$")
_NOTE = re.compile(r"^(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]{1,3}|[a-z])$")
_SENTENCE_END = re.compile(r"[.!?:;…。！？：；»”\"')\]]$")
_END = re.compile(rf"{_SENTENCE_END.pattern}|__$|[.!?…][\d⁰¹²³⁴-⁹,]{{1,5}}$")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_MARKER = re.compile(
    r"^(?:[•‣◦▪▫■□●○◆◇►▶➢➤✓✔❖∙·*–—-]|[\uf0b7\uf0a7\uf0d8\uf076]|"
    r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\[\d{1,3}\])$"
)
ATTACHED = re.compile("[•・●○■□◆◇](?=[\u3040-\u30ff\u3400-\u9fff])")
"""Marks that scripts without spaces set right before an item."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `breaks[i]` tells whether line i ends because the writer broke it."""

    lines: tuple[Line, ...]
    breaks: tuple[bool, ...]

    @property
    def box(self) -> BBox:
        """Around all its lines."""
        return union_of(line.box for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Column:
    """What is usual in a column: its edges and the step from line to line for each font size."""

    x0: float
    x1: float
    leading: float
    size: float
    flush_right: bool

    def step(self, em: float) -> float:
        """The usual step from line to line in type of this size."""
        return self.leading if abs(em - self.size) <= SAME_SIZE * self.size else max(self.leading, 1.3 * em)


def paragraphs_of(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """The paragraphs of one column, top to bottom."""
    if not lines:
        return ()
    column = _usual(lines)
    groups: list[list[Line]] = [[lines[0]]]
    for place, (before, line) in enumerate(pairwise(lines), start=1):
        after = lines[place + 1] if place + 1 < len(lines) else None
        if _begins(groups[-1], before, line, after, column):
            groups.append([line])
        else:
            groups[-1].append(line)
    return tuple(Paragraph(tuple(group), _breaks(group, column)) for group in groups)


def has_marker(line: Line) -> bool:
    """Whether the line begins with a bullet or a number, as an item of a list does."""
    first = line.words[0].text
    return bool(ATTACHED.match(first)) or (len(line.words) > 1 and bool(_MARKER.match(first)))


def _is_note(line: Line) -> bool:
    """Whether the line begins as a note at the foot of a page does: with a small raised number or mark."""
    first, second = line.words[:1], line.words[1:2]
    if not (first and second and _NOTE.match(first[0].text)) or first[0].font.size > RAISED * second[0].font.size:
        return False
    return first[0].box.center_y < second[0].box.center_y


def _usual(lines: Sequence[Line]) -> _Column:
    size = dominant_size([word for line in lines for word in line.words])
    steps = [
        after.box.center_y - before.box.center_y
        for before, after in pairwise(lines)
        if _same_size(before, after)
        and _is_size(before.size, size)
        and 0.5 * size < after.box.center_y - before.box.center_y < 2.6 * size
    ]
    leading = sorted(steps)[len(steps) // 3] if steps else 1.25 * size
    x0, x1 = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    # Lines at the right alone, such as dates and running heads, tell nothing of how far text runs.
    text = max((line.box.x1 for line in lines if line.box.x0 < (x0 + x1) / 2), default=x1)
    return _Column(x0, text if text - x0 > MOSTLY * (x1 - x0) else x1, leading, size, _are_flush_right(lines))


def _begins(group: Sequence[Line], before: Line, line: Line, after: Line | None, column: _Column) -> bool:
    """Whether `line` starts a paragraph of its own rather than going on with `group`."""
    em = max(before.size, line.size)
    step = line.box.center_y - before.box.center_y
    if step > WIDE_STEP * column.step(em) + 0.05 * em or not _same_size(before, line) or _style_changes(before, line):
        return True
    early = _ends_early(before, line, column)
    if early and _is_other_type(before, line):
        return True
    if _is_note(line) and _is_note(group[0]):
        return True
    ends = early or bool(_SENTENCE_END.search(before.text))
    if not early and _VALUE.match(line.words[0].text) and not has_marker(group[0]):
        ends = False
    if has_marker(line) and (has_marker(group[0]) or (ends and line.box.x0 < group[0].box.x0 + 0.5 * em)):
        return True
    if has_marker(group[0]):
        return line.box.x0 < group[0].box.x0 + 0.3 * em and _ends_early(before, line, column)
    return _is_indented(group, before, line, after, column) or (
        _ends_early(before, line, column) and bool(_SENTENCE_END.search(before.text))
    )


def _is_other_type(before: Line, line: Line) -> bool:
    """Whether a document sets two lines in sizes that differ, if only a little, as those of captions and text do."""
    named = before.font.name and line.font.name
    return bool(named) and abs(before.size - line.size) > OTHER_SIZE * max(before.size, line.size)


def _same_size(a: Line, b: Line) -> bool:
    return _is_size(a.size, b.size)


def _is_size(a: float, b: float) -> bool:
    return abs(a - b) <= SAME_SIZE * max(a, b)


def _style_changes(before: Line, line: Line) -> bool:
    """Bold lines followed by regular ones (or the other way round): a heading and its text."""
    bold = [each.bold for each in (before, line)]
    if min(bold) < 0.2 and max(bold) > 0.9:
        return True
    return before.font.mono != line.font.mono


def _is_indented(group: Sequence[Line], before: Line, line: Line, after: Line | None, column: _Column) -> bool:
    """A first-line indent; or, where all but first lines hang, a line that stands out to the left."""
    em = line.size
    if column.flush_right or (_is_centered_below(before, line) and not _ends_early(before, line, column)):
        return False
    if line.box.x0 > before.box.x0 + INDENT * em and line.box.x0 < before.box.x0 + 6 * em:
        full = not _ends_early(before, line, column) and before.box.width >= MEASURE * em
        if full and not _END.search(before.text):
            return False  # A line that is full, in the middle of a sentence: what is indented goes on with it.
        returns = after is None or after.box.x0 < line.box.x0 - 0.5 * INDENT * em
        return returns and line.box.x0 > column.x0 + 0.5 * INDENT * em
    hangs = len(group) > 1 and group[1].box.x0 > group[0].box.x0 + INDENT * em
    return hangs and abs(line.box.x0 - group[0].box.x0) < 0.3 * em


def _is_centered_below(before: Line, line: Line) -> bool:
    """Whether a line stands in the middle below another one of several words, as those of headings do."""
    apart = abs(line.box.center_x - before.box.center_x)
    goes_on = len(before.words) >= FEWEST_CENTERED and not line.text[:1].isdigit()
    return goes_on and apart < CENTERED * line.size


def _ends_early(before: Line, line: Line, column: _Column) -> bool:
    """Whether the next line's first word would still have fitted: then the break is the writer's (as in TeX)."""
    return _fits(line, before.box.x1, column)


def _fits(line: Line, end: float, column: _Column) -> bool:
    """Whether the first word of a line would have fitted behind a line that ends at a place.

    Scripts without spaces break after any character, save that a stop or a bracket is not parted from its neighbour.
    """
    first = line.words[0].box.width + 0.3 * line.size
    if _UNSPACED.search(line.words[0].text):
        first = min(first, UNPARTED * line.size)
    right = column.x1 - 0.02 * (column.x1 - column.x0)
    return end + first < right


def _breaks(group: Sequence[Line], column: _Column) -> tuple[bool, ...]:
    """Lines that end early end there for a reason (addresses, receipts, verse), and rows do; prose just wraps."""
    moved = [True] * len(group) if column.flush_right else _centered(group)
    ends = [
        column.x0 + line.box.width if is_moved else line.box.x1 for line, is_moved in zip(group, moved, strict=True)
    ]
    early = [_fits(line, end, column) for line, end in zip(group[1:], ends[:-1], strict=True)]
    ragged = len(early) > 0 and median(early) < 1
    apart = all(moved) and 2 * sum(early) >= len(early)
    margin = 0.25 * (column.x1 - column.x0)
    return (
        *(
            (is_early and (not ragged or end < column.x1 - margin))
            or _LEADERS.search(line.text) is not None
            or ((apart or _are_rows(line, after)) and not line.text.endswith("-"))
            for is_early, end, (line, after) in zip(early, ends[:-1], pairwise(group), strict=True)
        ),
        False,
    )


def _centered(group: Sequence[Line]) -> list[bool]:
    """Whether each line is of another length than a line next to it, their middles below one another."""
    pairs = [
        abs(one.box.center_x - other.box.center_x) < 2 * CENTERED * one.size and _begin_apart(one, other)
        for one, other in pairwise(group)
    ]
    return [above or below for above, below in pairwise([False, *pairs, False])]


def _are_flush_right(lines: Sequence[Line]) -> bool:
    """Whether most lines end at one place, and begin anywhere: more of them than first lines, which are indented."""
    right = max(line.box.x1 for line in lines)
    flush = sum(right - line.box.x1 < 2 * CENTERED * line.size for line in lines)
    apart = sum(_begin_apart(*pair) for pair in pairwise(lines))
    return flush >= MOSTLY_FLUSH * len(lines) and apart >= max(FEWEST_RAGGED, len(lines) / 2)


def _begin_apart(one: Line, other: Line) -> bool:
    return abs(one.box.x0 - other.box.x0) > INDENT * one.size


def _are_rows(line: Line, after: Line) -> bool:
    """Whether one of two lines is a row, or amounts end both at one place."""
    if any(
        right.box.x0 - left.box.x1 > ROW * one.size for one in (line, after) for left, right in pairwise(one.segments)
    ):
        return True
    ends = (
        min(len(line.segments), len(after.segments)) > 1 and abs(line.box.x1 - after.box.x1) < 2 * CENTERED * line.size
    )
    return ends and all(is_quantity(one.words[-1].text) for one in (line, after))
