"""Reads all text on an image: lines found, each read at its own width, split into words with boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from octavo.domain.block import BlockKind, Font, Word
from octavo.domain.document import Image
from octavo.domain.geometry import BBox, Size
from octavo.domain.ports import CpuShare
from octavo.domain.result import Recognition
from octavo.engines.amounts import with_points
from octavo.engines.closer_look import closer_look, right_in
from octavo.engines.coloured_strokes import without_coloured_strokes
from octavo.engines.crew import Crew
from octavo.engines.digits import with_digits
from octavo.engines.dittos import with_dittos
from octavo.engines.elisions import with_elisions
from octavo.engines.foreign_lines import ForeignLines
from octavo.engines.known_words import with_known_words
from octavo.engines.line_mender import LineMender
from octavo.engines.line_scripts import LineScripts
from octavo.engines.marks import with_marks_apart
from octavo.engines.mended_lines import with_mended
from octavo.engines.other_side import beside, faint_and_well_read, lines_behind, without_other_side
from octavo.engines.pixels import Quad, box_of, cut
from octavo.engines.read_line import ReadLine
from octavo.engines.second_look import second_look
from octavo.engines.text_cascade import TextCascade
from octavo.engines.text_detection import TextDetector, thickness
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_sizes import LineSize, line_size
from octavo.engines.text_stacks import parted
from octavo.engines.text_words import Ink, Piece, ink_of
from octavo.engines.vocabulary import Vocabulary

_SAME_ROW = 0.5
"""Lines whose middles differ by less than this share of the lower one's height stand beside each other."""
_TALL = 1.5
"""Crops taller than wide by this may hold a line turned by a quarter."""
_VERY_TALL = 4.0
"""From here on nothing upright is expected: even `1` and `|` are wider."""
_CLOSER = 3.0
"""A piece that is looked at by itself is seen so many times as large as the page, at most."""
_LEVEL = 5.0
"""Lines that stand within so many degrees of upright count as a quarter turn."""


_AS_MUCH = 0.99
"""A page without its coloured strokes is believed if this share of what was likely right before still is."""


TEXT_KINDS = frozenset(BlockKind) - {BlockKind.TABLE, BlockKind.IMAGE, BlockKind.EQUATION, BlockKind.SIGNATURE}
"""Everything made of text."""


class TextLines:
    """Text recogniser for whole pages or regions (`RegionRecognizer`)."""

    def __init__(self, share: CpuShare) -> None:
        """Opens the weights; `share` tells how many threads may read lines at the same time."""
        self._crew = Crew(share)
        self._detector = TextDetector(self._crew)
        self._recognizer = TextCascade()
        self._scripts = LineScripts()
        self._vocabulary = Vocabulary()
        self._mender = LineMender()
        self._foreign = ForeignLines(self._crew, self._scripts, self._read, self._recognizer.glance)

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """Everything made of text."""
        return TEXT_KINDS

    def recognize(
        self,
        image: Image,
        words: Sequence[Word] = (),  # noqa: ARG002 - reads pixels only
        languages: Sequence[str] = (),
    ) -> Recognition:
        """All words on `image` (RGB), lines from top to bottom; its confidence counts lines that stayed unread as 0."""
        image, lines = self._under_strokes(image, self._lines(image, languages), languages)
        behind = lines_behind(image, lines, self._recognizer.read, self._crew)
        if behind:
            image, lines = self._this_side(image, lines, behind, languages)
        closest = _CLOSER * self._detector.scale(image)
        parts = closer_look(
            image, lines, lambda piece: self._found(piece, closest), lambda quad: self._read(image, quad)
        )
        parts = with_mended(parts, lambda quad: self._read_mended(image, quad), self._crew)
        more = second_look(image, parts, lambda quad: self._read_along(image, quad), self._scripts, self._crew)
        lines = _lines_down([*parts, *more.lines]) if more.lines or len(parts) > len(lines) else parts
        settled = self._foreign.settled(image, lines, languages)
        lines = with_known_words(settled.lines, self._vocabulary, languages)
        found = recognition_of(with_points(with_dittos(lines)), image)
        return replace(
            found, unread=settled.unread, looks_like=settled.looks_like, missed=more.unread, behind=len(behind)
        )

    def _lines(self, image: Image, languages: Sequence[str]) -> list[ReadLine]:
        return self._foreign.read_where_known(image, top_down(self._found(image)), languages)

    def _under_strokes(
        self, image: Image, lines: list[ReadLine], languages: Sequence[str]
    ) -> tuple[Image, list[ReadLine]]:
        """The page without coloured strokes across its lines, unless less can be read then."""
        clean = without_coloured_strokes(image, [line.quad for line in lines])
        if clean is None:
            return image, lines
        seen = self._lines(clean, languages)
        again = _lines_down([*seen, *beside(faint_and_well_read(image, lines, 1.0), seen)])
        return (clean, again) if right_in(again)[0] >= _AS_MUCH * right_in(lines)[0] else (image, lines)

    def _this_side(
        self, image: Image, lines: Sequence[ReadLine], behind: Sequence[ReadLine], languages: Sequence[str]
    ) -> tuple[Image, list[ReadLine]]:
        """The page without what shines through, read again, for it spoils the lines that it touches."""
        clean, least = without_other_side(image, behind)
        kept = faint_and_well_read(image, lines, least)
        ours = beside(self._lines(clean, languages), kept)
        return clean, _lines_down([*ours, *kept]) if kept else ours

    def _found(self, image: Image, closest: float = math.inf) -> list[Quad]:
        """A quad for each line, as seen with `closest` network pixels for one of the image at most."""
        quads = self._detector.detect(image, closest)
        usual = float(np.median([thickness(quad) for quad in quads] or [0.0]))
        return [part for quad in quads for part in parted(image, quad, usual)]

    def close(self) -> None:
        """End the threads."""
        self._crew.close()

    def _read(self, image: Image, quad: Quad) -> ReadLine:
        width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
        if height < _TALL * width:
            return self._read_along(image, quad)
        # Read downwards, upwards and, when it may be one narrow character, as it stands; the surest wins.
        turns = [np.roll(quad, 1, axis=0), np.roll(quad, -1, axis=0)]
        if height < _VERY_TALL * width:
            turns.insert(0, quad)
        return max((self._read_along(image, turn) for turn in turns), key=lambda line: line.confidence)

    def _read_mended(self, image: Image, quad: Quad) -> ReadLine:
        return _line(image, quad, lambda crop, _: self._recognizer.read_mended(self._mender.mend(crop)))

    def _read_along(self, image: Image, quad: Quad) -> ReadLine:
        return _line(image, quad, self._recognizer.read)


