"""Which paragraphs are headings, by their setting: larger, bolder or numbered, and short."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from octavo.domain.block import Font, Word
from octavo.structure.blocks.paragraphs import Paragraph
from octavo.structure.text.lines import dominant_font

LARGER = 1.13
"""A heading without bold type is at least so much larger than the body."""
LEGIBLE = 0.6
"""What names something was read with such confidence at least; signatures and stamps, which are large, hardly are."""
LONGEST = 160
"""Headings have at most so many characters (display type, a good deal larger than the body, has more),"""
DISPLAY = 1.4
"""Type so much larger than the body is display type."""
ABOVE_ENTRIES = 1.25
"""Type so much larger than the body sets no entries of contents: what ends with a number there names a year."""
LEAD_IN = 5
"""So many words and a colon lead to something; fewer may name it."""
MOST_LINES = 4
"""and so many lines."""
ACROSS = 6.0
"""Parts of one line with so many ems between them are a running head or a row, not a heading;"""
PARTS = 3
"""and so are so many parts, however near."""

_LETTERS = re.compile(r"[^\W\d_]{2}")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-Z]\.|[IVXLC]{1,5}\.|§\s?\d+|第.{1,4}[章節节条])\s+\S")
_SENTENCE = re.compile(r"[,;、，；-]$|[^\W\d_]{3}\.\s+\S.*[.]$|。")
_ENTRY = re.compile(r"(?:\.{3,}|\s)\s*(?:\d{1,4}|[ivxl]{1,6})$")
_LEADERS = re.compile(r"\.{3,}\s*\S*$")
_CHAPTER = re.compile(r"^\D{0,12}\d{1,4}$")
_LETTERED = re.compile(r"^\(?[a-z][.)]\s")
_VALUED = re.compile(
    r":\s*(?:[^\W\d_]{1,3}\.?|[$€£¥₹])?\s*"
    r"(?:[-+\u2212]?\d[\d.,' ]*[.,]\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"
    r"(?!\d{4}(?:[-\u2013/]\d{2,4})?$)[A-Z]{0,4}[-/]?\d{3,}[A-Z\d/-]*)$"
)
"""A label and its value: an amount, a number, a date."""
_REST = re.compile(r"^[a-zà-ÿ].*[.”\"]$|^[“„«‘\"].*[.!?…]\s?[”“»’\"]$")
"""The rest of a sentence; or what somebody said, drawn out of the text."""


@dataclass(frozen=True, slots=True)
class Body:
    """How running text of a page is set."""

    font: Font

    @property
    def size(self) -> float:
        """Em height in pixels."""
        return self.font.size


def body_of(words: Sequence[Word]) -> Body | None:
    """What most characters of the page are set in; sizes within 3 % count as one."""
    if not words:
        return None
    weight: dict[int, int] = {}
    for word in words:
        bucket = _bucket(word.font.size)
        weight[bucket] = weight.get(bucket, 0) + len(word.text)
    total = {bucket: count + sum(weight.get(bucket + step, 0) for step in (-1, 1)) for bucket, count in weight.items()}
    best = max(total, key=lambda bucket: (total[bucket], -bucket))
    return Body(dominant_font([word for word in words if abs(_bucket(word.font.size) - best) <= 1]))


@lru_cache(maxsize=4096)
def _bucket(size: float) -> int:
    """Sizes by steps of 2 %, so that neighbouring steps are within 3 % of one another."""
    return round(50 * math.log(max(size, 0.1)))


def is_heading(paragraph: Paragraph, text: str, body: Body, gap_above: float) -> bool:
    """Whether a paragraph names what follows. `gap_above` is the free space over it in ems of the body."""
    words = [word for line in paragraph.lines for word in line.words]
    font = dominant_font(words)
    ratio = font.size / body.size if body.size else 1.0
    longest = LONGEST if ratio < DISPLAY else 2 * LONGEST
    if len(text) > longest or len(paragraph.lines) > MOST_LINES or not _LETTERS.search(text):
        return False
    lettered = ratio < LARGER and bool(_LETTERED.match(text))
    if lettered or _is_row(paragraph, body.size) or names_value(text) or _is_rest(text):
        return False
    if font.mono or _SENTENCE.search(text) or (_LEADERS.search(text) if ratio >= ABOVE_ENTRIES else is_entry(text)):
        return False
    if ratio < ABOVE_ENTRIES and _leads_in(text) and not _bold_share(words) > 0.95:
        return False
    if ratio >= LARGER:
        return len(paragraph.lines) <= 2 or ratio >= 1.25
    return ratio >= 0.92 and len(paragraph.lines) <= 2 and _stands_out(paragraph, font, text, body, gap_above)


def _is_rest(text: str) -> bool:
    """Whether it is the rest of a sentence, or a bracket that is never closed: a note beside something."""
    return bool(_REST.search(text)) or text.count("(") > text.count(")")


def names_value(text: str) -> bool:
    """Whether it ends with the value of what it names: `Total: 9.20`."""
    return bool(_VALUED.search(text))


def _leads_in(text: str) -> bool:
    """Whether it reads like a sentence that a table or a list ends: `The following table shows the rates:`."""
    return text.endswith((":", "：")) and len(text.split()) >= LEAD_IN


def _is_row(paragraph: Paragraph, em: float) -> bool:
    """Whether a line has parts at the left and at the right of its column, nothing between them; or several parts."""
    apart = [[right.box.x0 - left.box.x1 for left, right in pairwise(line.segments)] for line in paragraph.lines]
    return any(len(gaps) + 1 >= PARTS or any(gap > ACROSS * em for gap in gaps) for gaps in apart)


def _stands_out(paragraph: Paragraph, font: Font, text: str, body: Body, gap_above: float) -> bool:
    """Whether type as large as the body heads something all the same: by weight, or by number and face."""
    numbered, words = is_numbered(text), [word for line in paragraph.lines for word in line.words]
    if _bold_share(words) > 0.95 and not body.font.bold:
        return not text.endswith((":", ".")) or numbered or gap_above > 0.4
    if not numbered or gap_above <= 0.4:
        return False
    if not font.name:  # Read from pixels: no face and no weight to go by.
        return len(text) < 80 and len(paragraph.lines) == 1
    return len(text) < 100 and ((font.name != body.font.name and font.italic != body.font.italic) or is_capitals(text))


def _bold_share(words: Sequence[Word]) -> float:
    total = sum(len(word.text) for word in words)
    return sum(len(word.text) for word in words if word.font.bold) / total if total else 0.0


def is_numbered(text: str) -> bool:
    """Whether it begins with a number, as headings do."""
    return bool(_NUMBERED.match(text))


def is_entry(text: str) -> bool:
    """Whether a line reads like an entry of a table of contents: a name, then a page."""
    return bool(_ENTRY.search(text)) and not _CHAPTER.match(text)


def is_capitals(text: str) -> bool:
    """Whether it is set in capitals alone."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and all(letter.isupper() for letter in letters)


