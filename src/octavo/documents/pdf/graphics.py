"""What is drawn on a PDF page besides text, through PDFium: rules, drawings, placed images and links."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from octavo.documents.pdf.calls import plain
from octavo.documents.pdf.objects import DEPTH, kind_of, members_of, objects_of
from octavo.domain.block import Drawing, Link, PlacedImage, Rule
from octavo.domain.geometry import BBox, Size

RULE_THICKNESS = 2.6
"""A filled shape no thicker than this (points) is a rule; LaTeX's are .4, office programs' up to 2.25."""
RULE_LENGTH = 6.0
"""Shorter strokes (points) are parts of drawings, not rules."""
BAR_LENGTH = 2.0
"""Level ones down to this length (points) may be bars of fractions: a half in an index has 3.7."""
STRAIGHT = 0.3
"""A stroke that deviates less than this (points) from level or plumb is a rule."""
MOST_SEGMENTS = 30_000
"""So many segments of paths are looked at on one page; of the rest only the boxes."""
MOST_OBJECTS = 200_000
"""So many things that a page draws are looked at."""
MOST_DRAWINGS = 5_000
"""Drawings beyond this number are gathered: maps and plots have very many."""
GATHERED = 64
"""They are gathered by the places of their edges on a grid of so many lines to the longer side of the page."""
MOST_LINKS = 5_000
"""So many links of a page are told."""

Affine = tuple[float, float, float, float, float, float]
"""x' = a x + c y + e, y' = b x + d y + f: from the page's own space to page pixels."""
Point = tuple[float, float]

