"""Lines to inline Markdown: spaces, hyphens at line ends, characters that Markdown would take for marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from statistics import median

from octavo.domain.block import Cell, Word
from octavo.structure.equations import goes_on, merged, pieces_of
from octavo.structure.tables.leaders import without_leaders
from octavo.structure.text.escaping import FORMULA, escape
from octavo.structure.text.hyphens import rejoined
from octavo.structure.text.lines import Line, is_space_between, join_words
from octavo.structure.text.unspaced import runs_on

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?!\w)")
_LEADERS = re.compile(r" *(?:\.[ \u00a0]){4,}\.?")
"""Points set apart, from a name to its page."""


def lines_text(lines: Iterable[Sequence[Word]]) -> str:
    """The words of each line as Markdown, one line below the other; formulas as they are, everything else escaped."""
    formulas: list[str] = []
    return escape("\n".join([_plain(line, formulas) for line in lines]), formulas)


def inline_text(lines: Sequence[Line], breaks: Sequence[bool]) -> str:
    """The lines as one paragraph of Markdown; a line break stays where `breaks` says that the writer made it."""
    formulas: list[list[str]] = [[] for _ in lines]
    parts = [_plain(line.words, own) for line, own in zip(lines, formulas, strict=True)]
    out = parts[0] if parts else ""
    for place, (before, after) in enumerate(pairwise(parts)):
        if breaks[place]:
            out += "\n" + after
            continue
        rest = _carried_on(before, after, formulas[place], formulas[place + 1])
        out = _joined(out, before, after) if rest is None else out + rest
    if ". . . . " in out:
        out = _LEADERS.sub(lambda leaders: f" {'.' * leaders[0].count('.')} ", out).rstrip()
    return escape(out.replace("\u00ad", ""), list(chain.from_iterable(formulas)))


def cell_text(cell: Cell) -> str:
    """The text of a table's cell, as it stands on the page, as Markdown; leaders are left out, breaks are `<br>`."""
    text = without_leaders(cell.text)
    formulas = [word.text for word in cell.words if word.math and word.text in cell.text]
    for formula in formulas:
        text = text.replace(formula, FORMULA, 1)
    return escape(text, formulas).replace("\n", "<br>")


def plain_text(lines: Sequence[Line]) -> str:
    """The lines as they stand, one a line, nothing escaped, indents and gaps as so many spaces: for code."""
    advance = advance_of([word for line in lines for word in line.words])
    left = min(line.box.x0 for line in lines)
    return "\n".join(" " * round((line.box.x0 - left) / advance) + _spaced(line.words, advance) for line in lines)


def advance_of(words: Sequence[Word]) -> float:
    """How wide a character is, in pixels, where all are equally wide."""
    return max(1.0, median(word.box.width / len(word.text) for word in words))


def _spaced(words: Sequence[Word], advance: float) -> str:
    text = words[0].text
    for left, right in pairwise(words):
        gap = round((right.box.x0 - left.box.x1) / advance)
        text += " " * max(1, gap) * is_space_between(left, right) + right.text
    return text


def _plain(words: Sequence[Word], formulas: list[str]) -> str:
    """The words of one line, a place held for each formula; the formulas are added to `formulas`."""
    if not any(word.math for word in words):
        return join_words(words)
    pieces = pieces_of(words)
    formulas += [piece.text for piece in pieces if piece.is_math]
    return "".join(FORMULA if piece.is_math else piece.text for piece in pieces)


def _carried_on(before: str, after: str, formulas: list[str], others: list[str]) -> str | None:
    """What is left of a line whose beginning goes on with the formula that ends the line before; None if none does."""
    if not before.endswith(FORMULA) or not goes_on(formulas[-1]):
        return None
    if after.startswith(FORMULA):
        others[0] = merged([formulas.pop(), others[0]])
        return after.removeprefix(FORMULA)
    number = _NUMBER.match(after)
    if number is None:
        return None
    formulas[-1] = merged([formulas[-1], f"${number[0]}$"])
    return after[number.end() :]


def _joined(out: str, before: str, after: str) -> str:
    whole = rejoined(before, after)
    if whole is not None:
        return out.removesuffix(before) + whole
    if runs_on(before, after):
        return out + after
    return out + " " + after
