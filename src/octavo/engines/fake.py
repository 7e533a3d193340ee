"""An engine that reads nothing: always the same answer for the same page. For tests, and for trying out the server."""

from __future__ import annotations

from pathlib import Path

from PIL import Image as Pillow

from octavo.domain.block import Block, BlockKind, Figure, Font
from octavo.domain.document import Page
from octavo.domain.geometry import BBox
from octavo.domain.ports import CpuShare
from octavo.domain.result import RecognizedPage, TextSource
from octavo.domain.work import ReadOptions


class FakeEngine:
    """A `PageRecognizer`: a title with the page's number, a line with its measures, and its lower half as a figure."""

    def __init__(self, share: CpuShare) -> None:
        """Ready at once; `share` is not used."""
        del share

    def warm_up(self) -> None:
        """There is nothing to load."""

    def recognize(self, page: Page, options: ReadOptions, figures_dir: Path) -> RecognizedPage:
        """The same blocks whatever is on the page."""
        del options
        width, height = int(page.size.width), int(page.size.height)
        lower = BBox(0, height // 2, width, height)
        blocks = (
            _text(BlockKind.TITLE, f"Page {page.index}", BBox(0, 0, width, height // 4)),
            _text(
                BlockKind.TEXT, f"{width} x {height} pixels, {len(page.words)} words", _second_quarter(width, height)
            ),
            Block(kind=BlockKind.IMAGE, box=lower, figure=_cut(page, lower, figures_dir)),
        )
        source = TextSource.TEXT_LAYER if page.words else TextSource.NOTHING
        return RecognizedPage(
            index=page.index,
            size=page.size,
            dpi=page.dpi,
            blocks=blocks,
            links=page.links,
            source=source,
            warnings=page.warnings,
        )

    def close(self) -> None:
        """There is nothing to release."""


def _text(kind: BlockKind, text: str, box: BBox) -> Block:
    return Block(kind=kind, box=box, text=text, font=Font(size=box.height / 2))


def _second_quarter(width: int, height: int) -> BBox:
    return BBox(0, height // 4, width, height // 2)


def _cut(page: Page, box: BBox, folder: Path) -> Figure:
    """That part of the page as a JPEG."""
    left, top, right, bottom = int(box.x0), int(box.y0), int(box.x1), int(box.y1)
    path = folder / f"fake-{page.index}.jpeg"
    Pillow.fromarray(page.render()[top:bottom, left:right]).save(path)
    return Figure(path=path, width=right - left, height=bottom - top)
