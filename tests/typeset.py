"""PDFs that tests typeset themselves, so that everything on a page is known.

Positions are points from the top left corner of the page; the y of text is its baseline.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

A4 = (595, 842)
HIDDEN = 3
"""The render mode of text that is in the file but not drawn."""
_VERSION = (1, 7)


class Sheets:
    """A PDF in the making: draw on a page, turn to the next, save. The 14 standard fonts are there by name."""

    def __init__(self, size: tuple[float, float] = A4, *, password: str | None = None) -> None:
        self.width, self.height = size
        self._file = io.BytesIO()
        lock = StandardEncryption(password, ownerPassword="owner", strength=128) if password is not None else None
        self._canvas = Canvas(self._file, pagesize=size, pdfVersion=_VERSION, encrypt=lock, invariant=1)

    def next_page(self, *, turned: int = 0) -> None:
        """End this page and begin another; `turned` is the /Rotate of the new one."""
        self._canvas.showPage()
        self.turn(turned)

    def turn(self, degrees: int) -> None:
        """A viewer shows this page, and those after it, turned clockwise; what is drawn stays where it is."""
        self._canvas.setPageRotation(degrees)
        sides = (self.width, self.height)
        self._canvas.setPageSize(sides[::-1] if degrees % 180 else sides)  # reportlab swaps them back

    def crop(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A viewer shows only this part of the page."""
        self._canvas.setCropBox((x0, self.height - y1, x1, self.height - y0))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        font: str = "Helvetica",
        size: float = 10,
        spacing: float = 0,
        word_spacing: float = 0,
        mode: int = 0,
        angle: float = 0,
        color: str = "",
    ) -> float:
        """One line of text, turned by `angle` degrees counter-clockwise; the x where it ends (when it is level)."""
        with self._state():
            if color:
                self._canvas.setFillColor(color)
            self._canvas.translate(x, self.height - y)
            self._canvas.rotate(angle)
            line = self._canvas.beginText(0, 0)
            line.setFont(font, size)
            line.setCharSpace(spacing)
            line.setWordSpace(word_spacing)
            line.setTextRenderMode(mode)
            line.textOut(text)
            self._canvas.drawText(line)
        return x + stringWidth(text, font, size) + spacing * len(text) + word_spacing * text.count(" ")

    def lines(
        self, x: float, y: float, lines: Iterable[str], *, font: str = "Helvetica", size: float = 10, leading: float = 0
    ) -> float:
        """Lines below one another; the baseline for the next."""
        for line in lines:
            self.text(x, y, line, font=font, size=size)
            y += leading or 1.2 * size
        return y

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        font: str = "Helvetica",
        size: float = 10,
        leading: float = 0,
        indent: float = 0,
        justified: bool = False,
    ) -> float:
        """Text wrapped to a width, its first line indented; the baseline for the next line."""
        wrapped = list(_wrapped(text, font, size, width, indent))
        for place, line in enumerate(wrapped):
            first = indent if place == 0 else 0
            left = width - first - stringWidth(line, font, size)
            fills = justified and place < len(wrapped) - 1 and " " in line
            gap = left / line.count(" ") if fills else 0
            self.text(x + first, y, line, font=font, size=size, word_spacing=gap)
            y += leading or 1.2 * size
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.5) -> None:
        """A stroke."""
        with self._state():
            self._canvas.setLineWidth(width)
            self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def box(self, x0: float, y0: float, x1: float, y1: float, *, fill: str = "", stroke: bool = False) -> None:
        """A rectangle, filled with a colour (`#dddddd`), stroked, or both."""
        with self._state():
            if fill:
                self._canvas.setFillColor(fill)
            self._canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=int(stroke), fill=int(bool(fill)))

    def circle(self, x: float, y: float, radius: float, *, fill: str = "") -> None:
        """Four curves."""
        with self._state():
            if fill:
                self._canvas.setFillColor(fill)
            self._canvas.circle(x, self.height - y, radius, stroke=1, fill=int(bool(fill)))

    def curve(self, *points: tuple[float, float]) -> None:
        """Bezier curves through the first point and every third after it."""
        path = self._canvas.beginPath()
        (x, y), *rest = ((x, self.height - y) for x, y in points)
        path.moveTo(x, y)
        for one, two, end in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            path.curveTo(*one, *two, *end)
        self._canvas.drawPath(path)

    def picture(self, x0: float, y0: float, x1: float, y1: float, image: Image.Image) -> None:
        """A raster image."""
        self._canvas.drawImage(ImageReader(image), x0, self.height - y1, x1 - x0, y1 - y0)

    def link(self, x0: float, y0: float, x1: float, y1: float, uri: str) -> None:
        """An area that leads to an address."""
        self._canvas.linkURL(uri, (x0, self.height - y1, x1, self.height - y0))

    @contextmanager
    def form(self, name: str, x: float = 0, y: float = 0, scale: float = 1) -> Iterator[None]:
        """What is drawn inside becomes a form object, drawn once: moved by (x, y) and scaled from the top left.

        Forms are nested by drawing one inside another.
        """
        self._canvas.beginForm(name, 0, 0, self.width, self.height)
        yield
        self._canvas.endForm()
        with self._state():
            self._canvas.translate(x, self.height * (1 - scale) - y)
            self._canvas.scale(scale, scale)
            self._canvas.doForm(name)

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        ruled: bool = True,
        size: float = 10,
        height: float = 18,
    ) -> float:
        """Rows of cells below y, the first row bold; the y below the last row."""
        for place, row in enumerate(rows):
            font = "Helvetica-Bold" if place == 0 else "Helvetica"
            left = x
            for text, width in zip(row, widths, strict=True):
                self.text(left + 4, y + 0.7 * height, text, font=font, size=size)
                left += width
            y += height
        if ruled:
            edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
            levels = [y - n * height for n in range(len(rows) + 1)]
            for edge in edges:
                self.rule(edge, levels[-1], edge, levels[0])
            for level in levels:
                self.rule(edges[0], level, edges[-1], level)
        return y

    @contextmanager
    def clipped(self, x0: float, y0: float, x1: float, y1: float) -> Iterator[None]:
        """Of what is drawn inside only this part of the page shows."""
        with self._state():
            path = self._canvas.beginPath()
            path.rect(x0, self.height - y1, x1 - x0, y1 - y0)
            self._canvas.clipPath(path, stroke=0, fill=0)
            yield

    def outlines(self, x: float, y: float, lines: Sequence[str], *, size: float = 10) -> None:
        """Lines of text as filled shapes, which no text layer knows."""
        font = ImageFont.load_default(size=24)
        unit = size / 24
        for place, line in enumerate(lines):
            mask = font.getmask(line, mode="1")
            width, height = mask.size
            for row in range(height):
                inked = "".join("#" if mask.getpixel((column, row)) else " " for column in range(width))
                for run in re.finditer("#+", inked):
                    top = y + 1.2 * size * place + unit * row
                    self.box(x + unit * run.start(), top, x + unit * run.end(), top + unit, fill="#000000")

    def shapes(self, x: float, y: float, text: str, *, font: str = "Helvetica-Bold", size: float = 10) -> float:
        """One line of text as the outlines of its letters, filled, which no text layer knows; the x where it ends."""
        with pypdfium2.PdfDocument.new() as known, self._state():
            face = pdfium.FPDFText_LoadStandardFont(known.raw, font.encode())
            for letter in text:
                path = self._canvas.beginPath()
                _trace(path, pdfium.FPDFFont_GetGlyphPath(face, ord(letter), size), x, self.height - y, size)
                self._canvas.drawPath(path, stroke=0, fill=1)
                x += stringWidth(letter, font, size)
            pdfium.FPDFFont_Close(face)
        return x

    def data(self) -> bytes:
        """The file; nothing can be drawn after this."""
        if not self._file.getvalue():
            self._canvas.save()
        return self._file.getvalue()

    def save(self, path: Path) -> Path:
        """Write the file."""
        path.write_bytes(self.data())
        return path

    @contextmanager
    def _state(self) -> Iterator[None]:
        self._canvas.saveState()
        yield
        self._canvas.restoreState()


