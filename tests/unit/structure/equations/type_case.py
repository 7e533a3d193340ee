"""A small type case: sets formulas glyph by glyph, as TeX places them on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from octavo.domain.block import Font, Word
from octavo.domain.geometry import BBox

EM = 28.0
DESCENDING = frozenset("gjpqy(){}[],;")
SMALL = frozenset("acemnorsuvwxzαγπσ")


def glyph(
    text: str,
    x: float,
    baseline: float,
    *,
    font: str = "CMR10",
    size: float = EM,
    width: float = 0.5,
    up: float | None = None,
    down: float | None = None,
    spaced: bool = False,
) -> Word:
    """One glyph (or unbroken letters); `width` a letter, `up` and `down` from the baseline, in ems."""
    up = up if up is not None else 0.45 if set(text) <= SMALL else 0.7
    down = down if down is not None else 0.22 if set(text) & DESCENDING else 0.0
    box = BBox(x, baseline - up * size, x + width * size * len(text) - 0.05 * size, baseline + down * size)
    return Word(text=text, box=box, font=Font(size=size, name=font), baseline=baseline, space_before=spaced)


@dataclass
class Line:
    """A line that is set from left to right; every method moves on."""

    x: float = 100.0
    baseline: float = 200.0
    number: int = 0
    glyphs: list[Word] = field(default_factory=list)

    def put(self, text: str, font: str = "CMR10", *, raised: float = 0.0, size: float = EM, **shape: float) -> Line:
        word = glyph(text, self.x, self.baseline - raised * EM, font=font, size=size, **shape)
        self.glyphs.append(word)
        self.x = word.box.x1 + 0.05 * size
        return self

    def italic(self, text: str) -> Line:
        return self.put(text, "CMMI10")

    def sign(self, text: str, font: str = "CMSY10") -> Line:
        self.x += 0.28 * EM
        self.put(text, font, width=0.7, up=0.5, down=0.0)
        self.x += 0.28 * EM
        return self

    def high(self, text: str, font: str = "CMR7") -> Line:
        return self.put(text, font, raised=0.36, size=0.7 * EM)

    def low(self, text: str, font: str = "CMR7") -> Line:
        return self.put(text, font, raised=-0.18, size=0.7 * EM)

    def space(self, ems: float = 0.33) -> Line:
        self.x += ems * EM
        return self

    def prose(self, text: str) -> Line:
        for place, word in enumerate(text.split()):
            if place:
                self.space()
            self.put(word)
        return self


def words_of(*lines: Line) -> list[Word]:
    """The lines as the page's words: glyphs of one font that touch are one word; boxes from ascender to descender."""
    words: list[Word] = []
    for number, line in enumerate(lines):
        run: list[Word] = []
        for each in [*line.glyphs, None]:
            fits = run and each is not None and _touches(run[-1], each)
            if run and not fits:
                words.append(_word(run, number, words))
                run = []
            if each is not None:
                run.append(each)
    return words


def _touches(before: Word, after: Word) -> bool:
    near = after.box.x0 - before.box.x1 < 0.2 * EM
    return near and before.font == after.font and before.baseline == after.baseline


def _word(run: list[Word], line: int, before: list[Word]) -> Word:
    first, last = run[0], run[-1]
    assert first.baseline is not None
    size = first.font.size
    return Word(
        text="".join(each.text for each in run),
        box=BBox(first.box.x0, first.baseline - 0.75 * size, last.box.x1, first.baseline + 0.25 * size),
        font=first.font,
        baseline=first.baseline,
        line=line,
        space_before=not before or first.box.x0 - before[-1].box.x1 > 0.2 * EM,
    )
