"""Words to segments (unbroken runs of writing) and segments to lines. Upright text only; turned words are apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from octavo.domain.block import Font, Word
from octavo.domain.geometry import BBox, union_of

SPLIT_GAP = 1.1
"""A gap wider than this (in ems) between words ends a segment: gutters are wider, word spaces hardly ever."""
WIDER_GAP, FEWEST_GAPS = 2.2, 5
"""In lines with at least so many gaps it is also so many times as wide as most of them: typewriters leave two spaces
behind a sentence, and lines that are filled up have wide ones everywhere."""
JOIN_GAP = 0.9
"""Runs of one line with a gap up to this (in ems) are one segment."""
WORD_GAP = 0.13
"""A gap wider than this (in ems) between runs is a space;"""
CLOSING_GAP = 0.4
"""before closing punctuation it has to be wider."""
ACROSS = 0.6
"""Runs that overlap by more than this (in ems) are no parts of one word: each stands on a line of its own."""
FAR_LARGER, OWN_BASELINE = 2.0, 0.5
"""Type so many times as large as other type stands on another line when baselines differ by so many of the smaller ems:
a line below a large name, which reaches into its box, or lines beside a large number."""
SEEN_LARGER = 3.5
"""Of sizes that are measured from pixels, which waver, it takes so many times: a signature through printed lines."""
SEEN_FAR, BESIDE = 1.7, 3.0
"""or so many times, where they stand so many of the larger ems apart: a title beside an address, but no amount."""
FAR_FROM_LARGE = 0.7
"""So does what stands so many of the larger ems beside it: the date beside the name of a newspaper."""
SPACED_OUT = 2.0
"""Single characters of Chinese and Japanese up to so many ems apart are one word, spaced out."""
UPRIGHT = 20.0
"""Words turned by fewer degrees than this are upright."""

_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = "\u3041", "\u9fff"
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_SPACED = re.compile("[^\\W\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_CLOSING = frozenset(".,;:!?)]}»”’%")


@dataclass(frozen=True)
class Segment:
    """Words next to one another on one line, left to right; `box` surrounds them all.

    What is told of its words is asked for many times, and found out once: hence no slots.
    """

    words: tuple[Word, ...]
    box: BBox

    @cached_property
    def size(self) -> float:
        """Em height of most of its characters, in pixels."""
        return dominant_size(self.words)

    @cached_property
    def font(self) -> Font:
        """How most of its characters are set."""
        return dominant_font(self.words)

    @cached_property
    def text(self) -> str:
        """Its words, spaced as they stand."""
        return join_words(self.words)


@dataclass(frozen=True)
class Line:
    """Segments of one column at one height, left to right; as of segments, what is told of it is found out once."""

    segments: tuple[Segment, ...]
    box: BBox

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words, left to right."""
        return tuple(word for segment in self.segments for word in segment.words)

    @cached_property
    def size(self) -> float:
        """Em height of most of its characters, in pixels."""
        return dominant_size(self.words)

    @cached_property
    def font(self) -> Font:
        """How most of its characters are set."""
        return dominant_font(self.words)

    @cached_property
    def bold(self) -> float:
        """Share of its characters that are bold, 0 to 1."""
        total = sum([len(word.text) for word in self.words])
        return sum([len(word.text) for word in self.words if word.font.bold]) / total if total else 0.0

    @cached_property
    def text(self) -> str:
        """Its words, spaced as they stand."""
        return join_words(self.words)


def is_upright(word: Word) -> bool:
    """Whether the word is written from left to right."""
    return word.rotation == 0.0 or abs((word.rotation + 180.0) % 360.0 - 180.0) < UPRIGHT


def dominant_size(words: Iterable[Word]) -> float:
    """The font size that covers most characters; 0 without words."""
    weight: dict[float, int] = {}
    for word in words:
        weight[word.font.size] = weight.get(word.font.size, 0) + len(word.text)
    return max(weight, key=lambda size: weight[size]) if weight else 0.0


