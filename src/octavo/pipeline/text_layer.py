"""When a PDF's text layer is believed: where the ink agrees with it. What differs from the plain case is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from octavo.domain.block import INVISIBLE, Word
from octavo.domain.document import Image, Page, Sketch
from octavo.domain.geometry import BBox, union_of
from octavo.domain.result import Recognition
from octavo.domain.work import TextLayer
from octavo.pipeline.sampling import Sample, compared
from octavo.structure.figures.drawings import lines_of_shapes
from octavo.structure.figures.drawn_writing import is_one_line
from octavo.structure.sketch.hidden import hidden_words, tiny_words
from octavo.structure.sketch.writing import Shapes, Writing, find_writing, has_more, is_paper, written_area
from octavo.structure.text.plausibility import UNREADABLE, bare_lines, is_curved, is_odd, meaningless

SCAN = 0.65
"""Raster images that cover more of the page than this make the page a scan, unless text is drawn over it."""
FEW = 200
"""A scan with fewer characters on it than this has stamps and page numbers, not its text."""
FILLED = 0.5
"""Share of an area full of text that its words cover."""

FEWEST_HIDDEN = 5
"""So many hidden words over an image say that it holds text."""
AROUND = 0.25
"""Lines are read with so much paper (in ems) around them."""
STRAIGHT = 1.2
"""Letters without curves stand this far (in heights of the line) before and after those with curves at most."""
HIDDEN = "The text layer of this page is hidden, as under a scan: the page was read from its pixels."
MEANINGLESS = "The text layer of this page has characters without a meaning: the page was read from its pixels."
CONTRADICTED = "The text layer of this page does not say what is printed: the page was read from its pixels."
MISSING = "Most of the text of this page is missing from its text layer: the page was read from its pixels."
CURVED = "Some writing of this page is set on a curve: its words may be parted in the wrong places."
DOUBTED = "Some of the text layer of this page does not say what is printed, or could not be compared with it."

Read = Callable[[Image], Recognition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a page's text layer is worth.

    Attributes:
        believed: the text of the page is read from it; else from the pixels.
        words: of the layer, which are seen on the page and mean something; kept even when the rest is read from pixels.
        unread: areas to be read from pixels beside a layer that is believed.
        warnings: one for each reason why not all of the layer is taken, or not only the layer.
    """

    believed: bool
    words: tuple[Word, ...] = ()
    unread: tuple[Writing, ...] = ()
    warnings: tuple[str, ...] = ()


def judge(page: Page, wish: TextLayer, read: Read) -> Verdict:
    """Decide what to do with a page's text layer; `read` reads an image, and is asked about suspicious text alone."""
    if wish is TextLayer.NEVER or not page.has_text_layer:
        return Verdict(believed=False)
    sketch = page.sketch()
    hidden = hidden_words(page.words, sketch) if sketch else _invisible(page.words)
    if wish is TextLayer.ALWAYS:
        return Verdict(believed=True, words=page.words, warnings=tuple(_kept(page.words, len(hidden))))
    return _weighed(page, hidden, sketch, read)


def _weighed(page: Page, hidden: frozenset[int], sketch: Sketch | None, read: Read) -> Verdict:
    """What the text layer is worth when nobody says what to do with it."""
    tiny = tiny_words(page.words, page.size, page.dpi) - hidden
    words = tuple(word for place, word in enumerate(page.words) if place not in hidden and place not in tiny)
    if not words:
        return Verdict(believed=False, warnings=(HIDDEN,))
    warnings = (*_left_out(len(hidden), "hidden on"), *_left_out(len(tiny), "too small to be seen on"))
    doubt = _doubt(page, words, read)
    if doubt in (MEANINGLESS, CONTRADICTED):
        return Verdict(believed=False, warnings=(*warnings, doubt))
    warnings += (doubt,) if doubt else ()
    warnings += (CURVED,) if is_curved(words) else ()
    if sketch is None:
        return Verdict(believed=not _is_under_scan(page, words), words=words, warnings=warnings)
    writing = _writing(page, words, [page.words[place] for place in hidden], sketch)
    if _is_missing(page, words, writing, sketch):
        return Verdict(believed=False, words=words, warnings=(*warnings, MISSING))
    lines = bare_lines(words)
    bare = {id(word) for line in lines for word in line}
    return Verdict(
        believed=True,
        words=tuple(word for word in words if id(word) not in bare),
        unread=(*writing, *map(_line_area, lines), *_shapes(page, words, writing)),
        warnings=(*warnings, *_left_out(len(bare), "without a meaning on", "read from its pixels")),
    )


def _line_area(line: Sequence[Word]) -> Writing:
    """A line of writing to be read from its pixels, with the paper around it."""
    margin = AROUND * max(word.font.size for word in line)
    return Writing(union_of(word.box for word in line).grown(margin), 0, picture=False)