def _wrapped(text: str, font: str, size: float, width: float, indent: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, font, size) > width - indent:
            yield line
            line, indent = word, 0
        else:
            line = longer
    yield line


def _trace(path: PDFPathObject, glyph: object, x: float, y: float, size: float) -> None:
    """Draw the outline of a glyph, which is told in ems."""
    curve: list[float] = []
    for place in range(pdfium.FPDFGlyphPath_CountGlyphSegments(glyph)):
        segment = pdfium.FPDFGlyphPath_GetGlyphPathSegment(glyph, place)
        across, up = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, across, up)
        point = [x + size * across.value, y + size * up.value]
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            curve += point
        elif kind == pdfium.FPDF_SEGMENT_MOVETO:
            path.moveTo(*point)
        else:
            path.lineTo(*point)
        if len(curve) == 6:
            path.curveTo(*curve)
            curve = []
        if pdfium.FPDFPathSegment_GetClose(segment):
            path.close()


def photograph(width: int = 120, height: int = 80) -> Image.Image:
    """Pixels that are no text."""
    image = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image.point(lambda v: 255 - v)))


def scanned(lines: Sequence[str], width: int = 1190, height: int = 1684, *, size: int = 24) -> Image.Image:
    """A sheet of paper with lines of text, as pixels."""
    sheet = Image.new("RGB", (width, height), "#f4f2ee")
    brush, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=size)
    for place, line in enumerate(lines):
        brush.text((2 * size, (2 + 1.5 * place) * size), line, fill="#202020", font=font)
    return sheet
