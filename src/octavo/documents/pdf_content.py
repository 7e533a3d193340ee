"""What is drawn on a PDF page besides text: rules, drawings and links, through liteparse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liteparse import LiteParse, ParseError

from octavo.domain.block import Drawing, Link, Rule
from octavo.domain.errors import CorruptDocument
from octavo.domain.geometry import BBox

RULE_THICKNESS = 2.6
"""A filled shape no thicker than this (points) is a rule; LaTeX's are .4, office programs' up to 2.25."""
RULE_LENGTH = 6.0
"""Shorter strokes (points) are parts of drawings, not rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What was found on one page, in page pixels."""

    rules: tuple[Rule, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    links: tuple[Link, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfContent:
    """Reads the contents of single pages of one PDF."""

    path: Path
    password: str | None = None

    def page(self, index: int, scale: float) -> PageContent:
        """Contents of page `index` (0-based), every coordinate times `scale` (pixels per point).

        Raises:
            CorruptDocument: the page cannot be parsed.
        """
        parser = LiteParse(
            ocr_enabled=False,
            quiet=True,
            num_workers=1,
            target_pages=str(index + 1),
            password=self.password,
            extract_vector_graphics=True,
            extract_annotations=True,
        )
        try:
            result = parser.parse(self.path)
        except (ParseError, FileNotFoundError) as error:
            raise CorruptDocument(f"Page {index} of the PDF cannot be read: {error}.") from error
        if not result.pages:
            return PageContent(warnings=tuple(error.message for error in result.page_errors))
        page = result.pages[0]
        rules, drawings = _graphics(page.vector_graphics, scale)
        return PageContent(
            rules=rules,
            drawings=drawings,
            links=tuple(_links(page.annotations or (), scale)),
        )


def _graphics(graphics: Any, scale: float) -> tuple[tuple[Rule, ...], tuple[Drawing, ...]]:
    """Stroked lines and thin filled shapes are rules, all other shapes drawings."""
    if graphics is None:
        return (), ()
    rules: list[Rule] = []
    drawings: list[Drawing] = []
    for line in graphics.lines:
        if line.stroke and max(abs(line.x2 - line.x1), abs(line.y2 - line.y1)) >= RULE_LENGTH:
            thickness = min(line.stroke_width or 1.0, RULE_THICKNESS)
            rules.append(Rule(box=_stroke(line.x1, line.y1, line.x2, line.y2, thickness).scaled(scale)))
    for shape in graphics.shapes:
        x, y, width, height = shape.bbox
        thin, long = sorted((width, height))
        if not shape.has_curve and thin <= RULE_THICKNESS and long >= RULE_LENGTH:
            if shape.fill or not shape.stroke:
                rules.append(Rule(box=_box(x, y, width, height, scale)))
        else:
            drawings.append(
                Drawing(
                    box=_box(x, y, width, height, scale),
                    filled=shape.fill,
                    stroked=shape.stroke,
                    curved=shape.has_curve,
                    color=shape.fill_color or shape.stroke_color or "",
                )
            )
    return tuple(rules), tuple(drawings)


def _stroke(x1: float, y1: float, x2: float, y2: float, thickness: float) -> BBox:
    """The box of a straight stroke, `thickness` across."""
    half = thickness / 2
    left, right = sorted((x1, x2))
    top, bottom = sorted((y1, y2))
    if right - left >= bottom - top:
        return BBox(left, (top + bottom) / 2 - half, right, (top + bottom) / 2 + half)
    return BBox((left + right) / 2 - half, top, (left + right) / 2 + half, bottom)


def _links(annotations: Iterable[Any], scale: float) -> Iterator[Link]:
    for each in annotations:
        if each.uri and each.rect is not None:
            yield Link(box=_box(each.rect.x, each.rect.y, each.rect.width, each.rect.height, scale), uri=each.uri)


def _box(x: float, y: float, width: float, height: float, scale: float) -> BBox:
    return BBox(x, y, x + width, y + height).scaled(scale)
