"""Reads one line of text: PP-OCRv6 with greedy CTC decoding (Graves et al. 2006), after PaddleOCR (Apache-2.0)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image
from octavo.engines.pixels import Floats, as_input, resized
from octavo.engines.sessions import open_session, outputs_of

LINE_HEIGHT = 48
"""Pixels that the network wants a line to be high."""
IDEOGRAPHS = "\u2e80"
"""From here on lie the scripts of China and Japan: thousands of characters, and no spaces, though there is a little
paper beside numbers and Latin words."""

_HALF = (0.5, 0.5, 0.5)
_BLANK = 0
_NARROWED = 0.9
"""Lines are read a little narrower than they are: as well (.80 word F1 on 24 scans and photos), a tenth faster."""
_RUNG = 16
"""Lines are padded to the next multiple of this."""
_LEAST_WIDTH = 64
_SURE = 0.98
"""Characters that are less probable may be others,"""
_LEAST = 0.02
"""which have at least so much of their probability."""
_MOST_OTHERS = 3
"""and the likeliest of them are told."""
_LONGEST = 80
"""Lines longer than so many times their height are read in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """One character of a line.

    Attributes:
        text: the character; may be a space.
        start, end: where the network saw it, as fractions of the crop's width (an inner part, not its edges).
        confidence: probability, 0 to 1.
        spaced: probability of a space before it where the network chose none; 0 beside spaces.
        others: letters that it may be instead, and how probable they are beside it, likeliest first; only where the
            network is in doubt.
    """

    text: str
    start: float
    end: float
    confidence: float
    spaced: float = 0.0
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a network says of each step along a line: its best class, how probable it is, a space, and all classes."""

    best: NDArray[np.intp]
    sure: Floats
    spaces: Floats
    scores: Floats


class TextRecognizer:
    """Characters of one line, with their places."""

    def __init__(self, file: str) -> None:
        """Opens the weights in `file`; the characters are listed in them."""
        self._session = open_session(file)
        listed = self._session.get_modelmeta().custom_metadata_map
        letters = ["", *listed["character"].split("\n"), " "]
        self._letters = len(letters)
        self._characters = [*letters, *listed.get("ideographs", "").split("\n")]

    def read(self, crop: Image) -> tuple[Glyph, ...]:
        """The characters on `crop` (RGB, one level line), left to right.

        Each line is read alone at its own width, so that what it says never depends on its neighbours. Endless lines
        are read in two parts, which bounds memory.
        """
        if crop.shape[1] > _LONGEST * crop.shape[0]:
            return self._read_parts(crop)
        width = max(1, math.ceil(_NARROWED * LINE_HEIGHT * crop.shape[1] / crop.shape[0]))
        line = as_input(resized(crop, width, LINE_HEIGHT), _HALF, _HALF, bgr=True)
        padded = np.zeros((1, 3, LINE_HEIGHT, max(_LEAST_WIDTH, -(-width // _RUNG) * _RUNG)), dtype=np.float32)
        padded[:, :, :, :width] = line
        return self._decode(self._seen(padded), padded.shape[3] / width)

    def _seen(self, padded: Floats) -> Steps:
        """What the network says of each step along the line.

        It knows all ideographs as one character, the last before the space. Which one it is stands in a second output,
        if there is one: 17 000 values a step, which nobody looks at where there are letters.
        """
        outputs = outputs_of(self._session, padded)
        scores = outputs[0]()[0]
        best: NDArray[np.intp] = scores.argmax(axis=1)
        sure: Floats = scores.max(axis=1)
        rows = np.flatnonzero(best == self._letters - 2) if len(outputs) > 1 else ()
        if len(rows):
            sums = outputs[1]()[0][rows]
            best[rows] = self._letters + sums.argmax(axis=1)
            # So far, the likeliest ideograph was held against letters alone.
            others = np.exp(sums - sums.max(axis=1, keepdims=True)).sum(axis=1) - 1.0
            sure[rows] = 1.0 / (1.0 / sure[rows] + others)
        return Steps(best=best, sure=sure, spaces=scores[:, -1], scores=scores)

    def _read_parts(self, crop: Image) -> tuple[Glyph, ...]:
        place = _widest_blank(crop)
        share = place / crop.shape[1]
        left = [moved(glyph, 0.0, share) for glyph in self.read(crop[:, :place])]
        right = [moved(glyph, share, 1.0 - share) for glyph in self.read(crop[:, place:])]
        return (*left, Glyph(text=" ", start=share, end=share, confidence=1.0), *right)

    def _decode(self, seen: Steps, padding: float) -> tuple[Glyph, ...]:
        best = seen.best
        edges = np.flatnonzero(np.diff(best)) + 1
        starts = np.concatenate(([0], edges))
        step = padding / len(best)
        ends = np.append(edges, len(best))
        places = np.minimum(1.0, np.append(starts, len(best)) * step).tolist()
        spaces = np.maximum.reduceat(seen.spaces, starts).tolist()
        sure = np.maximum.reduceat(seen.sure, starts).tolist()
        glyphs: list[Glyph] = []
        blank, apart = 0.0, True
        for run, number in enumerate(best[starts].tolist()):
            if number == _BLANK:
                blank = spaces[run]
                continue
            text = self._characters[number]
            is_space = text.isspace()
            glyphs.append(
                Glyph(
                    text=text,
                    start=places[run],
                    end=places[run + 1],
                    confidence=sure[run],
                    spaced=0.0 if apart or is_space else blank,
                    others=self._others(seen.scores[starts[run] : ends[run]], number) if sure[run] < _SURE else (),
                )
            )
            blank, apart = 0.0, is_space
        return tuple(glyphs)

    def _others(self, scores: Floats, best: int) -> tuple[tuple[str, float], ...]:
        """Letters that a network chose none of, though they are not much less probable than `best`."""
        highest = scores.max(axis=0)
        if best >= len(highest):
            return ()
        least = _LEAST * highest[best]
        likely = [each for each in np.flatnonzero(highest >= least).tolist() if each != best]
        letters = [(self._characters[each], float(highest[each] / highest[best])) for each in likely]
        return tuple(sorted((pair for pair in letters if pair[0].isalpha()), key=lambda pair: -pair[1])[:_MOST_OTHERS])


def moved(glyph: Glyph, offset: float, share: float) -> Glyph:
    """A character of a piece of a line, as one of the line: the piece begins at `offset`, `share` of it wide."""
    return replace(glyph, start=offset + share * glyph.start, end=offset + share * glyph.end)


def _widest_blank(crop: Image) -> int:
    """The middle of the widest blank stretch in the middle third; the emptiest column where there is none."""
    third = int(crop.shape[1]) // 3
    middle = crop[:, third : 2 * third].mean(axis=2)
    contrast = middle.max(axis=0) - middle.min(axis=0)
    inked = np.concatenate(([0], np.flatnonzero(contrast > 0.2 * contrast.max()), [third]))
    widths = np.diff(inked)
    widest = int(widths.argmax())
    return third + (int(inked[widest]) + int(widths[widest]) // 2 if widths[widest] > 1 else int(contrast.argmin()))