def _shapes(page: Page, words: Sequence[Word], known: Sequence[Writing]) -> list[Writing]:
    """Lines of writing that are drawn as shapes, outside of the areas that are `known` to be written on."""
    taken = [*(each.box for each in known), *(image.box for image in page.images)]
    lines = lines_of_shapes(page.drawings, page.rules, words, page.size)
    return [_shapes_area(line, page) for line in lines if not any(line.intersection(box) > 0 for box in taken)]


def _shapes_area(line: BBox, page: Page) -> Writing:
    beside, above = STRAIGHT * line.height, AROUND * line.height
    box = BBox(line.x0 - beside, line.y0 - above, line.x1 + beside, line.y1 + above)
    return Writing(box, 0, picture=False, shapes=Shapes.WORDS if is_one_line(line, page.drawings) else Shapes.OTHER)


def _doubt(page: Page, words: Sequence[Word], read: Read) -> str:
    """What is wrong with the encoding of the text, as a warning; nothing where it is sound."""
    if meaningless(words) > UNREADABLE:
        return MEANINGLESS
    if not is_odd(words):
        return ""
    return {Sample.SAME: "", Sample.OTHER: CONTRADICTED, Sample.UNSURE: DOUBTED}[compared(page, words, read)]


def _is_missing(page: Page, words: Sequence[Word], writing: Sequence[Writing], sketch: Sketch) -> bool:
    """Whether words that are sound are the lesser part of what is written on the page."""
    written = written_area(writing, sketch)
    if written and FILLED * written > sum(word.box.area for word in words):
        return True
    return _is_scan(page, words, sketch)


def _writing(page: Page, words: Sequence[Word], hidden: Sequence[Word], sketch: Sketch) -> tuple[Writing, ...]:
    """Areas that look written on, and images that somebody else's hidden words say to be."""
    found = find_writing(words, page, sketch)
    if len(hidden) < FEWEST_HIDDEN:
        return found
    known = {each.box for each in found if not each.labels}
    scans = [box for box in _apart(image.box for image in page.images) if box not in known]
    said = [box for box in scans if sum(box.holds(word.box) for word in hidden) >= FEWEST_HIDDEN]
    said = [box for box in said if is_paper(box, sketch)]
    found = tuple(each for each in found if each.box not in said)
    return (*found, *(Writing(box, 0, picture=True) for box in said))


def _is_scan(page: Page, words: Sequence[Word], sketch: Sketch) -> bool:
    """Whether the page is a scan, and its few words were put on it later."""
    if sum(len(word.text) for word in words) >= FEW:
        return False
    scans = [image.box for image in page.images if is_paper(image.box, sketch)]
    covered = sum(box.area for box in _apart(scans))
    return covered > SCAN * page.size.area and has_more(words, sketch)


def _apart(boxes: Iterable[BBox]) -> list[BBox]:
    """Boxes without those that lie in larger ones: scans come in layers."""
    done: list[BBox] = []
    for box in sorted(boxes, key=lambda each: -each.area):
        if all(box.inside_share(other) < 0.5 for other in done):
            done.append(box)
    return done


def _is_under_scan(page: Page, words: Sequence[Word]) -> bool:
    """Whether most of the text lies where a large image does: all that can be said without seeing the page."""
    scans = [each.box for each in page.images if each.box.area > SCAN * page.size.area]
    under = sum(len(word.text) for word in words if any(scan.holds(word.box) for scan in scans))
    return under >= 0.5 * sum(len(word.text) for word in words)


def _invisible(words: Sequence[Word]) -> frozenset[int]:
    return frozenset(place for place, word in enumerate(words) if word.font.color == INVISIBLE)


def _left_out(count: int, how: str, done: str = "left out") -> Iterator[str]:
    if count:
        yield f"{_counted(count)} {how} this page and {done}."


def _kept(words: Sequence[Word], hidden: int) -> Iterator[str]:
    """What is wrong with a text layer that the caller wants to be used."""
    if hidden:
        yield f"{_counted(hidden)} hidden on this page; its text layer was used as asked."
    if meaningless(words) > UNREADABLE:
        yield "The text layer of this page has characters without a meaning; it was used as asked."


def _counted(words: int) -> str:
    return "1 word is" if words == 1 else f"{words} words are"


def with_words(page: Page, words: Sequence[Word]) -> Page:
    """The page with some of its words, and no glyphs of the others."""
    if len(words) == len(page.words):
        return page
    kept = {id(word) for word in words}
    gone = [word.box for word in page.words if id(word) not in kept]

    def glyphs() -> tuple[Word, ...]:
        return tuple(
            glyph
            for glyph in page.glyphs()
            if not any(box.holds(glyph.box) for box in gone) or any(word.box.holds(glyph.box) for word in words)
        )

    return replace(page, words=tuple(words), glyphs=cache(glyphs))


def without_layer(page: Page) -> Page:
    """The page without its text layer, to be read from its pixels."""
    return replace(page, words=(), glyphs=tuple, has_text_layer=False)
