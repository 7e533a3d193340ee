"""Words that are in a text layer, but that nobody can see on the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from octavo.domain.block import INVISIBLE, Word
from octavo.domain.document import Image, Sketch
from octavo.domain.geometry import BBox, Size
from octavo.structure.sketch.boxes import Part, Spans, part_in, spans_of

FAINTEST = 8
"""Text is seen where it changes a pixel by more than this, of 255."""
EDGE = 0.2
"""This share of a word's lower side is left out all around it, where its neighbours may reach in."""
SMALLEST = 2.0
"""Type of fewer points cannot be read,"""
SMALLEST_SHARE = 0.0024
"""unless the page is small: it has to be less than this share of its longer side as well."""
_BUILT_IN = "cp1252"
"""Characters that every PDF program can draw without the font."""


def hidden_words(words: Sequence[Word], sketch: Sketch) -> frozenset[int]:
    """Places of words that leave no ink of their own: drawn invisibly, in the colour of the ground, under something.

    Words that hold no letter or digit share the lot of their line. Nothing is said of words in fonts that are missing
    here, nor of those in fonts that the page does not draw, as of fields that hold what they do not show.
    """
    inked = has_ink([word.box for word in words], sketch)
    invisible = {place for place, word in enumerate(words) if word.font.color == INVISIBLE}
    dark = {place for place, word in enumerate(words) if not inked[place] and _is_drawable(word, sketch)}
    lines: dict[int, list[int]] = {}
    for place in dark:
        lines.setdefault(words[place].line, [])
    for place, word in enumerate(words):
        if word.line in lines and _is_telling(word):
            lines[word.line].append(place)
    gone = {line for line, telling in lines.items() if telling and dark.issuperset(telling)}
    return frozenset(invisible | {each for each in dark if _is_telling(words[each]) or words[each].line in gone})


def tiny_words(words: Sequence[Word], size: Size, dpi: int) -> frozenset[int]:
    """Places of words in type so small that it looks like dust."""
    least = min(SMALLEST * dpi / 72, SMALLEST_SHARE * max(size.width, size.height))
    return frozenset(place for place, word in enumerate(words) if word.font.size < least)


def has_ink(boxes: Sequence[BBox], sketch: Sketch) -> list[bool]:
    """Whether text is seen in each box (page pixels)."""
    if not boxes:
        return []
    changed = sketch.changed > FAINTEST
    spans = spans_of(boxes, sketch, edge=EDGE)
    seen: list[bool] = _show_outlines(changed, spans).tolist()
    for place, span in enumerate(spans.tolist()):
        seen[place] = seen[place] or _is_seen(changed, sketch.looks, part_in(span))
    return seen


def _show_outlines(changed: NDArray[np.bool_], spans: Spans) -> NDArray[np.bool_]:
    """Whether the middle row of each span shows both text and what is around it, as most do; all rows at once."""
    x0, y0, x1, y1 = spans.T
    lengths = x1 - x0
    ends = np.cumsum(lengths)
    first = ends - lengths
    along = np.arange(ends[-1]) + np.repeat((y0 + y1) // 2 * changed.shape[1] + x0 - first, lengths)
    inked = np.add.reduceat(changed.ravel()[along], first, dtype=np.intp)
    outlined: NDArray[np.bool_] = (inked > 0) & (inked < lengths)
    return outlined


def _is_seen(changed: NDArray[np.bool_], looks: Image, part: Part) -> bool:
    """Whether something changed there, and is not wholly of one colour: what is seen has an outline."""
    here = changed[part]
    count = int(np.count_nonzero(here))
    if count < here.size:
        return count > 0
    return int(looks[part].max()) - int(looks[part].min()) > FAINTEST


def _is_drawable(word: Word, sketch: Sketch) -> bool:
    """Whether the word is drawn, and would show if nothing kept it from view."""
    held = sketch.fonts().get(word.font.name)
    if held is None or held:
        return bool(held)
    try:
        word.text.encode(_BUILT_IN)
    except UnicodeEncodeError:
        return False
    return True


def _is_telling(word: Word) -> bool:
    """Whether it has a letter or digit, which leave ink at any size; a point may not."""
    return any(map(str.isalnum, word.text))