def levels_of(fonts: Sequence[tuple[Font, str]]) -> list[int]:
    """Levels 1 to 6 of headings, given as (font, text) in the order of the document.

    Larger type ranks higher, at equal size bold over regular; sizes within 4 % are one. A numbered heading
    never ranks above a heading whose number it continues (2.1 stands below 2).
    """
    styles: list[tuple[float, bool]] = []
    for font, _ in sorted(fonts, key=lambda each: (-each[0].size, not each[0].bold)):
        if not any(_is_style(font, style) for style in styles):
            styles.append((font.size, font.bold))
    levels = [
        min(6, 1 + next(place for place, style in enumerate(styles) if _is_style(font, style))) for font, _ in fonts
    ]
    return _below_parents(levels, [text for _, text in fonts])


def _is_style(font: Font, style: tuple[float, bool]) -> bool:
    return abs(font.size - style[0]) <= 0.04 * style[0] and font.bold == style[1]


def _below_parents(levels: list[int], texts: Sequence[str]) -> list[int]:
    known: dict[str, int] = {}
    for place, text in enumerate(texts):
        number = _OUTLINE.match(text)
        if not number:
            continue
        parent = known.get(number[1].rpartition(".")[0])
        if parent is not None and levels[place] <= parent:
            levels[place] = min(6, parent + 1)
        known[number[1]] = levels[place]
    return levels


_OUTLINE = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s")
