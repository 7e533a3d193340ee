"""Pictures cut from the page into the spool: each JPEG is exactly as large as its block's box."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image as Pillow

from octavo.domain.block import Block, BlockKind, Figure
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, Size

QUALITY = 88
"""JPEG quality of crops."""
PIECE = 0.1
"""To render a part of a page is as much work as to render so much of it, besides the part itself."""


def figures_cut(blocks: Sequence[Block], page: Page, folder: Path) -> tuple[Block, ...]:
    """The blocks, those of images with their picture as a file in `folder`; the page is rendered only if need be."""
    boxes = [_whole_pixels(block.box, page.size) for block in blocks if block.kind is BlockKind.IMAGE]
    if sum(box.area for box in boxes) + len(boxes) * PIECE * page.size.area > page.size.area:
        page.render()  # all at once: the pictures are then cut from it
    return tuple(
        _cut(block, page, folder / f"page-{page.index}-figure-{place}.jpeg") if block.kind is BlockKind.IMAGE else block
        for place, block in enumerate(blocks)
    )


def _cut(block: Block, page: Page, path: Path) -> Block:
    box = _whole_pixels(block.box, page.size)
    crop = Pillow.fromarray(page.pixels_in(box))
    with io.BytesIO() as jpeg:
        crop.save(jpeg, format="JPEG", quality=QUALITY)
        path.write_bytes(jpeg.getvalue())  # Pillow itself does not notice when the disk takes only a part
    return replace(block, box=box, figure=Figure(path=path, width=crop.width, height=crop.height))


def _whole_pixels(box: BBox, size: Size) -> BBox:
    """The smallest box of whole pixels around `box` on the page, at least one pixel wide and high."""
    x0, y0 = min(math.floor(box.x0), size.width - 1), min(math.floor(box.y0), size.height - 1)
    x0, y0 = max(0, x0), max(0, y0)
    return BBox(
        x0, y0, max(x0 + 1, min(math.ceil(box.x1), size.width)), max(y0 + 1, min(math.ceil(box.y1), size.height))
    )