_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
_matrix = plain(pdfium.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
_draw_mode = plain(pdfium.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_fill_color = plain(pdfium.FPDFPageObj_GetFillColor, _INT, *[_ADDRESS] * 5)
_stroke_color = plain(pdfium.FPDFPageObj_GetStrokeColor, _INT, *[_ADDRESS] * 5)
_stroke_width = plain(pdfium.FPDFPageObj_GetStrokeWidth, _INT, _ADDRESS, _ADDRESS)
_object_bounds = plain(pdfium.FPDFPageObj_GetBounds, _INT, *[_ADDRESS] * 5)
_count_segments = plain(pdfium.FPDFPath_CountSegments, _INT, _ADDRESS)
_segment = plain(pdfium.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
_segment_kind = plain(pdfium.FPDFPathSegment_GetType, _INT, _ADDRESS)
_segment_point = plain(pdfium.FPDFPathSegment_GetPoint, _INT, *[_ADDRESS] * 3)
_segment_closes = plain(pdfium.FPDFPathSegment_GetClose, _INT, _ADDRESS)


@dataclass(slots=True)
class PageGraphics:
    """What was found on one page, in page pixels; filled while the page is walked."""

    rules: list[Rule] = field(default_factory=list)
    bars: list[Rule] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    images: list[PlacedImage] = field(default_factory=list)
    segments_left: int = MOST_SEGMENTS
    objects_left: int = MOST_OBJECTS
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Paint:
    """How a path is painted."""

    filled: bool
    stroked: bool
    width: float
    color: str


def graphics_of(page: pypdfium2.PdfPage, to_pixels: Affine, size: Size) -> PageGraphics:
    """Rules, drawings and images of a page, those inside form objects included."""
    found = PageGraphics()
    scale = abs(to_pixels[0]) + abs(to_pixels[2])
    _walk(objects_of(page), to_pixels, found, scale, 0)
    on_page = [each.box.clipped(size) for each in found.images]
    found.images = [PlacedImage(box=box) for box in on_page if box.area > 0]
    found.drawings = _gathered([each for each in found.drawings if each.box.clipped(size).grown(1).area > 1], size)
    return found


def _gathered(drawings: list[Drawing], size: Size) -> list[Drawing]:
    """Very many drawings as fewer that cover the same places: those between the same lines of a grid are united."""
    if len(drawings) <= MOST_DRAWINGS:
        return drawings
    pitch = max(size.width, size.height) / GATHERED
    united: dict[tuple[int, ...], Drawing] = {}
    for each in drawings:
        box = each.box.clipped(size)
        place = tuple(int(side // pitch) for side in (box.x0, box.y0, box.x1, box.y1))
        other = united.get(place)
        united[place] = replace(each, box=other.box.union(box) if other else box)
    return sorted(united.values(), key=lambda each: -each.box.area)[:MOST_DRAWINGS]


def links_of(page: pypdfium2.PdfPage, to_pixels: Affine) -> tuple[Link, ...]:
    """Areas of the page that lead to an address, no more than `MOST_LINKS`."""
    return tuple(islice(_links(page, to_pixels), MOST_LINKS))


def _links(page: pypdfium2.PdfPage, to_pixels: Affine) -> Iterator[Link]:
    position, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    while pdfium.FPDFLink_Enumerate(page, position, link):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        length = pdfium.FPDFAction_GetURIPath(page.pdf, action, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFAction_GetURIPath(page.pdf, action, buffer, length)
        uri = buffer.value.decode("utf-8", "replace").strip()
        if uri and pdfium.FPDFLink_GetAnnotRect(link, rect):
            yield Link(box=box_of(to_pixels, rect), uri=uri)


def _walk(items: Iterator[int], affine: Affine, found: PageGraphics, scale: float, depth: int) -> None:
    for item in items:
        if found.objects_left <= 0:
            found.cut = True
            return
        found.objects_left -= 1
        kind = kind_of(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _add_path(item, affine, found, scale)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            inner = _inner(item, affine)
            found.images.append(PlacedImage(box=_box([_moved(inner, (x, y)) for x in (0, 1) for y in (0, 1)])))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
            _walk(members_of(item), _inner(item, affine), found, scale, depth + 1)


def _inner(item: int, affine: Affine) -> Affine:
    """From an object's own space to page pixels."""
    m = pdfium.FS_MATRIX()
    _matrix(item, ctypes.addressof(m))
    a, b, c, d, e, f = affine
    return (
        a * m.a + c * m.b,
        b * m.a + d * m.b,
        a * m.c + c * m.d,
        b * m.c + d * m.d,
        a * m.e + c * m.f + e,
        b * m.e + d * m.f + f,
    )


def _moved(affine: Affine, point: Point) -> Point:
    a, b, c, d, e, f = affine
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def box_of(affine: Affine, rect: pdfium.FS_RECTF) -> BBox:
    """A rectangle of the page's own space in page pixels."""
    return _box([_moved(affine, point) for point in ((rect.left, rect.top), (rect.right, rect.bottom))])


def _box(points: list[Point]) -> BBox:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return BBox(min(xs), min(ys), max(xs), max(ys))


def _add_path(item: int, affine: Affine, found: PageGraphics, scale: float) -> None:
    paint = _paint(item)
    if not paint.filled and not paint.stroked:
        return
    count = _count_segments(item)
    if count > found.segments_left:
        found.drawings.append(_drawing(_bounds(item, affine), paint, curved=True))
        return
    found.segments_left -= count
    for points, curved in _subpaths(item, count, _inner(item, affine)):
        _add_subpath(points, curved, paint, found, scale)


def _paint(item: int) -> _Paint:
    mode, color, width = (ctypes.c_int * 2)(), (ctypes.c_uint * 4)(), ctypes.c_float()
    _draw_mode(item, *_places(mode))
    (_fill_color if mode[0] else _stroke_color)(item, *_places(color))
    _stroke_width(item, ctypes.addressof(width))
    red, green, blue, alpha = color
    return _Paint(bool(mode[0]) and alpha > 0, bool(mode[1]), width.value, f"{alpha:02x}{red:02x}{green:02x}{blue:02x}")


def _places(numbers: ctypes.Array[Any]) -> Iterable[int]:
    """The address of each of some numbers of four bytes."""
    start = ctypes.addressof(numbers)
    return range(start, start + 4 * len(numbers), 4)


def _bounds(item: int, affine: Affine) -> BBox:
    sides = (ctypes.c_float * 4)()
    _object_bounds(item, *_places(sides))
    left, bottom, right, top = sides
    return _box([_moved(affine, (left, top)), _moved(affine, (right, bottom))])


def _subpaths(item: int, count: int, affine: Affine) -> Iterator[tuple[list[Point], bool]]:
    """The pieces of a path: their points in page pixels, and whether they curve."""
    point = (ctypes.c_float * 2)()
    at_x, at_y = _places(point)
    points: list[Point] = []
    curved = False
    for index in range(count):
        segment = _segment(item, index)
        kind = _segment_kind(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points, curved
            points, curved = [], False
        _segment_point(segment, at_x, at_y)
        points.append(_moved(affine, (point[0], point[1])))
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        if _segment_closes(segment) and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        yield points, curved


def _add_subpath(points: list[Point], curved: bool, paint: _Paint, found: PageGraphics, scale: float) -> None:
    """Level and plumb strokes and thin filled boxes are rules; what encloses something or curves is a drawing."""
    box = _box(points)
    thin, long = sorted((box.width, box.height))
    if not curved and paint.filled and thin <= RULE_THICKNESS * scale:
        if long >= RULE_LENGTH * scale:
            found.rules.append(Rule(box=box))
        elif BAR_LENGTH * scale <= box.width and box.height == thin:
            found.bars.append(Rule(box=box))
        return
    if paint.stroked and not curved:
        strokes = list(_strokes(points, min(max(paint.width, 0.3), RULE_THICKNESS) * scale, scale))
        found.rules.extend(Rule(box=stroke) for stroke in strokes)
        if thin < STRAIGHT * scale:
            if not strokes and box.width >= BAR_LENGTH * scale:
                found.bars.append(Rule(box=box))
            return
    found.drawings.append(_drawing(box, paint, curved))


def _strokes(points: list[Point], width: float, scale: float) -> Iterator[BBox]:
    for (x0, y0), (x1, y1) in pairwise(points):
        level, plumb = abs(y1 - y0) <= STRAIGHT * scale, abs(x1 - x0) <= STRAIGHT * scale
        if (level or plumb) and max(abs(x1 - x0), abs(y1 - y0)) >= RULE_LENGTH * scale:
            half = width / 2
            dx, dy = (0.0, half) if level else (half, 0.0)
            yield BBox(min(x0, x1) - dx, min(y0, y1) - dy, max(x0, x1) + dx, max(y0, y1) + dy)


def _drawing(box: BBox, paint: _Paint, curved: bool) -> Drawing:
    return Drawing(box=box, filled=paint.filled, stroked=paint.stroked, curved=curved, color=paint.color)
