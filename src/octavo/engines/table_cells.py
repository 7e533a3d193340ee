"""From the tokens of a table's structure to its grid, and words into the cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from octavo.domain.block import Cell, Word
from octavo.domain.geometry import BBox, union_of

_SPACE = 0.6
"""Words of one line farther apart than this (in ems) may belong to different cells."""

_SPAN = re.compile(r'(colspan|rowspan)="(\d+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the grid, and the box where its text is expected."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    box: BBox


def slots_of(tokens: Sequence[tuple[str, BBox]]) -> list[Slot]:
    """The grid that `tokens` (HTML, cells with their boxes) describe, sorted by row, then column.

    Spans that would run into another cell or out of the table are cut, so that slots never overlap.
    """
    taken: set[tuple[int, int]] = set()
    slots: list[Slot] = []
    rows = list(_rows(tokens))
    for number, row in enumerate(rows):
        for asked in row:
            column = next(column for column in range(len(taken) + 1) if (number, column) not in taken)
            slot = replace(asked, column=column, row_span=min(asked.row_span, len(rows) - number))
            slot = replace(slot, column_span=_free_columns(slot, taken))
            taken.update(_places(slot))
            slots.append(slot)
    return sorted(slots, key=lambda slot: (slot.row, slot.column))


def _rows(tokens: Sequence[tuple[str, BBox]]) -> Iterator[list[Slot]]:
    """The cells of each row that has some, with the spans they ask for; their columns are not known yet."""
    row: list[Slot] = []
    number, header = 0, False
    for text, box in tokens:
        if text in ("<thead>", "</thead>"):
            header = text == "<thead>"
        elif text in ("<td></td>", "<td"):
            row.append(Slot(row=number, column=0, header=header, box=box))
        elif row and (span := _SPAN.search(text)):
            many = max(1, int(span[2]))
            wide = span[1] == "colspan"
            row[-1] = replace(row[-1], column_span=many) if wide else replace(row[-1], row_span=many)
        elif text == "</tr>" and row:
            yield row
            row, number = [], number + 1
    if row:
        yield row


def _free_columns(slot: Slot, taken: set[tuple[int, int]]) -> int:
    return next(
        (span for span in range(1, slot.column_span) if (slot.row, slot.column + span) in taken), slot.column_span
    )


def _places(slot: Slot) -> Iterator[tuple[int, int]]:
    for row in range(slot.row, slot.row + slot.row_span):
        for column in range(slot.column, slot.column + slot.column_span):
            yield row, column


def filled(slots: Sequence[Slot], words: Sequence[Word]) -> tuple[Cell, ...]:
    """The cells with their words: each word goes where it overlaps most, else to the nearest cell.

    Words that follow one another closely go to one row, that of most of them: boxes of rows are often askew.
    """
    homes: list[list[Word]] = [[] for _ in slots]
    for chunk in _chunks(words):
        whole = union_of(word.box for word in chunk)
        row = min(slots, key=lambda slot: _distance(whole, slot.box)).row
        level = [number for number, slot in enumerate(slots) if slot.row <= row < slot.row + slot.row_span]
        for word in chunk:
            homes[min(level, key=lambda number: _distance(word.box, slots[number].box))].append(word)
    return tuple(_cell(slot, home) for slot, home in zip(slots, homes, strict=True))


def _chunks(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words of one source line with no more than a space between them; words that know no line stand alone."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.line < 0:
            yield [word]
        else:
            lines.setdefault(word.line, []).append(word)
    for line in lines.values():
        chunk: list[Word] = []
        for word in sorted(line, key=lambda word: word.box.x0):
            if chunk and word.box.x0 - chunk[-1].box.x1 > _SPACE * word.font.size:
                yield chunk
                chunk = []
            chunk.append(word)
        yield chunk


def _distance(word: BBox, cell: BBox) -> float:
    """Negative share of the word inside the cell; without any, the gap, where a gap between lines weighs double."""
    across, down = word.x_overlap(cell), word.y_overlap(cell)
    if across > 0 and down > 0:
        return -across * down / max(word.area, 1e-9)
    return math.hypot(max(0.0, -across), 2.0 * max(0.0, -down))


def _cell(slot: Slot, words: Sequence[Word]) -> Cell:
    ordered = _reading_order(words)
    return Cell(
        row=slot.row,
        column=slot.column,
        row_span=slot.row_span,
        column_span=slot.column_span,
        header=slot.header,
        text=_text(ordered),
        words=tuple(ordered),
    )


def _reading_order(words: Sequence[Word]) -> list[Word]:
    """Lines from top to bottom, in each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.center_y):
        if lines and lines[-1][0].box.y_overlap(word.box) > 0.5 * min(lines[-1][0].box.height, word.box.height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda word: word.box.x0)]


def _text(words: Sequence[Word]) -> str:
    text = ""
    for before, word in zip([None, *words], words, strict=False):
        joined = before is not None and not word.space_before and before.line == word.line >= 0
        text += word.text if before is None or joined else f" {word.text}"
    return text
