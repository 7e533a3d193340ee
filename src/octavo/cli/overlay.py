"""Page images with the blocks drawn over them: how quality is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from octavo.documents.reader import open_document
from octavo.domain.block import BlockKind
from octavo.domain.document import Image, SpooledDocument
from octavo.domain.geometry import BBox
from octavo.domain.result import OcrResult, RenderedBlock

COLORS = {
    BlockKind.TEXT: (31, 119, 180),
    BlockKind.TITLE: (214, 39, 40),
    BlockKind.LIST: (23, 160, 175),
    BlockKind.TABLE: (44, 160, 44),
    BlockKind.IMAGE: (255, 127, 14),
    BlockKind.EQUATION: (148, 60, 189),
    BlockKind.CAPTION: (190, 140, 0),
    BlockKind.CODE: (90, 90, 90),
    BlockKind.REFERENCES: (140, 86, 75),
    BlockKind.ASIDE_TEXT: (227, 80, 170),
    BlockKind.HEADER: (120, 130, 190),
    BlockKind.FOOTER: (90, 100, 150),
    BlockKind.SIGNATURE: (0, 100, 90),
}
"""Red, green and blue of each kind of block."""

TINT = 36
"""How strongly a block is filled with its color, of 255."""


def draw_pages(
    document: SpooledDocument, result: OcrResult, folder: Path, *, dpi: int, password: str | None = None
) -> None:
    """Draw every page that was read into `folder`, as `page-N.png`.

    Raises:
        DocumentError: the document cannot be opened any more.
    """
    folder.mkdir(exist_ok=True)
    reader = open_document(document.path, password)
    try:
        for page in result.pages:
            if page.failure is None:
                upright = np.rot90(reader.page(page.index, dpi).render(), page.turned // 90)
                image = draw(np.ascontiguousarray(upright), page.blocks)
                image.save(folder / f"page-{page.index}.png", compress_level=1)
    finally:
        reader.close()


def draw(page: Image, blocks: Sequence[RenderedBlock]) -> Pillow.Image:
    """The page with its blocks outlined, numbered in reading order and named by kind.

    Args:
        page: pixels, height x width x 3, in the space of the boxes.
        blocks: in reading order.
    """
    base = Pillow.fromarray(page).convert("RGBA")
    layer = Pillow.new("RGBA", base.size, (0, 0, 0, 0))
    brush = ImageDraw.Draw(layer)
    stroke = max(2, base.width // 600)
    for block in blocks:
        color = COLORS[block.kind]
        brush.rectangle(_ordered(block.box), fill=(*color, TINT), outline=(*color, 255), width=stroke)
    font = ImageFont.load_default(size=max(12, base.width // 90))
    for number, block in enumerate(blocks, start=1):
        _tag(brush, f"{number} {block.kind.value}", block, font)
    return Pillow.alpha_composite(base, layer).convert("RGB")


def _tag(
    brush: ImageDraw.ImageDraw,
    text: str,
    block: RenderedBlock,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Number and kind above the block's top left corner, or inside it at the top of the page."""
    left, top, right, bottom = brush.textbbox((0, 0), text, font=font)
    width, height = right + 6, bottom + 4
    x = max(0.0, block.box.x0)
    y = block.box.y0 - height if block.box.y0 >= height else block.box.y0
    brush.rectangle((x, y, x + width, y + height), fill=(*COLORS[block.kind], 225))
    brush.text((x + 3 - left, y + 2 - min(top, 0)), text, fill=(255, 255, 255, 255), font=font)


def _ordered(box: BBox) -> tuple[float, float, float, float]:
    """Corners that Pillow accepts: never reversed, however thin the box."""
    return box.x0, box.y0, max(box.x0, box.x1), max(box.y0, box.y1)
