"""Running text, which is no table however its lines line up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from octavo.structure.tables.ink import Chunk, Flags, Ink, TextLine, chunk_text, is_numeric
from octavo.structure.text.lines import words_in

RUN_GAP = 1.1
"""Words of justified text stand up to this far (in ems) apart."""
NARROWEST = 9.0
"""Lines of running text are at least this long (in ems)."""
FEWEST_WORDS = 4
"""And have at least so many words."""
LEADING = 2.0
"""Lines of one paragraph are at most this far apart (in ems)."""


StackLine: TypeAlias = tuple[TextLine, Chunk]
Stack: TypeAlias = Sequence[StackLine]
"""Chunks one below the other, each with its line."""


def terse_lines(ink: Ink, lines: Iterable[TextLine], prose: Flags | None = None) -> list[TextLine]:
    """`lines` without running text: without words in stacks of at least three long lines, one below the other.

    `prose` are the words of running text, where they are known.
    """
    chosen = list(lines)
    prose = prose_words(ink, chosen) if prose is None else prose
    terse = [
        TextLine(tuple(chunk for chunk in line.chunks if not prose[chunk.places[0]]), line.y0, line.y1)
        for line in chosen
    ]
    return [line for line in terse if line.chunks]


def prose_runs(ink: Ink, lines: Sequence[TextLine], prose: Flags) -> Iterable[StackLine]:
    """Lines of running text, whose words are `prose`: each with the line of the page that it stands on."""
    for line in lines:
        yield from ((line, run) for run in _runs(line, ink) if prose[run.places[0]])


def prose_words(ink: Ink, lines: Iterable[TextLine]) -> Flags:
    """Which words are running text."""
    found = np.zeros(len(ink.words), dtype=bool)
    stacks: list[list[StackLine]] = []
    for line in lines:
        stacks = [stack for stack in stacks if _mark(stack, line.center, ink, found)]
        for chunk in _runs(line, ink):
            home = next((stack for stack in stacks if _continues(stack, line, chunk)), None)
            if home is not None:
                home.append((line, chunk))
            elif _is_long(chunk, ink):
                stacks.append([(line, chunk)])
    for stack in stacks:
        _mark(stack, float("inf"), ink, found)
    return found


def _runs(line: TextLine, ink: Ink) -> Iterable[Chunk]:
    """The chunks of a line, joined over gaps that justified text may have."""
    run = line.chunks[0]
    for chunk in line.chunks[1:]:
        if chunk.x0 - run.x1 <= RUN_GAP * ink.size[chunk.places[0]]:
            run = Chunk(run.places + chunk.places, run.x0, max(run.x1, chunk.x1))
        else:
            yield run
            run = chunk
    yield run


def _is_long(chunk: Chunk, ink: Ink) -> bool:
    if chunk.width < NARROWEST * ink.em:
        return False
    return words_in(ink.words[place] for place in chunk.places) >= FEWEST_WORDS


def _continues(stack: Stack, line: TextLine, chunk: Chunk) -> bool:
    """Whether `chunk` is the next line of a paragraph: below a full line, at the usual distance, within its width."""
    last, above = stack[-1]
    step = line.center - last.center
    usual = stack[1][0].center - stack[0][0].center if len(stack) > 1 else step
    widest = max(each.width for _, each in stack[-3:])
    if line is last or step > 1.3 * usual or above.width < 0.6 * widest:
        return False
    shared = min(chunk.x1, above.x1) - max(chunk.x0, above.x0)
    indented = abs(chunk.x0 - above.x0) < 0.25 * widest
    return shared > 0.8 * min(chunk.width, above.width) and indented and chunk.width < 1.3 * widest


def _mark(stack: Stack, y: float, ink: Ink, found: Flags) -> bool:
    """Whether a stack may go on at height `y`; one that ends is marked when it is running text."""
    if y - stack[-1][0].center <= LEADING * ink.em:
        return True
    long = [chunk for _, chunk in stack if _is_long(chunk, ink)]
    if len(long) >= 3 and len(long) >= 0.6 * len(stack) and _reads_on(stack, ink) and not _names_rows(stack, ink):
        for _, chunk in stack:
            found[list(chunk.places)] = True
    return False


def _reads_on(stack: Stack, ink: Ink) -> bool:
    """Whether lines go on in the middle of sentences: in lower case, in scripts that have it."""
    starts = [_first_letter(ink.words[place].text for place in chunk.places) for _, chunk in stack[1:]]
    cased = [start for start in starts if start.lower() != start.upper()]
    return len(cased) < 2 or sum(start.islower() for start in cased) >= 0.3 * len(cased)


def _first_letter(texts: Iterable[str]) -> str:
    """The first letter of a line, whatever marks stand before it; nothing where there is none."""
    return next((letter for text in texts for letter in text if letter.isalpha()), "")


def _names_rows(stack: Stack, ink: Ink) -> bool:
    """Whether numbers stand in several columns beside most lines: these are the names of what is counted."""
    beside = sum(
        sum(_is_number(other, ink) for other in line.chunks if other.x0 > chunk.x1) > 1 for line, chunk in stack
    )
    return beside >= 0.5 * len(stack)


def _is_number(chunk: Chunk, ink: Ink) -> bool:
    return len(chunk.places) < 3 and is_numeric(chunk_text(ink, chunk.places))