def dominant_font(words: Sequence[Word]) -> Font:
    """The font that covers most characters.

    Raises:
        ValueError: there are no words.
    """
    weight: dict[Font, int] = {}
    run, length = None, 0  # neighbours mostly share one object, and to look a font up takes long
    for word in words:
        if word.font is not run:
            if run is not None:
                weight[run] = weight.get(run, 0) + length
            run, length = word.font, 0
        length += len(word.text)
    if run is not None:
        weight[run] = weight.get(run, 0) + length
    return max(weight, key=lambda font: weight[font])


def words_in(words: Iterable[Word]) -> int:
    """How many words they are to a reader: a source gives whole lines of scripts without spaces as one word."""
    return sum(1 if word.text.isascii() else _words_within(word.text) for word in words)


def _words_within(text: str) -> int:
    """Two letters of a script without spaces make a word, and so do letters and digits of others between them."""
    letters = len(_UNSPACED.findall(text))
    return max(1, letters // 2 + len(_SPACED.findall(text))) if letters else 1


def is_space_between(left: Word, right: Word) -> bool:
    """Whether a space stands between two neighbours of one line; none parts spaced-out characters of East Asia."""
    if len(left.text) == 1 == len(right.text) and _is_spaced_out(left, right):
        return False
    if right.text[0] == ")" and left.text[0] == "(" and len(left.text) > 1 and ")" not in left.text:
        return False  # The brackets around one number; the second one hangs out of the column of numbers.
    if left.line == right.line and left.line >= 0:
        return right.space_before
    least = CLOSING_GAP if right.text[0] in _CLOSING else WORD_GAP
    gap, em = right.box.x0 - left.box.x1, min(left.font.size, right.font.size)
    return gap > least * em or gap < -ACROSS * em


def _is_spaced_out(left: Word, right: Word) -> bool:
    """Whether two characters of a script without spaces stand apart only to fill a measure."""
    gap = right.box.x0 - left.box.x1
    return (
        min(left.text, right.text) >= _FIRST_IDEOGRAPH
        and max(left.text, right.text) <= _LAST_IDEOGRAPH
        and (gap < SPACED_OUT * max(left.font.size, right.font.size))
    )


def join_words(words: Sequence[Word]) -> str:
    """The words as one string, with the spaces that the page shows."""
    parts: list[str] = []
    for place, word in enumerate(words):
        if place and is_space_between(words[place - 1], word):
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def segments_of(words: Iterable[Word]) -> tuple[Segment, ...]:
    """Segments of all upright words, top to bottom, then left to right."""
    runs = [run for line in _source_lines(words) for run in _split(line)]
    runs.sort(key=lambda run: (run.box.y0, run.box.x0))
    joined = _joined(runs)
    return tuple(sorted(joined, key=lambda segment: (segment.box.y0, segment.box.x0)))


def lines_of(segments: Iterable[Segment]) -> tuple[Line, ...]:
    """Segments of one column gathered into lines, top to bottom."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: each.box.center_y):
        home = next((line for line in reversed(lines[-3:]) if _same_height(line, segment)), None)
        if home is None:
            lines.append([segment])
        else:
            home.append(segment)
    made = [tuple(sorted(line, key=lambda each: each.box.x0)) for line in lines]
    return tuple(
        sorted(
            (Line(line, union_of(each.box for each in line)) for line in made),
            key=lambda line: (line.box.center_y, line.box.x0),
        )
    )


def _source_lines(words: Iterable[Word]) -> Iterable[list[Word]]:
    """Words that the source puts on one line; words that know no line stand alone."""
    lines: dict[int, list[Word]] = {}
    alone: list[list[Word]] = []
    for word in words:
        if not is_upright(word):
            continue
        if word.line < 0:
            alone.append([word])
        else:
            lines.setdefault(word.line, []).append(word)
    return [*lines.values(), *alone]


def _split(words: list[Word]) -> Iterable[Segment]:
    """One source line, cut at gaps too wide for a space."""
    ordered = sorted(words, key=lambda each: each.box.x0)
    least = _least_gap(ordered)
    run: list[Word] = []
    for word in ordered:
        if run and word.box.x0 - run[-1].box.x1 > max(SPLIT_GAP * word.font.size, least):
            yield _segment(run)
            run = []
        run.append(word)
    if run:
        yield _segment(run)


def _least_gap(ordered: Sequence[Word]) -> float:
    """What a gap must exceed to part a line, by its other gaps; 0 where these are few, or part it themselves."""
    gaps = [right.box.x0 - left.box.x1 for left, right in pairwise(ordered)]
    usual = median(gaps) if len(gaps) >= FEWEST_GAPS else 0.0
    return WIDER_GAP * usual if usual < SPLIT_GAP * dominant_size(ordered) else 0.0


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(tuple(words), union_of(word.box for word in words))


def _joined(runs: list[Segment]) -> list[Segment]:
    """Runs that continue one another on one line, made one (a change of font starts a new run in a PDF)."""
    following: dict[int, int] = {}
    taken: set[int] = set()
    for place, run in enumerate(runs):
        best = _next_run(runs, place, run)
        if best is not None and best not in taken:
            following[place] = best
            taken.add(best)
    chains: list[Segment] = []
    for place in range(len(runs)):
        if place in taken:
            continue
        chain = [place]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        chains.append(_segment([word for each in chain for word in runs[each].words]))
    return chains


def _next_run(runs: list[Segment], place: int, run: Segment) -> int | None:
    """The run that goes on right of `run`, close enough to be the same segment."""
    best, best_gap = None, JOIN_GAP
    right = run.words[-1]
    low, high = place, place
    while low > 0 and runs[low - 1].box.y0 > run.box.y0 - 2 * run.box.height:
        low -= 1
    while high + 1 < len(runs) and runs[high + 1].box.y0 < run.box.y1:
        high += 1
    for other in range(low, high + 1):
        left = runs[other].words[0]
        if other == place or left.box.x0 <= run.box.x0 or not _continues(right, left):
            continue
        em = min(right.font.size, left.font.size)  # a heading beside text has wider spaces than a gutter is
        gap = (left.box.x0 - right.box.x1) / em if em else 0.0
        if -0.5 < gap < best_gap:
            best, best_gap = other, gap
    return best


def _continues(left: Word, right: Word) -> bool:
    """Whether two words stand on one line; a script may be raised or lowered by half its line."""
    shared = left.box.y_overlap(right.box)
    smaller = min(left.box.height, right.box.height)
    if left.baseline is not None and right.baseline is not None and left.font.size == right.font.size:
        return abs(left.baseline - right.baseline) < 0.2 * left.font.size
    return shared > 0.5 * smaller


def _same_height(line: list[Segment], segment: Segment) -> bool:
    anchor = max(line, key=lambda each: each.box.width)
    shared = anchor.box.y_overlap(segment.box)
    return shared > 0.5 * min(anchor.box.height, segment.box.height) and not _is_set_apart(anchor, segment)


def _is_set_apart(one: Segment, other: Segment) -> bool:
    """Whether two segments differ so much in size that only a common baseline would make a line of them."""
    small, large = sorted((one.size, other.size))
    below, above = one.words[-1].baseline, other.words[-1].baseline
    gap = max(one.box.x0, other.box.x0) - min(one.box.x1, other.box.x1)
    right = max(one, other, key=lambda each: each.box.x0).text
    if not one.font.name and large >= SEEN_FAR * small and gap > BESIDE * large and not right[-1].isdigit():
        return True
    if large < (FAR_LARGER if one.font.name else SEEN_LARGER) * small or below is None or above is None:
        return False
    return abs(below - above) > OWN_BASELINE * small or gap > FAR_FROM_LARGE * large or gap < -ACROSS * small