def _line(image: Image, quad: Quad, read: Callable[[Image, Ink], tuple[Glyph, ...]]) -> ReadLine:
    crop, quad = cut(image, quad)
    ink = ink_of(crop)
    glyphs = with_marks_apart(read(crop, ink), ink)
    return ReadLine(quad=quad, glyphs=glyphs, ink=ink, width=crop.shape[1], height=crop.shape[0])


def recognition_of(lines: Sequence[ReadLine], image: Image) -> Recognition:
    """The words of lines that were read on `image`; specks are dropped."""
    size = Size(image.shape[1], image.shape[0])
    found = [word for number, line in enumerate(lines) if not line.speck for word in _words(line, number, size)]
    return Recognition(words=tuple(found), confidence=_confidence(lines))


def _confidence(lines: Sequence[ReadLine]) -> float:
    area = sum(line.width * line.height for line in lines)
    read = sum(line.confidence * line.width * line.height for line in lines if not line.speck)
    return read / area if area else 1.0


def _words(line: ReadLine, number: int, size: Size) -> list[Word]:
    rotation = _rotation(line.quad)
    measures = line_size(line.text, line.ink)
    return [
        Word(
            text=with_digits(with_elisions(piece.text)),
            box=_box(line, piece, measures).clipped(size),
            font=Font(size=measures.em),
            confidence=piece.confidence,
            rotation=rotation,
            line=number,
            baseline=_place(line, (piece.start + piece.end) / 2, measures.baseline)[1],
            space_before=place > 0,
        )
        for place, piece in enumerate(line.words)
    ]


def _box(line: ReadLine, piece: Piece, measures: LineSize) -> BBox:
    corners = [_place(line, x, y) for x in (piece.start, piece.end) for y in (measures.top, measures.bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return BBox(min(xs), min(ys), max(xs), max(ys))


def _place(line: ReadLine, x: float, y: float) -> tuple[float, float]:
    """Where a point of a line's crop lies on the page."""
    along, down = line.quad[1] - line.quad[0], line.quad[3] - line.quad[0]
    point = line.quad[0] + along * (x / line.width) + down * (y / line.height)
    return float(point[0]), float(point[1])


def _rotation(quad: Quad) -> float:
    rise = quad[1] - quad[0]
    angle = math.degrees(math.atan2(float(rise[1]), float(rise[0]))) % 360.0
    quarter = round(angle / 90.0) * 90.0
    # Lines that lie a little askew say by how much: that tells the skew of the page.
    return quarter if quarter in (90.0, 180.0, 270.0) and abs(angle - quarter) <= _LEVEL else round(angle, 2) % 360.0


def top_down(quads: Sequence[Quad]) -> list[Quad]:
    """Quads from top to bottom; those that stand beside each other from left to right."""
    rows: list[list[Quad]] = []
    for quad in sorted(quads, key=_middle):
        if rows and _middle(quad) - _middle(rows[-1][-1]) < _SAME_ROW * min(_height(quad), _height(rows[-1][-1])):
            rows[-1].append(quad)
        else:
            rows.append([quad])
    return [quad for row in rows for quad in sorted(row, key=lambda quad: box_of(quad).x0)]


def _lines_down(lines: Sequence[ReadLine]) -> list[ReadLine]:
    by_quad = {id(line.quad): line for line in lines}
    return [by_quad[id(quad)] for quad in top_down([line.quad for line in lines])]


def _middle(quad: Quad) -> float:
    return float(quad[:, 1].mean())


def _height(quad: Quad) -> float:
    return box_of(quad).height
