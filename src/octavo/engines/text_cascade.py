"""Reads one line of text at the price that it is worth: quickly, and with care what was unsure of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from octavo.domain.document import Image
from octavo.engines.text_doubts import DOUBT, Part, Stretch, doubtful_stretches
from octavo.engines.text_recognition import Glyph, TextRecognizer, moved
from octavo.engines.text_words import Ink

QUICK, CAREFUL = "text_recognition_quick.onnx", "text_recognition.onnx"
"""The weights of both networks."""
_MENDED = 0.985
"""Probability that a character stands on the paper as it was mended."""

Read = Callable[[Image], tuple[Glyph, ...]]


class TextCascade:
    """Characters of one line: from PP-OCRv6 tiny, and words that it is in doubt of from PP-OCRv6 small."""

    def __init__(self) -> None:
        """Opens the weights of both."""
        self._quick = TextRecognizer(QUICK)
        self._careful = TextRecognizer(CAREFUL)

    def read(self, crop: Image, ink: Ink | None = None) -> tuple[Glyph, ...]:
        """The characters on `crop` (RGB, one level line), left to right; depends on nothing but `crop`.

        Args:
            crop: of the line.
            ink: of the crop, where it is known already.
        """
        return read_with_care(self.glance(crop), crop, self._careful.read, ink)

    def read_mended(self, crop: Image) -> tuple[Glyph, ...]:
        """The characters on `crop`, whose strokes were mended: a little less sure than the careful network says."""
        return tuple(replace(glyph, confidence=_MENDED * glyph.confidence) for glyph in self._careful.read(crop))

    def glance(self, crop: Image) -> tuple[Glyph, ...]:
        """The characters on `crop` as the quick network sees them."""
        return self._quick.read(crop)


def read_with_care(
    glyphs: tuple[Glyph, ...], crop: Image, read: Read, ink: Ink | None = None, doubt: float = DOUBT
) -> tuple[Glyph, ...]:
    """A line that was read quickly, with words in doubt as they are read with care.

    Args:
        glyphs: as it was read quickly.
        crop: the line.
        read: reads a piece of it with care.
        ink: of the crop, where it is known already.
        doubt: from which words are read again.
    """
    stretches = doubtful_stretches(glyphs, crop, ink, doubt)
    for stretch in reversed(stretches):  # so that what lies before keeps its place
        seen = read(crop[:, stretch.start : stretch.end])
        glyphs = _with_stretch(glyphs, stretch, seen, int(crop.shape[1]))
    return glyphs


def _with_stretch(glyphs: tuple[Glyph, ...], stretch: Stretch, seen: Sequence[Glyph], width: int) -> tuple[Glyph, ...]:
    if (stretch.start, stretch.end) == (0, width):
        return tuple(seen)
    placed = [moved(glyph, stretch.start / width, (stretch.end - stretch.start) / width) for glyph in seen]
    part = stretch.part
    new = _in_part(placed, part, width) or glyphs[part.first : part.last]
    return (*glyphs[: part.first], *new, *glyphs[part.last :])


def _in_part(glyphs: Sequence[Glyph], part: Part, width: int) -> list[Glyph]:
    """The characters of some words, without the spaces around them."""
    inside = [glyph for glyph in glyphs if part.start <= width * (glyph.start + glyph.end) / 2 < part.end]
    while inside and inside[0].text.isspace():
        del inside[0]
    while inside and inside[-1].text.isspace():
        del inside[-1]
    return [replace(inside[0], spaced=0.0), *inside[1:]] if inside else []
